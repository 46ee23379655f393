"""Tests that errors and log records contain the URL of the page that describes their cause and fix."""

import logging
import traceback
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest
from sealwire import ConfigError, KeyRing, Rejected, ReplayTable, Verifier
from sealwire._native import help_url

ROOT = Path(__file__).resolve().parents[2]
PAGES = "https://github.com/sealwire/sealwire/blob/main/"
KEYS = KeyRing({("agent", "practices"): bytes(range(32))})


def page(url: str) -> Path:
    assert url.startswith(PAGES)
    return ROOT / url.removeprefix(PAGES)


def test_a_start_up_error_has_a_note_with_its_page() -> None:
    with pytest.raises(ConfigError) as raised:
        KeyRing({("agent", "practices"): b"short"})
    assert "Help: " not in str(raised.value)
    (note,) = raised.value.__notes__
    assert page(note.removeprefix("Help: ")) == ROOT / "docs/errors/secret_too_short.md"
    assert note in "".join(traceback.format_exception(raised.value))


def test_a_misspelt_setting_has_its_page() -> None:
    with pytest.raises(ConfigError) as raised:
        Verifier("practices", KEYS, replay=ReplayTable.heap(), scheemes=["message"])  # type: ignore[call-arg]
    assert page(raised.value.__notes__[0].removeprefix("Help: ")).exists()


def test_a_rejection_has_its_page() -> None:
    verifier = Verifier("practices", KEYS, replay=ReplayTable.heap())
    with pytest.raises(Rejected) as raised:
        verifier.verify("GET", "/", {"Host": "practices.test"}, b"")
    assert page(raised.value.help) == ROOT / "docs/reasons/missing_headers.md"
    assert help_url(raised.value.reason) == raised.value.help


def test_the_log_record_of_a_rejection_has_its_page(caplog: pytest.LogCaptureFixture) -> None:
    from sealwire.wsgi import HMACAuthMiddleware

    app = HMACAuthMiddleware(lambda _environ, _start: [], service_name="practices", keys=KEYS, replay="heap")
    environ: dict[str, object] = {}
    setup_testing_defaults(environ)
    with caplog.at_level(logging.WARNING, logger="sealwire"):
        list(app(environ, lambda *_: lambda _bytes: None))
    (record,) = caplog.records
    assert page(record.sealwire_help).exists()  # type: ignore[attr-defined]

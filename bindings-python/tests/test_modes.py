"""Tests for changing modes at run time: with a call, with a file, and with the command `sealwire mode`."""

from __future__ import annotations

import base64
import json
import logging
import os
import signal
import stat

import pytest
from click.testing import CliRunner
from files import replace
from network import until
from prometheus_client import CollectorRegistry, generate_latest
from sealwire import ConfigError, Modes, Rejected, Signer, Verifier
from sealwire.asgi import HMACAuthMiddleware
from sealwire.cli._app import app as command
from sealwire.metrics import Metrics
from sealwire.secrets import Reloader, load, load_modes
from sealwire.secrets.metrics import watch
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import call, ok, serving, serving_wsgi, wsgi_ok

SECRET = base64.b64encode(b"the secret of a pair, of thirty-two bytes or more").decode()
KEYS = f"""[pairs."agent/practices"]
hmacPrimaryVersion = 1
hmacSecrets = [{{ version = 1, secret = "{SECRET}" }}]
"""


def said(modes: Modes) -> tuple[str, dict[str, str]]:
    return modes.mode, modes.senders


@pytest.mark.parametrize(
    ("middleware", "app", "serve"),
    [(HMACAuthMiddleware, ok, serving), (WSGIMiddleware, wsgi_ok, serving_wsgi)],
)
def test_a_running_service_uses_changed_modes(keys, middleware, app, serve, caplog):
    modes = Modes()
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.watch(modes=modes)
    app = middleware(app, "practices", keys=keys, schemes=["pairwise"], modes=modes, metrics=metrics)
    forged = Signer("agent", keys, schemes=["pairwise"]).sign("GET", "/a", receiver="practices")
    with serve(app) as url:

        def statuses() -> list[int]:
            return [call(url, "GET", "/b", headers).status_code for headers in ({}, forged)]

        assert statuses() == [401, 401]
        modes.replace(Modes("observe"))
        assert statuses() == [200, 200]
        modes.replace(Modes("observe", {"agent": "enforce"}))
        assert statuses() == [200, 401]
        modes.replace(Modes("off"))
        assert statuses() == [200, 200]
        modes.replace(Modes("enforce", {"agent": "observe"}))
        assert statuses() == [401, 200]
        modes.replace(Modes("enforce"))
        assert statuses() == [401, 401]
        honest = Signer("agent", keys, schemes=["pairwise"]).sign("GET", "/a", receiver="practices")
        assert call(url, "GET", "/a", honest).status_code == 200
    value = registry.get_sample_value
    assert value("hmac_auth_failure_total", {"reason": "signature_mismatch"}) == 3
    assert value("hmac_auth_observed_total", {"reason": "signature_mismatch"}) == 2
    assert value("hmac_auth_mode", {"sender": "", "mode": "enforce"}) == 1
    assert value("hmac_auth_mode_changes_total") == 5
    events = [record for record in caplog.records if getattr(record, "sealwire_event", "") == "modes_changed"]
    assert [record.getMessage() for record in events] == [
        "modes changed: the service enforce -> observe",
        "modes changed: agent as the service -> enforce",
        "modes changed: the service observe -> off, agent enforce -> as the service",
        "modes changed: the service off -> enforce, agent as the service -> observe",
        "modes changed: agent observe -> as the service",
    ]
    assert {record.levelname for record in events} == {"WARNING"}
    assert (events[1].sealwire_mode, events[1].sealwire_senders) == ("observe", {"agent": "enforce"})


def test_a_rejection_uses_the_current_modes(keys):
    verifier = Verifier("practices", keys, schemes=["pairwise"])
    headers = Signer("agent", keys, schemes=["pairwise"]).sign(
        "POST", "/a", body=b"signed", receiver="practices"
    )
    pending = verifier.begin("POST", "/a", headers)
    verifier.modes.replace(Modes("observe"))
    with pytest.raises(Rejected) as rejected:
        pending.finish(b"another")
    assert rejected.value.mode == "observe"
    assert (verifier.mode, verifier.stats().observed["signature_mismatch"]) == ("observe", 1)


def test_setting_the_same_modes_is_not_logged_as_a_change(caplog):
    modes = Modes("enforce", {"a": "off", "b": "observe"})
    modes.replace(Modes("enforce", {"b": "observe", "a": "off"}))
    modes.replace(modes)
    assert (modes.changes, caplog.records) == (0, [])


def test_the_environment_limits_modes_to_observe_despite_a_file(keys, monkeypatch):
    monkeypatch.setenv("HMAC_AUTH_ENABLED", "false")
    modes = Modes("enforce", {"agent": "off"})
    HMACAuthMiddleware(ok, "practices", keys=keys, authorities="any", modes=modes)
    assert said(modes) == ("observe", {"agent": "off"})
    modes.replace(Modes("enforce", {"agent": "enforce"}))
    assert said(modes) == ("observe", {"agent": "observe"})


def test_modes_are_configured_in_one_place_only(keys):
    for twice in ({"mode": "observe"}, {"enforce": False}, {"senders": {"agent": {"mode": "off"}}}):
        with pytest.raises(ConfigError, match="modes: set all modes in modes"):
            HMACAuthMiddleware(ok, "practices", keys=keys, authorities="any", modes=Modes(), **twice)
    rules = {"agent": {"methods": ["GET"]}}
    HMACAuthMiddleware(ok, "practices", keys=keys, authorities="any", modes=Modes(), senders=rules)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("modes.toml", 'mode = "observe"', ("observe", {"meals": "off"})),
        ("modes.toml", 'mode = "off"\nsenders = { agent = "enforce" }', ("off", {"agent": "enforce"})),
        ("modes.toml", "[senders]\n", ("observe", {})),
        ("modes.toml", "", ("observe", {"meals": "off"})),
        ("modes.json", '{"senders": {"agent": "off"}}', ("observe", {"agent": "off"})),
        ("keys.toml", f'mode = "enforce"\n{KEYS}', ("enforce", {"meals": "off"})),
        ("modes.json", '{"mode": "enforce", "observeOnly": true}', ("observe", {"meals": "off"})),
        (
            "modes.toml",
            'observeOnly = false\nsenders = { agent = "enforce" }',
            ("observe", {"agent": "enforce"}),
        ),
        (
            "modes.toml",
            'observeOnly = true\nsenders = { agent = "enforce" }',
            ("observe", {"agent": "observe"}),
        ),
        (".env", "HMAC_AUTH_ENABLED=false\n", ("observe", {"meals": "off"})),
        (".env", "OTHER=1\n", ("observe", {"meals": "off"})),
    ],
)
def test_a_file_contains_modes_and_omitted_settings_are_the_defaults(tmp_path, name, text, expected):
    path = tmp_path / name
    path.write_text(text)
    assert said(load_modes(path, mode="observe", senders={"meals": "off"})) == expected


def test_a_dotenv_file_switches_enforcement_of_a_service_and_of_senders(tmp_path):
    path = tmp_path / ".env"
    found = []
    for value in ("true", "0"):
        path.write_text(f"HMAC_AUTH_ENABLED={value}\n")
        found.append(said(load_modes(path, senders={"agent": "enforce", "meals": "off"})))
    assert found == [
        ("enforce", {"agent": "enforce", "meals": "off"}),
        ("observe", {"agent": "observe", "meals": "off"}),
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("modes.toml", 'mode = "of"', 'modes.toml: mode: mode "of" is not one of off, observe, enforce'),
        ("modes.toml", "mode = false", "modes.toml: mode: write the mode as a string"),
        ("modes.toml", 'senders = { agent = "no" }', 'senders.agent: mode "no" is not one of'),
        ("modes.toml", 'senders = "observe"', "senders must be a table"),
        ("modes.toml", 'mod = "observe"', "mod is not one of"),
        ("modes.toml", 'mode = "s3cret+value"', 'mode: mode "<12 characters, not shown'),
        ("modes.toml", 'observeOnly = "yes"', "modes.toml: observeOnly: write true or false"),
        ("modes.toml", 'mode = "observe', "cannot be read as toml"),
        (".env", "HMAC_AUTH_ENABLED=flase\n", 'HMAC_AUTH_ENABLED: "flase" is neither true nor false'),
    ],
)
def test_an_invalid_mode_is_an_error_that_contains_it(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_modes(path)
    assert words in str(refused.value)


def test_a_changed_file_is_reloaded_and_an_invalid_file_is_rejected(tmp_path, caplog):
    path = tmp_path / "modes.toml"
    path.write_text("")
    modes = load_modes(path)
    registry = CollectorRegistry()
    reloader = Reloader(modes, lambda: load_modes(path), path=path, look_every=0.01)
    watch(reloader, registry=registry)
    with reloader:
        replace(path, 'mode = "observe"')
        until(lambda: modes.mode == "observe")
        replace(path, 'mode = "enforced"')
        until(lambda: reloader.refused == 1)
        assert modes.mode == "observe", "the old modes must stay active"
        assert "hmac_auth_mode_reload_in_order 0" in generate_latest(registry).decode()
        replace(path, 'mode = "enforce"\nsenders = { agent = "off" }')
        until(lambda: said(modes) == ("enforce", {"agent": "off"}))
    assert 'hmac_auth_mode_reload_total{result="refused"} 1' in generate_latest(registry).decode()
    [refusal] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "modes NOT reloaded, the old ones stay in use" in refusal.getMessage()
    assert refusal.sealwire_event == "modes_refused"


def test_invalid_keys_do_not_prevent_a_rollback(tmp_path):
    path = tmp_path / "keys.toml"
    path.write_text(KEYS)
    ring, modes = load(path), load_modes(path)
    keys_too = Reloader(ring, lambda: load(path), path=path)
    before = signal.getsignal(signal.SIGHUP)
    reloader = Reloader(modes, lambda: load_modes(path), path=(), look_every=0.01)
    try:
        with keys_too.on_signal(), reloader.on_signal():
            replace(path, f'mode = "observe"\n{KEYS.replace("= 1", "= 7", 1)}')
            os.kill(os.getpid(), signal.SIGHUP)
            until(lambda: modes.mode == "observe" and keys_too.refused == 1)
        assert [key.version for key in ring.status()] == [1]
    finally:
        signal.signal(signal.SIGHUP, before)


def run(*arguments: object, code: int = 0):
    result = CliRunner().invoke(command, ["mode", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


@pytest.mark.parametrize("name", ["keys.toml", "keys.json"])
def test_the_command_changes_modes_and_nothing_else(tmp_path, name):
    path = tmp_path / name
    keys = {"agent/practices": {"hmacPrimaryVersion": 1, "hmacSecrets": [{"version": 1, "secret": SECRET}]}}
    path.write_text(f"# a comment\n{KEYS}" if name == "keys.toml" else json.dumps({"pairs": keys}))
    path.chmod(0o640)
    assert run(path).stdout == f"{path}: enforce\n"
    run(path, "observe")
    run(path, "enforce", "--sender", "agent")
    run(path, "off", "--sender", "meals")
    assert run(path, "off", "--sender", "meals").stdout == f"{path}: observe\nagent: enforce\nmeals: off\n"
    run(path, "--sender", "meals", "--remove")
    run(path, "enforce")
    assert json.loads(run(path, "--json").stdout)["senders"] == {"agent": "enforce"}
    assert said(load_modes(path)) == ("enforce", {"agent": "enforce"})
    assert [key.name for key in load(path).status()] == ["agent/practices"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640, "the service must still be able to read the file"
    assert name == "keys.json" or path.read_text().startswith("# a comment\n")


@pytest.mark.parametrize("name", ["modes.toml", "modes.json"])
def test_after_a_rollback_and_resume_the_modes_are_unchanged(tmp_path, name):
    path = tmp_path / name
    path.write_text(
        'senders = { agent = "off" }\n' if name == "modes.toml" else '{"senders": {"agent": "off"}}'
    )
    run(path, "enforce", "--sender", "meals")
    before = load_modes(path)
    assert "rolled back" in run(path, "--rollback").stdout
    assert said(load_modes(path)) == ("observe", {"agent": "off", "meals": "observe"})
    assert json.loads(run(path, "--json").stdout)["rolledBack"] is True
    assert "rolled back" in run(path, "enforce").stdout, "setting a mode must not end the rollback"
    assert "rolled back" not in run(path, "--resume").stdout
    assert said(load_modes(path)) == said(before)


def test_the_command_changes_the_variable_in_a_dotenv_file(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# a comment\nHMAC_AUTH_ENABLED=true # for now\nOTHER=1")
    assert "rolled back" in run(path, "--rollback").stdout
    assert path.read_text() == "# a comment\nHMAC_AUTH_ENABLED=false\nOTHER=1\n"
    for arguments in (["observe"], ["enforce", "--sender", "agent"]):
        assert "support only --rollback and --resume" in run(path, *arguments, code=1).stderr
    path.write_text("OTHER=1")
    assert run(path, "--resume").stdout == f"{path}: enforce\n"
    assert path.read_text() == "OTHER=1\nHMAC_AUTH_ENABLED=true\n"


def test_the_command_rejects_invalid_options_and_unreadable_files(tmp_path):
    path = tmp_path / "modes.toml"
    for arguments in ([path, "observe"], [path, "--rollback"], [tmp_path / ".env", "--resume"]):
        assert "cannot be opened" in run(*arguments, code=1).stderr
    for text, words in (('mod = "off"', "mod is not one of"), ('mode = "off', "cannot be read as toml")):
        path.write_text(text)
        assert words in run(path, "observe", code=1).stderr
        assert path.read_text() == text
    path.write_text('mode = "of"')
    assert run(path, "observe").stdout.endswith(": observe\n"), "an invalid mode can be replaced"
    for arguments in (
        ["--remove"],
        ["--sender", "agent"],
        ["observe", "--rollback"],
        ["--rollback", "--resume"],
        ["--rollback", "--sender", "agent"],
        ["off", "--sender", "agent", "--remove"],
    ):
        assert "pass one change" in run(path, *arguments, code=2).stderr


def test_check_validates_the_modes_in_a_key_file(tmp_path):
    path = tmp_path / "keys.toml"
    path.write_text(f'mode = "of"\n{KEYS}')
    path.chmod(0o600)
    result = CliRunner().invoke(command, ["check", str(path)])
    assert result.exit_code == 1
    assert "is not one of off, observe, enforce" in result.stderr

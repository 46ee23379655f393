"""Tests for key files and for reloading them. The tests for the secret stores are in tests/operations."""

from __future__ import annotations

import base64
import datetime
import json
import logging
import os
import signal
import time

import pytest
from files import replace
from network import until
from prometheus_client import CollectorRegistry, generate_latest
from sealwire import ConfigError, Identity, KeyRing, Rejected, Signer, Verifier
from sealwire._native import KeyFile
from sealwire.metrics import Metrics
from sealwire.secrets import Env, Reloader, StatusFile, load, load_dotenv, load_modes
from sealwire.secrets.metrics import retire_dates, watch


def secret(letter: object) -> str:
    return base64.b64encode(f"{letter} secret of thirty-two bytes or more".encode()).decode()


def entry(primary: int, *numbers: int) -> str:
    versions = "".join(
        f'[[pairs."agent/practices".hmacSecrets]]\nversion = {number}\nsecret = "{secret(number)}"\n'
        for number in numbers
    )
    return f'[pairs."agent/practices"]\nhmacPrimaryVersion = {primary}\n{versions}'


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    path.write_text(entry(1, 1))
    return path


def versions(ring: KeyRing) -> list[str]:
    return [f"{key.version}{'*' * key.primary}" for key in ring.status()]


def test_a_key_ring_can_contain_references_and_literals(keys):
    keys.write_text(
        entry(2, 1, 2)
        + '[clients.billing]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "BILLING" } }]\n'
        + '[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "ISSUER" } }]\n'
    )
    ring = load(keys, sources=[Env({"BILLING": secret("b"), "ISSUER": secret("i")})])
    assert [(key.name, key.version, key.primary) for key in ring.status()] == [
        ("agent/practices", 1, False),
        ("agent/practices", 2, True),
        ("billing", 1, True),
        ("issuer", 1, True),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = []", "issuer: the key set is empty"),
        (entry(1, 1, 1), "agent/practices: version 1 is given twice"),
        (entry(3, 1, 2), "agent/practices: the primary version 3 is not among the versions"),
        ("[issuer]\nhmacSecrets = []", "issuer: hmacPrimaryVersion"),
        ("[client.x]", "client is not one of pairs, clients, issuer"),
        ("issuer = 1", "issuer must be a table"),
        ("", "contains no keys"),
        ('secret = "s3cret', "cannot be read as toml; see line 1"),
        ("[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = 1", "issuer: hmacSecrets must list tables"),
        (
            "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1 }]",
            "issuer version 1: the secret is missing",
        ),
        (
            '[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = true, secret = "s3cret" }]',
            "needs a version",
        ),
        (
            "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { keychain = 1 } }]",
            "no source reads keychain",
        ),
        (
            '[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "UNSET_HERE" } }]',
            "UNSET_HERE is not set",
        ),
        (
            '[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "s3cret+value" } }]',
            "<12 characters, not shown because they could be a secret> is not set",
        ),
        (
            '[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { "s3cret+value" = "x" } }]',
            "no source reads <12 characters",
        ),
    ],
)
def test_an_invalid_entry_is_named_without_its_secret(keys, text, words):
    keys.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load(keys)
    assert words in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be opened: No such file"):
        load(tmp_path / "nowhere.toml")


def test_a_dotenv_file(tmp_path):
    path = tmp_path / ".env"
    path.write_text(f"# ours\nexport HMAC_SECRET_AGENT_PRACTICES='{secret(1)}'\nOTHER\n")
    assert versions(load_dotenv(path, "practices")) == ["1*"]


def test_a_changed_file_is_loaded_and_an_invalid_file_is_rejected(keys, caplog):
    ring = load(keys)
    signer, verifier = Signer("agent", ring), Verifier("practices", ring)
    with Reloader(ring, lambda: load(keys), path=keys, look_every=0.01) as reloader:
        replace(keys, entry(2, 1, 2))
        until(lambda: versions(ring) == ["1", "2*"])
        headers = signer.sign("GET", "http://practices/x", receiver="practices") | {"Host": "practices"}
        assert verifier.verify("GET", "/x", headers).key_version == 2, "the key ring is updated in place"
        with caplog.at_level(logging.ERROR, "sealwire"):
            replace(keys, entry(7, 1))
            until(lambda: not reloader.in_order)
        assert versions(ring) == ["1", "2*"]
        assert "NOT reloaded" in caplog.text
        assert "primary version 7" in caplog.text
        keys.unlink()
        until(lambda: reloader.refused >= 2)
        replace(keys, entry(2, 2))
        until(lambda: versions(ring) == ["2*"])
        assert reloader.in_order


def test_a_file_that_changes_between_the_load_and_the_reloader_is_loaded(keys):
    ring = load(keys)
    replace(keys, entry(2, 1, 2))
    with Reloader(ring, lambda: load(keys), path=keys, look_every=0.01) as reloader:
        until(lambda: versions(ring) == ["1", "2*"])
        assert (reloader.reloaded, reloader.in_order) == (0, True)


def test_a_signal_and_a_timer_cause_a_reload():
    ring = KeyRing({"a/b": secret(1)})
    second = KeyRing({"a/b": {"versions": {1: secret(1), 2: secret(2)}, "primary": 2}})
    before, called = signal.getsignal(signal.SIGHUP), []
    signal.signal(signal.SIGHUP, lambda *_: called.append(1))
    try:
        with Reloader(ring, lambda: second, look_every=5).on_signal() as reloader:
            os.kill(os.getpid(), signal.SIGHUP)
            until(lambda: reloader.reloaded == 1)
        assert called == [1], "the earlier signal handler must also be called"
    finally:
        signal.signal(signal.SIGHUP, before)
    with Reloader(ring, lambda: second, every=0.02, look_every=0.01) as reloader:
        until(lambda: reloader.reloaded >= 2)


def test_the_message_of_an_exception_of_another_library_is_not_logged(caplog):
    def load_badly() -> KeyRing:
        raise RuntimeError("token s3cret was refused")

    assert Reloader(KeyRing(), load_badly).reload() is False
    assert "RuntimeError" in caplog.text
    assert "s3cret" not in caplog.text


def test_reloads_and_dates_are_metrics(keys):
    keys.write_text(entry(1, 1) + "retireAfter = 2030-01-31\n")
    registry = CollectorRegistry()
    ring = load(keys)
    reloader = Reloader(ring, lambda: load(keys))
    watch(reloader, keys, registry)
    reloader.reload()
    keys.write_text(entry(9, 1) + "retireAfter = 2030-01-31\n")
    reloader.reload()
    text = generate_latest(registry).decode()
    assert 'hmac_auth_key_reload_total{result="accepted"} 1.0' in text
    assert 'hmac_auth_key_reload_total{result="refused"} 1.0' in text
    assert "hmac_auth_key_reload_in_order 0.0" in text
    end = datetime.datetime(2030, 2, 1, tzinfo=datetime.UTC).timestamp()
    line = next(line for line in text.splitlines() if line.startswith("hmac_auth_key_retire_after_seconds{"))
    assert abs(float(line.split()[-1]) - end) < 1


def test_the_command_reads_a_status_file(tmp_path):
    from sealwire.cli._usage import of_files

    StatusFile(KeyRing({"a/b": secret(1)}), tmp_path, "practices").start().stop()
    (use,) = of_files(tmp_path)
    assert (use.instance, use.name, use.version, use.primary) == (f"practices-{os.getpid()}", "a/b", 1, True)
    (path,) = tmp_path.iterdir()
    old = json.loads(path.read_text()) | {"writtenAt": time.time() - 3600}
    path.write_text(json.dumps(old))
    assert of_files(tmp_path)[0].primary is False, "a process that has ended cannot sign"


def test_unknown_senders_share_one_label(keys):
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.watch(keys=load(keys))
    for number in range(10_000):
        metrics.rejected(refused(f"made-up-{number}"), 0)
    metrics.rejected(refused("agent"), 0)
    metrics.accepted(accepted(keys), 0)
    lines = [
        line
        for line in generate_latest(registry).decode().splitlines()
        if line.startswith("hmac_auth_sender_requests_total{")
    ]
    assert lines == [
        'hmac_auth_sender_requests_total{reason="signature_mismatch",sender="unknown",verdict="rejected"} 10000.0',
        'hmac_auth_sender_requests_total{reason="signature_mismatch",sender="agent",verdict="rejected"} 1.0',
        'hmac_auth_sender_requests_total{reason="",sender="agent",verdict="accepted"} 1.0',
    ]


def refused(sender: str) -> Rejected:
    return Rejected("signature_mismatch", 40, 401, "", "message", sender=sender)


def accepted(keys) -> Identity:
    ring = load(keys)
    verifier = Verifier(
        "practices", ring
    )  # creates a replay table, which rejects requests that were signed before
    headers = Signer("agent", ring).sign("GET", "http://practices/x", receiver="practices")
    return verifier.verify("GET", "/x", {**headers, "Host": "practices"})


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2030-01-31", "2030-01-31T23:59:59.999999+00:00"),
        ("2030-01-31T12:00:00", "2030-01-31T12:00:00+00:00"),
        ("2030-01-31T12:00:00+02:00", "2030-01-31T10:00:00+00:00"),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_the_date_to_retire_a_version_is_a_day_or_a_moment_in_utc(keys, date, moment, quoted):
    keys.write_text(entry(1, 1) + f"retireAfter = {date!r}\n".replace("'", '"' if quoted else ""))
    assert KeyFile.read(keys).retire_dates() == [
        ("agent/practices", 1, pytest.approx(datetime.datetime.fromisoformat(moment).timestamp(), abs=1e-3))
    ]


@pytest.mark.parametrize("date", ['"next week"', "2030", "true"])
def test_an_invalid_date_is_rejected_and_has_no_metric(keys, date):
    keys.write_text(entry(1, 1) + f"retireAfter = {date}\n")
    with pytest.raises(ConfigError, match="agent/practices: retireAfter must be a date, as 2030-01-31"):
        KeyFile.read(keys)
    assert retire_dates(keys).samples == []


def test_a_variable_is_named_by_text(keys):
    keys.write_text(
        "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = 1 } }]\n"
    )
    with pytest.raises(ConfigError, match=r'issuer version 1: write it as \{ env = "NAME" \}'):
        load(keys)


@pytest.mark.parametrize("reference", ["1", '{ env = "A", vault = {} }', '["x"]'])
def test_a_secret_must_be_text_or_one_reference(keys, reference):
    keys.write_text(
        f"[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{{ version = 1, secret = {reference} }}]\n"
    )
    with pytest.raises(ConfigError, match="issuer version 1: secret must be a string, or one reference"):
        load(keys)


def test_a_failed_write_of_the_status_is_logged_once_and_again_after_a_success(tmp_path, caplog):
    folder = tmp_path / "status"
    folder.mkdir()
    status = StatusFile(KeyRing({"a/b": secret(1)}), folder, "practices").start(every=0.01)

    def told() -> int:
        return caplog.text.count("key status cannot be written")

    def taken_away_and_given_back() -> None:
        before = told()
        folder.rename(tmp_path / "away")
        until(lambda: told() == before + 1)
        time.sleep(0.05)
        assert told() == before + 1, "a continuing problem must be reported only once"
        (tmp_path / "away").rename(folder)
        written = json.loads(status.path.read_text())["writtenAt"]
        until(lambda: json.loads(status.path.read_text())["writtenAt"] > written)

    try:
        taken_away_and_given_back()
        taken_away_and_given_back()
    finally:
        status.stop()


def test_a_sender_added_by_a_reload_gets_a_label_after_the_names_are_listed_again(keys, monkeypatch):
    registry = CollectorRegistry()
    ring, metrics = load(keys), Metrics(registry)
    metrics.watch(keys=ring)
    ring.replace(KeyRing({"agent/practices": secret(1), "meals/practices": secret(2)}))
    labels = {"verdict": "rejected", "reason": "signature_mismatch"}
    value = registry.get_sample_value

    metrics.rejected(refused("meals"), 0)
    assert value("hmac_auth_sender_requests_total", labels | {"sender": "unknown"}) == 1
    monkeypatch.setattr("sealwire._senders.LIST_EVERY_S", 0.0)
    metrics.rejected(refused("meals"), 0)
    assert value("hmac_auth_sender_requests_total", labels | {"sender": "meals"}) == 1


TEXT = "a secret of thirty-two bytes, or so"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{TEXT}\n", "ends in a line break"),
        (f"{TEXT}\r\n", "ends in a line break"),
        (f" {TEXT}", "white space or an invisible character"),
        (f"{TEXT}\u200b", "white space or an invisible character"),
        (f"\ufeff{TEXT}", "byte order mark"),
        (f'"{TEXT}"', "quotes around it"),
        (f"'{TEXT}'", "quotes around it"),
    ],
)
def test_a_text_secret_with_invisible_characters_is_rejected_unless_it_is_bytes_or_raw(keys, text, words):
    for made in ({"clients": {"billing": text}}, {"issuer": text}, {"clients": {"billing": {1: text}}}):
        with pytest.raises(ConfigError, match=words) as raised:
            KeyRing(**made)
        assert "thirty" not in str(raised.value)
        assert "bytes" in str(raised.value), "the fix"
    KeyRing(clients={"billing": text.encode()})
    entry = (
        "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{{ version = 1, secret = {{ env = 'S' }}{} }}]\n"
    )
    keys.write_text(entry.format(""))
    with pytest.raises(ConfigError, match=f"issuer version 1: the secret .*{words}"):
        load(keys, sources=[Env({"S": text})])
    keys.write_text(entry.format(", raw = true"))
    assert len(load(keys, sources=[Env({"S": text})])) == 1


def test_the_first_line_after_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / ".env"
    path.write_text(f"\ufeffHMAC_SECRET_AGENT_PRACTICES={secret(1)}\n", encoding="utf-8")
    assert versions(load_dotenv(path, "practices")) == versions(load(path)) == ["1*"]
    path.write_text("\ufeffHMAC_AUTH_ENABLED=false\n", encoding="utf-8")
    assert load_modes(path).mode == "observe"


@pytest.mark.parametrize(
    "make",
    [
        lambda text: KeyRing(pairs={text: "agent/practices"}),
        lambda text: KeyRing(pairs={("agent", text): "x"}),
        lambda text: KeyRing(pairs={(text, "agent"): secret(1)}, clients={text: "x"}),
        lambda text: KeyRing(clients={text: "billing"}),
        lambda text: KeyRing(clients={"billing": {text: "x"}}),
        lambda text: KeyRing(clients={"billing": {"versions": {1: "x" * 40}, "primary": text}}),
        lambda text: KeyRing.from_dict({text: {}}),
        lambda text: KeyRing.from_dict({"pairs": {text: {}}}),
        lambda text: KeyRing.from_env(pairs=[text], environ={}),
        lambda text: KeyRing.from_env("practices", environ={"HMAC_PRIMARY_AGENT_PRACTICES": text}),
        lambda text: Env({}).read({"env": text}),
    ],
)
def test_a_secret_in_place_of_a_name_is_not_printed(make):
    text = secret("x")
    with pytest.raises((ConfigError, TypeError, ValueError)) as raised:
        make(text)
    assert text not in str(raised.value)


def test_a_service_loads_its_own_pairs_only(keys):
    keys.write_text(entry(1, 1) + entry(1, 1).replace("agent/practices", "journal/meals"))
    assert [key.name for key in load(keys, service="practices").status()] == ["agent/practices"]
    assert [key.name for key in load(keys, service="meals_service").status()] == ["journal/meals"]
    with pytest.raises(
        ConfigError, match="no pair contains the service praktices; the services of the file are agent"
    ):
        load(keys, service="praktices")


def test_names_in_the_wrong_order_and_names_with_hyphens():
    with pytest.raises(ConfigError, match="rename it to HMAC_SECRET_AGENT_PRACTICES"):
        KeyRing.from_env("practices", environ={"HMAC_SECRET_PRACTICES_AGENT": secret(1)})
    with pytest.raises(ConfigError, match="but HMAC_SECRET_PRACTICES_AGENT is; rename it"):
        KeyRing.from_env(pairs=["agent/practices"], environ={"HMAC_SECRET_PRACTICES_AGENT": secret(1)})
    ring = KeyRing.from_env(
        pairs=["my-agent/practices"], environ={"HMAC_SECRET_MY_AGENT_PRACTICES": secret(1)}
    )
    assert [key.name for key in ring.status()] == ["my-agent/practices"]
    with pytest.raises(ConfigError, match="environment variable is also that of"):
        KeyRing(pairs={"my-agent/practices": secret(1), "my_agent/practices": secret(2)})


def test_the_placeholder_of_a_pattern_is_rejected():
    placeholder = base64.b64encode(b"changeme" * 4).decode()
    with pytest.raises(ConfigError, match="one short pattern repeated, a placeholder"):
        KeyRing(pairs={"agent/practices": placeholder})


def test_without_sighup_the_module_loads_and_a_signal_must_be_given(monkeypatch):
    monkeypatch.delattr(signal, "SIGHUP")
    with pytest.raises(ConfigError, match="this system has no SIGHUP"):
        Reloader(KeyRing(), KeyRing).on_signal()

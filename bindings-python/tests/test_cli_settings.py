"""Tests for `sealwire check` with settings files and with environment variables."""

import base64
import json

import pytest

from .test_cli import run

SECRET = base64.b64encode(bytes(range(32))).decode()

FILES = [
    (
        "server.toml",
        'service_name = "practices"\nschemes = ["message"]\n[senders.agent]\nmethods = ["GET"]',
        (),
    ),
    (
        "server.json",
        json.dumps({"service": "iam", "clientId": "a", "maxBodyBytes": 5}),
        ("--language", "node"),
    ),
    ("client.toml", 'name = "agent"\nreceiver = "practices"\norigins = ["http://a.test"]', ()),
    (
        "client.json",
        json.dumps({"origins": ["http://a.test"], "verifyResponses": True}),
        ("--language", "node"),
    ),
    (
        "configuration.json",
        json.dumps(
            {
                "server": {"port": 3000, "hmac": {"enableHmac": True, "clientId": "a", "sharedSecret": "b"}},
                "service": {"Hmac": {"clientId": "a", "sharedSecret": "b"}},
                "other": {"x": 1},
            }
        ),
        (),
    ),
]

MISTAKES = [
    ("server.toml", 'service_name = "a"\nschemes = "pairwise"', "schemes: pass a list"),
    (
        "server.toml",
        'service_name = "a"\n[senders.agent]\npath_prefix = ["/a"]',
        "did you mean path_prefixes",
    ),
    ("server.toml", 'service_name = "a"\nenforce = "false"', "enforce: pass true or false"),
    ("server.toml", 'service_name = "a"\nkeys = "secret"', "keys: pass a KeyRing"),
    ("server.toml", 'schemes = ["message"]', "service_name: pass a string"),
    ("server.toml", "past = -", "not valid TOML"),
    ("server.json", "[1]", "pass a table"),
    ("server.json", "[" * 100_000, "not valid JSON"),
    ("client.toml", 'name = "a"\nverify_answer = true', "verify_answer: no such setting"),
    (
        "configuration.json",
        '{"server": {"hmac": {"enableHMAC": true}}}',
        "server.hmac.enableHMAC: no such setting",
    ),
    ("configuration.json", '{"server": {"hmac": "x"}}', "hmac: pass an object"),
    ("configuration.json", '{"service": {"hmac": {}}}', "did you mean Hmac"),
    ("configuration.json", '{"service": {"Hmac": {"maxClockskew": 1}}}', "service.Hmac.maxClockskew"),
]


@pytest.mark.parametrize(("name", "text", "more"), FILES)
def test_valid_settings_are_accepted(tmp_path, name, text, more):
    file = tmp_path / name
    file.write_text(text)
    result = run("check", file, "--settings", name.partition(".")[0], *more)
    assert "is valid" in result.stdout


@pytest.mark.parametrize(("name", "text", "said"), MISTAKES)
def test_the_error_contains_the_wrong_setting(tmp_path, name, text, said):
    file = tmp_path / name
    file.write_text(text)
    result = run("check", file, "--settings", name.partition(".")[0], code=1)
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_environment_of_a_service_is_checked(monkeypatch):
    monkeypatch.setenv("HMAC_SECRET_AGENT_PRACTICES", SECRET)
    result = run("check", "--environment", "--service", "practices")
    assert "agent/practices version 1, signs" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HMAC_AUTH_ENABLE", "false", "did you mean HMAC_AUTH_ENABLED?"),
        ("HMAC_AUTH_ENABLED", "flase", "neither true nor false"),
        ("HMAC_SECRET_PRACTICES_BILLING", SECRET, "HMAC_SECRET_BILLING_PRACTICES"),
        ("HMAC_SECRET_BILLING_PRACTICES", "not base64!", "HMAC_SECRET_BILLING_PRACTICES"),
    ],
)
def test_the_error_contains_the_wrong_variable(monkeypatch, name, value, said):
    monkeypatch.setenv("HMAC_SECRET_AGENT_PRACTICES", SECRET)
    monkeypatch.setenv(name, value)
    result = run("check", "--environment", "--service", "practices", code=1)
    assert said in result.stderr


@pytest.mark.parametrize("arguments", [(), ("--environment",), ("x.toml", "--environment", "--service", "a")])
def test_a_target_is_required(arguments):
    run("check", *arguments, code=2)

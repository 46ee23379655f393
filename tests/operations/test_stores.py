"""Tests for secrets in OpenBao, which has the same API as Vault, and in the test double for Google Secret
Manager. Services in Python and Node.js read the secrets."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import hvac
import pytest
from google_double import GoogleDouble
from openbao import TOKEN, openbao
from processes import HERE, sealwire
from sealwire import ConfigError
from sealwire._native import generate_key_file
from sealwire.cli._generate import generate
from sealwire.cli._stores import InGoogle
from sealwire.secrets import Env, Google, Vault, load

SERVICES = ("agent", "meals", "practices")


@pytest.fixture(scope="module")
def vault(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Runs OpenBao in memory and yields the environment variables for its clients."""
    with openbao(tmp_path_factory.mktemp("openbao")) as environment:
        yield environment


@pytest.fixture
def google() -> Iterator[GoogleDouble]:
    double = GoogleDouble()
    try:
        yield double
    finally:
        double.stop()


def in_node(keys: Path, **environment: str) -> dict[str, object]:
    """Loads a key file in Node.js and returns the status of the key ring or the error message."""
    modules = {"NODE_PATH": str(HERE / "node_modules"), "KEYS": str(keys)}
    command = ["node", HERE / "services/load_keys.js"]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("VAULT_", "HMAC_"))}
    result = subprocess.run(
        command, env=own | modules | environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def versions(ring) -> list[tuple[str, int, bool]]:
    return [(key.name, key.version, key.primary) for key in ring.status()]


def versions_in_node(found: dict[str, object]) -> list[tuple[str, int, bool]]:
    assert "status" in found, found
    return [(key["name"], key["version"], key["primary"]) for key in found["status"]]


def test_keys_are_generated_into_vault_rotated_there_and_read_by_both_languages(vault, tmp_path):
    keys = tmp_path / "keys.toml"
    sealwire("keys", "generate", *SERVICES, "--issuer", "--vault", "hmac", "-o", keys, **vault)
    sealwire("keys", "rotate", keys, "agent/practices", "--vault", "hmac", **vault)
    sealwire("keys", "promote", keys, "agent/practices")
    assert 'vault = { path = "hmac/agent-practices", key = "v2" }' in keys.read_text()
    client = hvac.Client(vault["VAULT_ADDR"], TOKEN)
    ring = load(keys, sources=[Vault(client)])
    assert ("agent/practices", 2, True) in versions(ring)
    assert len(ring.status()) == 5
    assert versions_in_node(in_node(keys, **vault)) == versions(ring)
    for key in client.secrets.kv.v2.read_secret_version(
        "hmac/agent-practices", raise_on_deleted_version=True
    )["data"]["data"].values():
        assert key not in keys.read_text()
    assert "is valid" in sealwire("check", keys, **vault).stdout


def test_the_gateways_own_file_is_read_with_its_keys_in_vault(vault, tmp_path):
    hvac.Client(vault["VAULT_ADDR"], TOKEN).secrets.kv.v2.create_or_update_secret(
        "myc/core/accountLifeCycle",
        {f"hmacSecretV{number}": f"the gateway's secret, of version {number}" for number in (1, 2)},
    )
    config = tmp_path / "config.toml"
    entries = "".join(
        f"[[core.accountLifeCycle.hmacSecrets]]\nversion = {number}\n"
        f'secret = {{ vault = {{ path = "myc/core/accountLifeCycle", key = "hmacSecretV{number}" }} }}\n'
        for number in (1, 2)
    )
    config.write_text(f"[core.accountLifeCycle]\ntokenExpiration = 3600\nhmacPrimaryVersion = 2\n{entries}")
    client = hvac.Client(vault["VAULT_ADDR"], TOKEN)
    ring = load(config, sources=[Vault(client)], table="core.accountLifeCycle")
    assert versions(ring) == [("issuer", 1, False), ("issuer", 2, True)]
    assert versions_in_node(in_node(config, TABLE="core.accountLifeCycle", **vault)) == versions(ring)


@pytest.mark.parametrize(
    ("reference", "changes", "words"),
    [
        ({"path": "nowhere", "key": "x"}, {}, "issuer version 1: Vault did not return secret/nowhere"),
        ({"path": "there", "key": "x"}, {}, "issuer version 1: Vault has no key x at secret/there"),
        ({"path": "there"}, {}, "issuer version 1: write it as { vault ="),
        (
            {"path": "there", "key": "held"},
            {"VAULT_TOKEN": "another"},
            "issuer version 1: Vault did not return secret/there",
        ),
        (
            {"path": "there", "key": "held"},
            {"VAULT_ADDR": "http://127.0.0.1:1"},
            "issuer version 1: Vault did not return",
        ),
    ],
    ids=[
        "no such path",
        "no such key",
        "no key named",
        "an invalid token",
        "an unreachable server",
    ],
)
def test_a_missing_secret_in_vault_stops_the_start_and_is_named(vault, tmp_path, reference, changes, words):
    hvac.Client(vault["VAULT_ADDR"], TOKEN).secrets.kv.v2.create_or_update_secret("there", {"held": "h" * 40})
    keys = tmp_path / "keys.json"
    entry = {"hmacPrimaryVersion": 1, "hmacSecrets": [{"version": 1, "secret": {"vault": reference}}]}
    keys.write_text(json.dumps({"issuer": entry}))
    environment = vault | changes
    with pytest.raises(ConfigError) as raised:
        load(keys, sources=[Vault(hvac.Client(environment["VAULT_ADDR"], environment["VAULT_TOKEN"]))])
    found = in_node(keys, **environment)
    assert words in str(raised.value)
    assert found["code"] == "SEALWIRE_KEYS"
    assert words in found["error"]
    for told in (str(raised.value), found["error"]):
        assert "hhhh" not in told
        assert "another" not in told


def test_keys_are_generated_into_googles_secret_manager_and_read_by_both_languages(google, tmp_path):
    store = InGoogle(google.client(), "demo")
    keys = tmp_path / "keys.toml"
    made = generate(SERVICES, ["billing-service"], issuer=True, store=store, form="toml")
    keys.write_text(generate_key_file(made, "toml"))
    ring = load(keys, sources=[Google(google.client(), project="demo")])
    assert len(ring.status()) == 5
    assert versions_in_node(in_node(keys, GOOGLE_ADDRESS=google.address)) == versions(ring)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({"secret": "nowhere"}, "did not return projects/demo/secrets/nowhere/versions/latest"),
        ({"secret": "raw"}, "contains bytes, not text; add raw = true"),
        ({"secret": "text", "version": "9"}, "did not return projects/demo/secrets/text/versions/9"),
        ({}, "write it as { google ="),
        ({"secret": "raw", "raw": True}, None),
        ({"secret": "text", "version": "1"}, None),
    ],
    ids=[
        "no such secret",
        "bytes for text",
        "no such version",
        "no secret named",
        "bytes, asked for",
        "one version",
    ],
)
def test_a_missing_secret_in_google_stops_the_start_and_is_named(google, tmp_path, reference, words):
    google.versions["projects/demo/secrets/raw"] = [bytes(range(200, 240))]
    google.versions["projects/demo/secrets/text"] = [b"a secret of thirty-two bytes or more\n"]
    keys = tmp_path / "keys.json"
    entry = {"hmacPrimaryVersion": 1, "hmacSecrets": [{"version": 1, "secret": {"google": reference}}]}
    keys.write_text(json.dumps({"issuer": entry}))
    found = in_node(keys, GOOGLE_ADDRESS=google.address)
    if words is None:
        assert versions(load(keys, sources=[Google(google.client(), project="demo")])) == versions_in_node(
            found
        )
        return
    with pytest.raises(ConfigError, match="issuer version 1: ") as raised:
        load(keys, sources=[Google(google.client(), project="demo")])
    assert words in str(raised.value)
    assert words in found["error"]


def test_an_unset_variable_stops_a_service_in_both_languages(tmp_path):
    keys = tmp_path / "keys.json"
    entry = {"hmacPrimaryVersion": 1, "hmacSecrets": [{"version": 1, "secret": {"env": "NOBODY_SET_THIS"}}]}
    keys.write_text(json.dumps({"pairs": {"agent/practices": entry}}))
    words = "agent/practices version 1: the environment variable NOBODY_SET_THIS is not set; set it and start again"
    with pytest.raises(ConfigError) as raised:
        load(keys, sources=[Env()])
    assert str(raised.value) == words
    assert in_node(keys)["error"] == words

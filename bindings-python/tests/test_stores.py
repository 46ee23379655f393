"""Tests for secrets in Vault and in Google Secret Manager. The command creates secrets, and services read
them."""

from __future__ import annotations

import hvac
import pytest
from google_double import GoogleDouble
from openbao import TOKEN, openbao
from sealwire import ConfigError
from sealwire.cli import _stores
from sealwire.secrets import Google, Vault, load

from .test_cli import run, versions


@pytest.fixture(scope="module")
def bao(tmp_path_factory):
    with openbao(tmp_path_factory.mktemp("openbao")) as environment:
        yield environment


@pytest.fixture
def vault(bao, monkeypatch):
    for name, value in bao.items():
        monkeypatch.setenv(name, value)
    return hvac.Client(bao["VAULT_ADDR"], TOKEN)


@pytest.fixture
def google(monkeypatch):
    """Makes the command use a Google client that calls the test double without credentials."""
    double = GoogleDouble()
    monkeypatch.setattr("google.cloud.secretmanager.SecretManagerServiceClient", double.client)
    monkeypatch.setenv("GCP_PROJECT_ID", "demo")
    yield double
    double.stop()


def issuer_of(path, kind, reference):
    path.write_text(
        f'{{"issuer": {{"hmacPrimaryVersion": 1, "hmacSecrets": [{{"version": 1, "secret": {{"{kind}": {reference}}}}}]}}}}'
    )
    return path


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_file_of_references_is_rotated_in_vault_and_contains_no_secret(vault, tmp_path, form):
    keys = tmp_path / f"keys.{form}"
    place = f"rotated-{form}"
    run("keys", "generate", "agent", "practices", "--vault", place, "--format", form, "-o", keys)
    run("keys", "rotate", keys, "practices/agent", "--vault", place)
    run("keys", "promote", keys, "agent/practices")
    ring = load(keys, sources=[Vault(vault)])
    assert versions(ring) == [("agent/practices", 1, False), ("agent/practices", 2, True)]
    held = vault.secrets.kv.v2.read_secret_version(f"{place}/agent-practices", raise_on_deleted_version=True)
    assert not any(secret in keys.read_text() for secret in held["data"]["data"].values())
    assert "is valid" in run("check", keys).stdout
    assert "is valid" in run("check", "--offline", keys).stdout


def test_an_existing_secret_in_vault_is_not_overwritten(vault, tmp_path):
    run("keys", "generate", "a", "b", "--vault", "held", "-o", tmp_path / "one.toml")
    before = vault.secrets.kv.v2.read_secret_version("held/a-b", raise_on_deleted_version=True)["data"][
        "data"
    ]
    refused = run("keys", "generate", "a", "b", "--vault", "held", "-o", tmp_path / "two.toml", code=1)
    assert "Vault already contains v1 at secret/held/a-b; it is not changed" in refused.stderr
    after = vault.secrets.kv.v2.read_secret_version("held/a-b", raise_on_deleted_version=True)["data"]["data"]
    assert after == before
    assert not (tmp_path / "two.toml").exists()


def test_a_policy_that_forbids_writing_is_reported_and_no_file_is_created(vault, tmp_path, monkeypatch):
    vault.sys.create_or_update_policy(
        "looks-only", 'path "secret/data/guarded/*" { capabilities = ["read"] }'
    )
    token = vault.auth.token.create(policies=["looks-only"])["auth"]["client_token"]
    monkeypatch.setenv("VAULT_TOKEN", token)
    refused = run("keys", "generate", "a", "b", "--vault", "guarded", "-o", tmp_path / "keys.toml", code=1)
    assert "Vault did not accept secret/guarded/a-b (Forbidden)" in refused.stderr
    assert token not in refused.output
    monkeypatch.setenv("VAULT_TOKEN", "not-a-token")
    refused = run("keys", "generate", "a", "b", "--vault", "guarded", "-o", tmp_path / "keys.toml", code=1)
    assert "Vault did not return secret/guarded/a-b (Forbidden)" in refused.stderr
    assert not (tmp_path / "keys.toml").exists()


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ('{"path": "nowhere", "key": "x"}', "Vault did not return secret/nowhere"),
        ('{"path": "there", "key": "x"}', "Vault has no key x at secret/there; write it there"),
        ('{"path": "there"}', 'write it as { vault = { path = "..", key = ".." } }'),
    ],
)
def test_a_missing_secret_in_vault_stops_the_start_and_is_named(vault, tmp_path, reference, words):
    vault.secrets.kv.v2.create_or_update_secret("there", {"held": "h" * 40})
    keys = issuer_of(tmp_path / "keys.json", "vault", reference)
    with pytest.raises(ConfigError, match="issuer version 1: ") as raised:
        load(keys, sources=[Vault(vault)])
    assert words in str(raised.value)
    assert "hhhh" not in str(raised.value)


def test_keys_go_to_googles_secret_manager_and_are_rotated_there(google, tmp_path):
    keys = tmp_path / "keys.toml"
    run(
        "keys",
        "generate",
        "agent",
        "practices",
        "--client",
        "billing.service",
        "--google",
        "demo",
        "-o",
        keys,
    )
    run("keys", "rotate", keys, "agent/practices", "--google", "demo")
    ring = load(keys, sources=[Google(google.client(), project="demo")])
    assert versions(ring) == [
        ("agent/practices", 1, True),
        ("agent/practices", 2, False),
        ("billing.service", 1, True),
    ]
    assert set(google.versions) == {
        "projects/demo/secrets/hmac-agent-practices",
        "projects/demo/secrets/hmac-billing-service",
    }
    keys.chmod(0o600)
    assert "is valid" in run("check", keys).stdout
    refused = run("keys", "generate", "agent", "practices", "--google", "demo", code=1)
    assert "Google Secret Manager did not accept hmac-agent-practices (AlreadyExists)" in refused.stderr


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ('{"secret": "nowhere"}', "did not return projects/demo/secrets/nowhere/versions/latest (NotFound)"),
        ('{"secret": "bytes"}', "contains bytes, not text; add raw = true to the reference"),
        ("{}", 'write it as { google = { secret = ".." } }'),
    ],
)
def test_a_missing_secret_in_google_stops_the_start_and_is_named(google, tmp_path, reference, words):
    google.versions["projects/demo/secrets/bytes"] = [bytes(range(200, 240))]
    keys = issuer_of(tmp_path / "keys.json", "google", reference)
    with pytest.raises(ConfigError, match="issuer version 1: ") as raised:
        load(keys, sources=[Google(google.client(), project="demo")])
    assert words in str(raised.value)


def test_binary_secrets_and_secrets_with_a_line_end_are_read(google, tmp_path):
    google.versions["projects/demo/secrets/bytes"] = [bytes(range(200, 240))]
    google.versions["projects/demo/secrets/text"] = [b"a secret of thirty-two bytes or more\r\n"]
    source = Google(google.client(), project="demo")
    assert source.read({"secret": "bytes", "raw": True}) == bytes(range(200, 240))
    assert source.read({"secret": "text", "version": "1"}) == "a secret of thirty-two bytes or more"


def test_exactly_one_reachable_store_is_required(tmp_path, monkeypatch):
    monkeypatch.delenv("VAULT_ADDR", raising=False)
    both = run("keys", "generate", "a", "b", "--vault", "x", "--google", "demo", code=1)
    assert "pass only one of --vault and --google" in both.stderr
    assert "VAULT_ADDR is not set" in run("keys", "generate", "a", "b", "--vault", "x", code=1).stderr


def test_a_client_library_that_is_missing_is_named_with_its_extra():
    with pytest.raises(ConfigError, match=r"no_such_library is not installed.*pip install sealwire\[vault\]"):
        _stores.client_of("no_such_library", "vault")


def test_variables_contain_secrets_and_no_references(vault, tmp_path):
    refused = run("keys", "generate", "a", "b", "--vault", "x-env", "--format", "dotenv", code=1)
    assert "a .env file contains secrets, not references" in refused.stderr
    refused = run("keys", "generate", "--client", "a", "--format", "dotenv", code=1)
    assert "a .env file contains only pairs of services" in refused.stderr
    path = tmp_path / ".env"
    run("keys", "generate", "a", "b", "--format", "dotenv", "-o", path)
    refused = run("keys", "rotate", path, "a/b", "--vault", "x-env-2", code=1)
    assert "a .env file contains secrets, not references" in refused.stderr

"""Tests for the migration from the earlier implementation: secrets in Google Secret Manager, and key
rotations while some services still use the earlier implementation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time

import pytest
from google_double import GoogleDouble
from sealwire.compat import (
    HMACAuthMiddleware,
    HMACSecretManager,
    sign_service_request,
    verify_service_request,
)

from .conftest import PAIR_SECRET, call, ok, serving
from .test_cli import run

VARIABLE = "HMAC_SECRET_AGENT_PRACTICES"
SECOND = base64.b64encode(b"the second secret, of 32 bytes or so").decode()
CALL = {"sender": "agent", "receiver": "practices", "method": "POST", "path": "/graphql"}


class Original:
    """The earlier implementation, as documented. It uses the secret with the suffix `_V2` if it is set,
    otherwise the secret without a suffix."""

    @staticmethod
    def secret() -> bytes:
        return base64.b64decode(os.environ.get(f"{VARIABLE}_V2") or os.environ[VARIABLE])

    @classmethod
    def sign(cls, body: str, timestamp: int) -> str:
        text = f"{timestamp}.agent.practices.POST./graphql.{body}"
        return hmac.new(cls.secret(), text.encode(), hashlib.sha256).hexdigest()

    @classmethod
    def verify(cls, body: str, signature: str, timestamp: int) -> bool:
        return hmac.compare_digest(cls.sign(body, timestamp), signature)


@pytest.fixture
def google(monkeypatch):
    double = GoogleDouble()
    monkeypatch.setattr("google.cloud.secretmanager.SecretManagerServiceClient", double.client)
    monkeypatch.setenv("GCP_PROJECT_ID", "demo")
    for module in ("_compat_server", "_compat_signing"):
        monkeypatch.setattr(f"sealwire.{module}.secret_manager", HMACSecretManager("gcp"))
    yield double
    double.stop()


def headers(signature=None):
    signed = sign_service_request(**CALL, body="{}")
    return {
        "X-Service-Name": "agent",
        "X-Service-Timestamp": str(signed.timestamp),
        "X-Service-Signature": signature or signed.signature,
    }


def test_a_service_uses_keys_that_are_generated_and_rotated_in_google(google, tmp_path, monkeypatch):
    keys = tmp_path / "keys.toml"
    run("keys", "generate", "agent", "practices", "--google", "demo", "-o", keys)
    monkeypatch.setattr("sealwire._compat_lazy.READ_EVERY_S", 0.0)
    app = HMACAuthMiddleware(ok, "practices")
    with serving(app, lifespan="off") as url:
        before = headers()
        assert call(url, "POST", "/graphql", before, b"{}").status_code == 200
        assert call(url, "POST", "/graphql", headers("0" * 64), b"{}").status_code == 401
        run("keys", "rotate", keys, "--all", "--google", "demo")
        monkeypatch.setattr("sealwire._compat_secrets.GOOGLE_EVERY_S", 0.0)
        after = headers()
        assert after["X-Service-Signature"] != before["X-Service-Signature"]
        assert [call(url, "POST", "/graphql", each, b"{}").status_code for each in (before, after)] == [
            200,
            200,
        ]
        stranger = {**after, "X-Service-Name": "nobody"}
        assert call(url, "POST", "/graphql", stranger, b"{}").status_code == 401
    assert verify_service_request(
        **CALL, body="{}", signature=after["X-Service-Signature"], timestamp=int(after["X-Service-Timestamp"])
    )


@pytest.mark.parametrize(
    "payload", [PAIR_SECRET.encode(), PAIR_SECRET.encode() + b"\n", base64.b64decode(PAIR_SECRET)]
)
@pytest.mark.parametrize("name", ["hmac_secret_agent_practices", "hmac-agent-practices"])
def test_secrets_with_both_documented_names_are_read_as_base64_or_bytes(google, name, payload):
    google.versions[f"projects/demo/secrets/{name}"] = [payload]
    assert HMACSecretManager("gcp").get_secret("practices", "agent") == base64.b64decode(PAIR_SECRET)


def test_a_secret_with_a_version_in_its_name_becomes_the_primary_key(google):
    google.versions["projects/demo/secrets/hmac_secret_agent_practices"] = [PAIR_SECRET.encode()]
    google.versions["projects/demo/secrets/hmac_secret_agent_practices_v2"] = [SECOND.encode()]
    manager = HMACSecretManager("gcp")
    assert manager.get_secret("agent", "practices") == base64.b64decode(SECOND)
    found = [(key.version, key.primary) for key in manager.ring("agent", "practices").status()]
    assert found == [(1, False), (2, True)]


def test_both_implementations_accept_each_other_during_a_rotation(environment):
    """Both implementations read the same environment variables, and sign with version 2 as soon as it is
    set."""

    def exchange() -> list[bool]:
        now = int(time.time())
        ours = sign_service_request(**CALL, body="{}", timestamp=now)
        return [
            Original.verify("{}", ours.signature, now),
            verify_service_request(**CALL, body="{}", signature=Original.sign("{}", now), timestamp=now),
        ]

    assert exchange() == [True, True]
    before = sign_service_request(**CALL, body="{}")
    environment.setenv(f"{VARIABLE}_V2", SECOND)
    assert exchange() == [True, True]
    assert verify_service_request(
        **CALL, body="{}", signature=before.signature, timestamp=before.timestamp
    ), "a request that was signed before the rotation must be accepted"
    environment.setenv("HMAC_PRIMARY_AGENT_PRACTICES", "1")
    old = sign_service_request(**CALL, body="{}", timestamp=before.timestamp)
    assert old.signature == before.signature, "HMAC_PRIMARY_AGENT_PRACTICES=1 must select the old version"
    environment.delenv("HMAC_PRIMARY_AGENT_PRACTICES")
    environment.delenv(VARIABLE)
    assert exchange() == [True, True]
    assert not verify_service_request(
        **CALL, body="{}", signature=before.signature, timestamp=before.timestamp
    )


def test_the_arguments_of_the_earlier_implementation_are_accepted(environment):
    now = int(time.time())
    signed = sign_service_request(**CALL, body=bytearray(b"{}"), timestamp=now)
    for body in ("{}", b"{}", bytearray(b"{}"), memoryview(b"{}")):
        assert verify_service_request(
            **CALL, body=body, signature=signed.signature, timestamp=now, max_age_seconds=300.0
        )
    with pytest.raises(ValueError, match="timestamp"):
        sign_service_request(**CALL, timestamp=-1)
    environment.setenv(VARIABLE, f"{PAIR_SECRET[:20]}\n{PAIR_SECRET[20:]}")
    assert sign_service_request(**CALL, body="{}", timestamp=now).signature == signed.signature

"""Tests for the compatibility functions: the tests of the earlier implementation, and regression tests for its bugs."""

from __future__ import annotations

import base64
import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI, Request
from freezegun import freeze_time
from sealwire import ConfigError
from sealwire.compat import (
    HMACAuthMiddleware,
    HMACSecretManager,
    ServiceAuthHeaders,
    create_auth_headers_hmac,
    execute_graphql_query,
    generate_service_secrets,
    sign_service_request,
    verify_service_request,
)

from .conftest import PAIR_SECRET, serving

BODY = '{"query": "..."}'
CALL = {"sender": "agent", "receiver": "practices", "method": "POST", "path": "/graphql"}


def signed(**changes):
    return sign_service_request(**{**CALL, "body": BODY, **changes})


def verify(headers, **changes):
    arguments = {
        **CALL,
        "body": BODY,
        "signature": headers.signature,
        "timestamp": headers.timestamp,
        **changes,
    }
    return verify_service_request(**arguments)


# The four unit tests of the earlier implementation.


def test_a_valid_request_is_verified(environment):
    assert verify(signed()) is True


def test_a_tampered_body_is_rejected(environment):
    assert verify(signed(), body='{"query": "MALICIOUS"}') is False


def test_an_expired_timestamp_is_rejected(environment):
    old = signed(timestamp=int(time.time()) - 600)
    assert verify(old, max_age_seconds=300) is False
    assert verify(old, max_age_seconds=700) is True


def test_a_wrong_pair_is_rejected(environment):
    assert verify(signed(), receiver="meals") is False


# The two integration tests of the earlier implementation, with a real server.


def practices(**options):
    app = FastAPI()
    app.add_middleware(HMACAuthMiddleware, service_name="practices", **options)

    @app.post("/graphql")
    async def graphql(request: Request):
        state = request.state
        return {
            "data": {
                "sender": state.authenticated_service,
                "user": state.user_id,
                "body": (await request.body()).decode(),
            }
        }

    @app.get("/health")
    async def health(request: Request):
        return {"sender": request.state.authenticated_service}

    return app


async def test_the_service_accepts_a_valid_request(environment):
    with serving(practices()) as url:
        async with httpx.AsyncClient(base_url=url) as client:
            body = '{"query": "{ __typename }"}'
            auth = signed(body=body)
            headers = {
                "Content-Type": "application/json",
                "X-Service-Name": auth.service_name,
                "X-Service-Timestamp": str(auth.timestamp),
                "X-Service-Signature": auth.signature,
            }
            response = await client.post("/graphql", content=body, headers=headers)
            assert response.status_code == 200
            assert response.json()["data"] == {"sender": "agent", "user": None, "body": body}
            assert (await client.get("/health")).json() == {"sender": None}


async def test_the_service_reports_the_name_as_sent(environment):
    """Like the earlier implementation, the middleware reports the name from the header. Rules and logs use the
    canonical name."""
    with serving(practices(listed_senders_only=True, senders={"agent": {}})) as url:
        auth = signed(sender="agent_service", body=b"")
        headers = {
            "X-Service-Name": auth.service_name,
            "X-Service-Timestamp": str(auth.timestamp),
            "X-Service-Signature": auth.signature,
        }
        async with httpx.AsyncClient(base_url=url) as client:
            response = await client.post("/graphql", headers=headers)
        assert response.json()["data"]["sender"] == "agent_service"


async def test_the_service_rejects_an_invalid_signature(environment):
    with serving(practices()) as url:
        async with httpx.AsyncClient(base_url=url) as client:
            headers = {
                "Content-Type": "application/json",
                "X-Service-Name": "agent",
                "X-Service-Timestamp": str(int(time.time())),
                "X-Service-Signature": "invalid-signature-here",
            }
            response = await client.post("/graphql", content='{"query": "{ __typename }"}', headers=headers)
            assert response.status_code == 401
            assert response.json() == {"detail": "Invalid service authentication signature"}


# Copies of wrapper functions that existing services define around the earlier implementation.


@dataclass
class Auth:
    user_id: str | None


@dataclass
class Config:
    service_name: str
    base_url: str


async def test_a_graphql_query_contains_the_user(environment):
    with serving(practices(trust_unsigned_user_id=True)) as url:
        async with httpx.AsyncClient() as client:
            data = await execute_graphql_query(
                client,
                Config("practices", url),
                Auth("user-7"),
                "query Q { a }",
                {"x": 1},
                "Q",
                sender_service="agent",
            )
            assert (data["sender"], data["user"]) == ("agent", "user-7")
            assert data["body"] == '{"query": "query Q { a }", "variables": {"x": 1}, "operationName": "Q"}'


def test_the_headers_are_those_of_the_earlier_implementation(environment):
    headers = create_auth_headers_hmac("agent", "practices", "POST", "/graphql", BODY, Auth("u"))
    assert list(headers) == [
        "Content-Type",
        "X-Service-Name",
        "X-Service-Timestamp",
        "X-Service-Signature",
        "X-User-ID",
    ]
    assert "X-User-ID" not in create_auth_headers_hmac(
        "agent", "practices", "POST", "/graphql", BODY, Auth(None)
    )


def test_the_worked_example(environment):
    headers = signed(timestamp=1712419200, user_id="u")
    assert headers == ServiceAuthHeaders(
        "agent", 1712419200, "91128d3e3015dc3e83a760c8bd54cd037da9f204ac5033caa43c5c1f91760971", "u"
    )


def test_bodies_may_be_text_bytes_or_nothing(environment):
    for body in ("é", "é".encode(), None, "", b""):
        assert verify(signed(body=body), body=body) is True
    assert verify(signed(body=None), body="") is True


def test_long_and_short_service_names_find_one_secret(environment):
    headers = signed(sender="agent_service", receiver="practices_service")
    assert verify(headers, sender="agent_service", receiver="practices_service") is True
    assert verify(headers) is False  # the signature covers the names exactly as the caller passes them


def test_a_secret_is_looked_up_both_ways(environment):
    manager = HMACSecretManager(secret_backend="env")
    assert manager.get_secret("agent", "practices") == base64.b64decode(PAIR_SECRET)
    assert manager.get_secret("practices", "agent") == base64.b64decode(PAIR_SECRET)
    with pytest.raises(ValueError, match="HMAC_SECRET_AGENT_PRACTICES_V2"):
        manager.get_secret("agent", "practices", version=2)
    with pytest.raises(ValueError, match="Unknown backend: vault"):
        HMACSecretManager("vault")


@pytest.fixture
def google():
    """Runs a test double of Google's API and yields the published client, connected to it."""
    import grpc
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceGrpcTransport as Transport,
    )
    from google.cloud.secretmanager_v1.types import AccessSecretVersionRequest, AccessSecretVersionResponse

    name = "projects/p/secrets/hmac_secret_agent_practices/versions/latest"

    def access(request, context):
        if request.name != name:
            context.abort(grpc.StatusCode.NOT_FOUND, request.name)
        return AccessSecretVersionResponse(payload={"data": base64.b64decode(PAIR_SECRET)})

    handler = grpc.unary_unary_rpc_method_handler(
        access, AccessSecretVersionRequest.deserialize, AccessSecretVersionResponse.serialize
    )
    service = "google.cloud.secretmanager.v1.SecretManagerService"
    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler(service, {"AccessSecretVersion": handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield SecretManagerServiceClient(transport=Transport(channel=channel))
    server.stop(None).wait()


def test_secrets_may_be_in_google_secret_manager(google, monkeypatch):
    manager = HMACSecretManager("gcp", google)
    monkeypatch.delenv("HMAC_SECRET_AGENT_PRACTICES", raising=False)
    monkeypatch.delenv("GCP_PROJECT_ID", raising=False)
    with pytest.raises(ValueError, match="GCP_PROJECT_ID"):
        manager.get_secret("agent", "practices")
    monkeypatch.setenv("GCP_PROJECT_ID", "p")
    assert manager.get_secret("practices", "agent") == base64.b64decode(PAIR_SECRET)
    assert [key.name for key in manager.ring("agent", "practices").status()] == ["agent/practices"]
    with pytest.raises(ValueError, match=r"hmac_secret_agent_meals.*NotFound"):
        manager.get_secret("agent", "meals")
    for name in ("../agent", "agent/versions/1", ""):
        with pytest.raises(ConfigError, match="name is not valid"):
            manager.get_secret(name, "practices")


def test_a_missing_secret_is_named_when_signing_and_false_when_verifying(monkeypatch):
    monkeypatch.delenv("HMAC_SECRET_AGENT_PRACTICES", raising=False)
    with pytest.raises(ValueError, match="HMAC_SECRET_AGENT_PRACTICES"):
        signed()
    assert verify(ServiceAuthHeaders("agent", int(time.time()), "0" * 64)) is False


def test_a_rotated_secret_is_used_at_once_and_both_versions_are_accepted(environment):
    before = signed()
    second = base64.b64encode(b"the second secret, of 32 bytes or so").decode()
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES_V2", second)
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES", PAIR_SECRET + " ")
    assert verify(before) is True
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES", PAIR_SECRET)
    after = signed()
    assert after.signature != before.signature or after.timestamp != before.timestamp
    assert verify(after) is True and verify(before) is True
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES", second)
    assert verify(before) is False


def test_a_weak_secret_is_accepted_with_a_single_warning(monkeypatch, caplog):
    monkeypatch.setenv("HMAC_SECRET_AGENT_WEAK", base64.b64encode(b"short").decode())
    for _ in range(2):
        headers = signed(receiver="weak")
        assert verify(headers, receiver="weak") is True
    assert [record.message for record in caplog.records if "shorter" in record.message] == [
        "HMAC_SECRET_AGENT_WEAK contains a secret shorter than 32 bytes; rotate it"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "é" * 64},
        {"signature": None},
        {"signature": "0" * 63},
        {"timestamp": "soon"},
        {"timestamp": None},
        {"timestamp": float("nan")},
        {"timestamp": -1},
        {"timestamp": 10**30},
        {"sender": None},
        {"sender": "a.b"},
        {"receiver": None},
        {"receiver": "\udcff"},
        {"sender": "x\0y"},
        {"method": ""},
        {"method": None},
        {"path": None},
        {"path": "no slash"},
        {"path": "/graphql?owner=everyone"},
        {"path": "/graphql?"},
        {"body": 7},
        {"body": "\udcff"},
        {"max_age_seconds": -1},
        {"max_age_seconds": "long"},
    ],
)
def test_bad_input_is_false_and_never_raises(environment, changes):
    assert verify(signed(), **changes) is False


@pytest.mark.parametrize("path", ["/items?owner=me", "/a b", "/é", "/x?", "", "//a/../b?c#d", "no slash"])
def test_the_path_is_signed_as_given(environment, path):
    headers = signed(path=path)
    message = f"{headers.timestamp}.agent.practices.POST.{path}.{BODY}"
    assert headers.signature == original(message)
    assert verify(headers, path=path) is True
    for other in (path + "&", path + "?owner=everyone", path.partition("?")[0] + "x", f"{path} "):
        assert verify(headers, path=other) is False


def original(message, secret=PAIR_SECRET):
    return hmac.new(base64.b64decode(secret), message.encode(), "sha256").hexdigest()


def test_arguments_of_the_original_are_accepted(environment):
    headers = signed(body=bytearray(b"abc"))
    assert verify(headers, body=memoryview(b"abc"), max_age_seconds=300.0) is True
    assert verify(headers, body=b"abc", max_age_seconds=float("inf")) is True
    assert verify(headers, body=b"abc", max_age_seconds=0.5) is True
    for wrong in (-0.5, float("nan"), float("-inf")):
        assert verify(headers, body=b"abc", max_age_seconds=wrong) is False


@pytest.mark.parametrize("timestamp", [-1, 1.5, "soon", 10**30, float("nan")])
def test_a_timestamp_that_cannot_be_signed_is_named(environment, timestamp):
    with pytest.raises(ValueError, match="timestamp must be a whole number"):
        signed(timestamp=timestamp)


def test_line_wrapped_base64_is_accepted(environment):
    before = signed(timestamp=1712419200)
    wrapped = f"{PAIR_SECRET[:20]}\n{PAIR_SECRET[20:]}\n"
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES", wrapped)
    assert signed(timestamp=1712419200) == before
    assert HMACSecretManager().get_secret("agent", "practices") == base64.b64decode(PAIR_SECRET)
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES", "!" + PAIR_SECRET)
    with pytest.raises(ValueError, match="HMAC_SECRET_AGENT_PRACTICES is not base64"):
        HMACSecretManager().get_secret("agent", "practices")


def test_the_second_version_signs_as_soon_as_it_is_set(environment):
    second = base64.b64encode(b"the second secret, of 32 bytes or so").decode()
    before = signed()
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES_V2", second)
    after = signed()
    message = f"{after.timestamp}.agent.practices.POST./graphql.{BODY}"
    assert after.signature == original(message, second)
    assert HMACSecretManager().get_secret("agent", "practices") == base64.b64decode(second)
    assert verify(before) is True and verify(after) is True
    environment.setenv("HMAC_PRIMARY_AGENT_PRACTICES", "1")
    assert signed(timestamp=after.timestamp).signature == original(message)
    environment.delenv("HMAC_PRIMARY_AGENT_PRACTICES")
    environment.delenv("HMAC_SECRET_AGENT_PRACTICES")
    assert verify(before) is False and verify(after) is True


def test_a_change_of_any_variable_of_a_pair_is_used_at_once(environment):
    second = base64.b64encode(b"another secret of thirty-two bytes").decode()

    def signature():
        return sign_service_request("agent_service", "practices", "GET", "/", timestamp=1).signature

    first = signature()
    environment.setenv("HMAC_SECRET_AGENT_SERVICE_PRACTICES_V2", second)
    changed = signature()
    assert changed != first
    environment.delenv("HMAC_SECRET_AGENT_SERVICE_PRACTICES_V2")
    assert signature() == first
    environment.setenv("HMAC_SECRET_AGENT_PRACTICES_V2", second)
    assert signature() == changed
    environment.setattr("os.environ", {"HMAC_SECRET_AGENT_PRACTICES": second})
    assert signature() == changed


def test_signing_and_verification_use_the_clock_of_python(environment):
    with freeze_time("2031-05-01 12:00:00"):
        headers = signed()
        assert headers.timestamp == int(time.time())
        assert verify(headers) is True
    assert verify(headers) is False
    with freeze_time("2031-05-01 12:05:01"):
        assert verify(headers) is False


def test_generated_secrets_are_named_for_their_pairs():
    secrets = generate_service_secrets(["agent", "journal", "users"])
    assert sorted(secrets) == [
        "HMAC_SECRET_AGENT_JOURNAL",
        "HMAC_SECRET_AGENT_USERS",
        "HMAC_SECRET_JOURNAL_USERS",
    ]
    assert all(len(base64.b64decode(secret)) == 32 for secret in secrets.values())
    assert len(set(secrets.values())) == 3


def test_without_secrets_the_service_does_not_start(monkeypatch):
    for name in ("HMAC_SECRET_AGENT_PRACTICES", "HMAC_SECRET_AGENT_WEAK"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match="HMAC_SECRET_"):
        HMACAuthMiddleware(None, "practices")


def test_a_variable_in_another_case_does_not_replace_the_correct_variable(environment):
    assert not verify_service_request("AGENT", "practices", "GET", "/", None, "0" * 64, int(time.time()))
    signed = sign_service_request("agent", "practices", "GET", "/")
    assert verify_service_request("agent", "practices", "GET", "/", None, signed.signature, signed.timestamp)


async def test_errors_of_a_graphql_service_are_raised_with_all_details(environment):
    app = FastAPI()
    errors = [{"message": "no such practice", "path": ["practice"]}]

    @app.post("/graphql")
    async def graphql():
        return {"data": None, "errors": errors}

    app.add_middleware(HMACAuthMiddleware, service_name="practices")
    with serving(app) as url:
        async with httpx.AsyncClient() as client:
            with pytest.raises(RuntimeError, match=r"GraphQL errors: .*no such practice") as raised:
                await execute_graphql_query(
                    client, Config("practices", url), Auth(None), "{ a }", sender_service="agent"
                )
    assert raised.value.errors == errors


def test_a_service_with_a_weak_secret_starts_and_logs_a_warning(monkeypatch, caplog):
    monkeypatch.setenv("HMAC_SECRET_AGENT_PRACTICES", base64.b64encode(b"short").decode())
    with serving(practices()) as url:
        headers = signed(timestamp=int(time.time()))
        response = httpx.post(
            f"{url}/graphql",
            content=BODY,
            headers={
                "X-Service-Name": "agent",
                "X-Service-Timestamp": str(headers.timestamp),
                "X-Service-Signature": headers.signature,
            },
        )
    assert response.status_code == 200
    assert "a secret is too weak, rotate it" in caplog.text
    assert "short" not in caplog.text.replace("shorter", "")


def test_many_spellings_of_a_name_do_not_use_more_memory(environment):
    manager = HMACSecretManager("env")
    for number in range(2**10):
        spelling = "".join(
            letter.upper() if number >> at & 1 else letter for at, letter in enumerate("practicesx")
        )
        environment.setenv("HMAC_SECRET_AGENT_PRACTICESX", PAIR_SECRET)
        environment.setenv(
            "HMAC_SECRET_PRACTICESX_AGENT", PAIR_SECRET
        )  # for the names below that sort before "agent", because upper case sorts first
        manager.ring("agent", spelling)
    assert len(manager._rings) <= 256


def test_if_schemes_is_none_the_default_schemes_are_used(environment):
    async def app(scope, receive, send):
        """Does nothing."""

    made = [HMACAuthMiddleware(app, "practices", **options) for options in ({}, {"schemes": None})]
    assert [middleware._guard.verifier.schemes for middleware in made] == [["pairwise"]] * 2

"""Tests for the ASGI middleware with real servers. Some tests call the middleware directly to simulate a
server that violates the ASGI specification."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import warnings
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from sealwire import ConfigError, KeyRing, ReplayTable, Signer, Verifier
from sealwire.asgi import HMACAuthMiddleware
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from .conftest import CLIENT_SECRET, PAIR_SECRET, call, serving

PAIRWISE = {"schemes": ["pairwise"]}


async def show(request: Request):
    state = request.state
    identity = state.identity
    return PlainTextResponse(
        json.dumps(
            {
                "service": state.authenticated_service,
                "user": state.user_id,
                "scheme": identity and identity.scheme,
                "path": request.scope["raw_path"].decode(),
                "length": len(await request.body()),
            }
        )
    )


def service(keys, **options):
    app = FastAPI()
    app.add_api_route("/{path:path}", show, methods=["GET", "POST", "PUT"])
    app.add_middleware(
        HMACAuthMiddleware, **{"service_name": "practices", "keys": keys, **PAIRWISE, **options}
    )
    return app


def sign(keys, method, target, body=b"", *, sender="agent", schemes=("pairwise",), **more):
    signer = Signer(sender, keys, schemes=schemes)
    return signer.sign(method, target, None, body, "practices", **more)


@pytest.mark.parametrize("target", ["/a", "/a%2Fb", "/a?x=1", "/%C3%A9", "//a", "/a/../b", "/a;b=c", "/~a!"])
def test_the_raw_path_is_verified(keys, target):
    with serving(service(keys)) as url:
        response = call(url, "GET", target, sign(keys, "GET", target))
        assert response.status_code == 200
        assert response.json()["path"] == target.partition("?")[0]
        assert call(url, "GET", "/other", sign(keys, "GET", target)).status_code == 401


@pytest.mark.parametrize("size", [0, 1, 2047, 2048, 65_536, 1 << 20])
def test_bodies_reach_the_application_byte_for_byte(keys, size):
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request):
        return PlainTextResponse(await request.body())

    app.add_middleware(HMACAuthMiddleware, service_name="practices", keys=keys, **PAIRWISE)
    body = bytes(index % 251 for index in range(size))
    with serving(app) as url:
        response = call(url, "POST", "/echo", sign(keys, "POST", "/echo", body), body)
        assert response.status_code == 200
        assert response.content == body


def test_a_body_over_the_limit_is_413_and_a_body_of_the_limit_is_accepted(keys):
    with serving(service(keys, max_body_bytes=1000)) as url:
        for size, status in ((1000, 200), (1001, 413), (200_000, 413)):
            body = bytes(size)
            response = call(url, "POST", "/a", sign(keys, "POST", "/a", body), body)
            assert response.status_code == status
        assert response.json() == {"detail": "Body too large"}


def test_unsigned_requests_are_rejected_before_their_body_is_read(keys):
    with serving(service(keys)) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            connection.sendall(
                b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"
            )
            answer = connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 401") and b"100 Continue" not in answer


def test_a_rejection_is_json_with_the_public_text(keys):
    with serving(service(keys)) as url:
        response = httpx.get(f"{url}/a")
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/json"
        assert response.json() == {"detail": "Missing service authentication headers"}


def test_tampering_is_rejected(keys):
    with serving(service(keys, claim_pairwise=True, replay=ReplayTable.heap(accept_older=True))) as url:
        headers = sign(keys, "POST", "/a", b"body")
        changed = {**headers, "X-Service-Signature": "0" * 64}
        assert call(url, "POST", "/a", headers, b"other").status_code == 401
        assert call(url, "PUT", "/a", headers, b"body").status_code == 401
        assert call(url, "POST", "/a", changed, b"body").status_code == 401
        assert call(url, "POST", "/a", [*headers.items(), *headers.items()], b"body").status_code == 401
        assert call(url, "POST", "/a", headers, b"body").status_code == 200
        assert call(url, "POST", "/a", headers, b"body").status_code == 401  # replayed


@pytest.mark.parametrize("schemes", [["client"], ["client", "pairwise"], ["pairwise", "client"]])
def test_several_schemes_are_accepted_and_reported(keys, schemes):
    with serving(service(keys, schemes=schemes, replay=ReplayTable.heap(accept_older=True))) as url:
        headers = sign(keys, "GET", "/a?x=1", sender="billing-service", schemes=["client"])
        shown = call(url, "GET", "/a?x=1", headers).json()
        assert (shown["service"], shown["scheme"]) == ("billing-service", "client")
        if "pairwise" in schemes:
            shown = call(url, "GET", "/a", sign(keys, "GET", "/a")).json()
            assert (shown["service"], shown["scheme"]) == ("agent", "pairwise")


def test_the_user_id_is_trusted_only_if_configured(keys):
    headers = sign(keys, "GET", "/a", user_id="user-7")
    assert headers["X-User-ID"] == "user-7"
    for trusted, user in ((False, None), (True, "user-7")):
        with serving(service(keys, trust_unsigned_user_id=trusted)) as url:
            assert call(url, "GET", "/a", headers).json()["user"] == user


@pytest.mark.parametrize(
    ("options", "environment", "status"),
    [
        ({}, None, 401),
        ({"enforce": True}, None, 401),
        ({"enforce": False}, None, 200),
        ({"mode": "observe"}, None, 200),
        ({"mode": "off"}, None, 200),
        ({}, "false", 200),
        ({"enforce": True}, "false", 200),
        ({"senders": {"agent": {"mode": "enforce"}}}, "false", 200),
        ({}, "true", 401),
        ({"mode": "observe", "senders": {"agent": {"mode": "enforce"}}}, None, 401),
        ({"senders": {"agent": {"mode": "observe"}}}, None, 200),
    ],
)
def test_modes(keys, monkeypatch, caplog, options, environment, status):
    if environment is not None:
        monkeypatch.setenv("HMAC_AUTH_ENABLED", environment)
    with serving(service(keys, **options)) as url, caplog.at_level(logging.INFO, "sealwire"):
        response = call(url, "POST", "/a", sign(keys, "POST", "/a", b"x"), b"y")
        assert response.status_code == status
        if status == 200:
            assert (response.json()["service"], response.json()["length"]) == (None, 1)
    told = [record.sealwire_event for record in caplog.records if hasattr(record, "sealwire_event")]
    off = options.get("mode") == "off"
    assert told == ([] if off else ["rejected" if status == 401 else "observed"])


def test_an_invalid_value_of_hmac_auth_enabled_stops_the_start(keys, monkeypatch):
    monkeypatch.setenv("HMAC_AUTH_ENABLED", "fasle")
    with pytest.raises(ConfigError, match="HMAC_AUTH_ENABLED"):
        HMACAuthMiddleware(None, "practices", keys=keys)
    monkeypatch.delenv("HMAC_AUTH_ENABLED")
    with pytest.raises(ConfigError, match="mode"):
        HMACAuthMiddleware(None, "practices", keys=keys, mode="observe", enforce=True)


def test_senders_can_be_restricted_to_methods_and_paths(keys):
    senders = {"agent": {"methods": ["GET"], "path_prefixes": ["/api"]}}
    with serving(service(keys, senders=senders)) as url:
        for method, target, status in (
            ("GET", "/api/x", 200),
            ("POST", "/api/x", 401),
            ("GET", "/apis", 401),
            ("GET", "/api/../x", 401),
        ):
            assert call(url, method, target, sign(keys, method, target)).status_code == status


@pytest.mark.parametrize(
    ("target", "exempt"),
    [
        ("/health", True),
        ("/health?deep=1", True),
        ("/healthy", False),
        ("/public/logo.png", True),
        ("/public/../secret", False),
        ("/public/%2e%2e/secret", False),
        ("/public//secret", False),
        ("/Health", False),
    ],
)
def test_exempt_paths_are_exact_or_prefixes(keys, target, exempt):
    with serving(service(keys, exempt_paths=["/health", "/public/*"])) as url:
        assert call(url, "GET", target, {}).status_code == (200 if exempt else 401)


def test_behind_a_root_path_the_url_of_the_sender_is_verified(keys):
    app = service(keys, exempt_paths=["/health"], root_path="/api")
    with serving(app, root_path="/api") as url:  # a proxy removes /api, and uvicorn adds it again
        assert call(url, "GET", "/items", sign(keys, "GET", "/api/items")).status_code == 200
        assert call(url, "GET", "/items", sign(keys, "GET", "/items")).status_code == 401
        assert call(url, "GET", "/health", {}).status_code == 200


def test_client_keys_that_message_cannot_accept_cause_a_warning_at_the_start(keys, caplog):
    settings = {"service_name": "practices", "keys": keys, "replay": "heap"}
    with pytest.warns(RuntimeWarning, match="authorities is not set"):
        HMACAuthMiddleware(None, **settings)
    assert "authorities is not set" in caplog.text
    only_pairs = KeyRing(pairs={("agent", "practices"): PAIR_SECRET})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        HMACAuthMiddleware(None, **settings, authorities=["api.test"])
        HMACAuthMiddleware(None, **settings, schemes=["client"])
        HMACAuthMiddleware(None, **{**settings, "keys": only_pairs})
    with pytest.raises(ConfigError, match="authorities: list the hosts"):
        HMACAuthMiddleware(None, **{**settings, "keys": KeyRing(clients={"cli": CLIENT_SECRET})})


def test_with_an_unconfigured_root_path_no_path_is_exempt_and_a_warning_is_logged_once(keys, caplog):
    app = service(keys, exempt_paths=["/health"])
    with serving(app, root_path="/api") as url:
        for _ in range(2):
            assert call(url, "GET", "/health", {}).status_code == 401
        assert call(url, "GET", "/items", sign(keys, "GET", "/api/items")).status_code == 200
    warned = [record.getMessage() for record in caplog.records if "root_path" in record.getMessage()]
    assert len(warned) == 1 and "'/api'" in warned[0]


def test_a_mounted_application_receives_the_complete_path(keys):
    inner = HMACAuthMiddleware(
        Starlette(routes=[Route("/x", show)]), "practices", keys=keys, exempt_paths=["/health"], **PAIRWISE
    )
    with serving(Starlette(routes=[Mount("/inner", inner)])) as url:
        assert call(url, "GET", "/inner/x", sign(keys, "GET", "/inner/x")).status_code == 200
        assert call(url, "GET", "/inner/x", sign(keys, "GET", "/x")).status_code == 401


def test_lifespan_events_are_passed_on_unchanged(keys):
    from starlette.testclient import TestClient

    started = []
    app = FastAPI(lifespan=None)
    app.add_middleware(HMACAuthMiddleware, service_name="practices", keys=keys, **PAIRWISE)
    app.router.on_startup = [lambda: started.append(1)]
    with TestClient(app):
        assert started == [1]


def http_scope(headers, **changes):
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": "POST",
        "path": "/a",
        "raw_path": b"/a",
        "query_string": b"",
        "scheme": "http",
        "root_path": "",
        "headers": raw,
        **changes,
    }


async def run(middleware, scope, messages):
    sent = []
    queue = list(messages)

    async def receive():
        return queue.pop(0)

    async def send(message):
        sent.append(message)

    await middleware(scope, receive, send)
    return sent, queue


def recording(keys, **options):
    seen = []

    async def app(scope, receive, send):
        while True:
            message = await receive()
            seen.append(message)
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        seen.append(await receive())

    return HMACAuthMiddleware(app, "practices", keys=keys, **PAIRWISE, **options), seen


def parts(*chunks):
    last = len(chunks) - 1
    return [
        {"type": "http.request", "body": chunk, "more_body": at != last} for at, chunk in enumerate(chunks)
    ]


GONE = {"type": "http.disconnect"}


def body_of(messages):
    """Returns the body from ASGI messages, without the last message, which is not part of the body."""
    *body, _ = messages
    assert [message["more_body"] for message in body] == [True] * (len(body) - 1) + [False]
    return b"".join(message["body"] for message in body)


async def test_the_application_gets_the_body_that_was_verified(keys):
    for pieces, whole in (([b"abcd"], b"abcd"), ([b"ab", b"", b"cd", b""], b"abcd"), ([b"", b"ab"], b"ab")):
        middleware, seen = recording(keys)
        await run(middleware, http_scope(sign(keys, "POST", "/a", whole)), [*parts(*pieces), GONE])
        assert body_of(seen) == whole and seen[-1] == GONE


async def test_the_sender_is_reported_on_servers_without_state(keys):
    middleware, _ = recording(keys, exempt_paths=["/health"])
    scope = http_scope(sign(keys, "POST", "/a", b"ab"))
    await run(middleware, scope, [*parts(b"ab"), GONE])
    identity = scope["state"].pop("identity")
    assert (identity.sender, identity.scheme) == ("agent", "pairwise")
    assert scope["state"] == {"authenticated_service": "agent", "user_id": None}
    exempt = http_scope({}, path="/health", raw_path=b"/health")
    await run(middleware, exempt, [*parts(b""), GONE])
    assert exempt["state"] == {"identity": None, "authenticated_service": None, "user_id": None}


async def test_in_observe_mode_the_application_gets_the_whole_body_of_a_rejected_request(keys):
    middleware, seen = recording(keys, mode="observe", max_body_bytes=3)
    await run(
        middleware, http_scope(sign(keys, "POST", "/a", b"abcdef")), [*parts(b"ab", b"cd", b"ef"), GONE]
    )
    assert body_of(seen) == b"abcdef" and seen[-1] == GONE


async def test_the_request_of_a_client_that_disconnects_is_dropped(keys):
    middleware, seen = recording(keys)
    scope = http_scope(sign(keys, "POST", "/a", b"ab"))
    for messages in ([GONE], [*parts(b"a", b"b")[:1], GONE]):
        assert await run(middleware, scope, messages) == ([], [])
    assert seen == []


async def test_after_a_rejection_the_rest_of_the_body_is_not_read(keys):
    middleware, seen = recording(keys, max_body_bytes=3)
    messages = parts(b"ab", b"cd", b"ef")
    sent, left = await run(middleware, http_scope(sign(keys, "POST", "/a", b"abcdef")), messages)
    assert sent[0]["status"] == 413 and len(left) == 1 and seen == []


@pytest.mark.parametrize("raw", [{}, {"raw_path": None}])
async def test_the_path_is_encoded_again_if_the_server_provides_no_raw_path(keys, raw):
    middleware, seen = recording(keys)
    scope = http_scope(
        sign(keys, "POST", "/%C3%A9%20a/(b)?x=%2F", b""), path="/é a/(b)", query_string=b"x=%2F"
    )
    del scope["raw_path"]
    sent, _ = await run(middleware, {**scope, **raw}, [*parts(b""), GONE])
    assert sent == [] and len(seen) == 2


async def test_paths_are_encoded_as_urllib_encodes_them(keys):
    path = "/" + "".join(map(chr, range(0x20, 0x100)))
    target = quote(path, safe="/:@!$&'()*+,;=~")
    middleware, seen = recording(keys)
    scope = http_scope(sign(keys, "POST", target, b""), path=path, raw_path=None)
    assert await run(middleware, scope, [*parts(b""), GONE]) == ([], []) and len(seen) == 2


@pytest.mark.parametrize("message", [GONE, *parts(b"a", b"b")[:1]])
def test_verification_continues_until_the_last_message_of_the_body(keys, message):
    scope = http_scope(sign(keys, "POST", "/a", b"ab"))
    pending = Verifier("practices", keys, **PAIRWISE).begin_asgi(scope)
    assert pending.finish_asgi(message, scope) is None and "state" not in scope
    (whole,) = parts(b"ab")
    assert pending.finish_asgi(whole, scope).sender == "agent"
    assert scope["state"]["authenticated_service"] == "agent"


class SharedStore:
    def __init__(self, answer):
        self.answer, self.asked = answer, []

    async def claim(self, key, expires):
        self.asked.append((key, expires))
        await asyncio.sleep(0)
        return self.answer


@pytest.mark.parametrize(("answer", "status"), [(True, 200), (False, 401), (None, 503)])
def test_the_shared_store_decides_about_replays(keys, answer, status):
    store = SharedStore(answer)
    with serving(service(keys, schemes=["client"], replay=store)) as url:
        headers = sign(keys, "GET", "/a", sender="billing-service", schemes=["client"])
        response = call(url, "GET", "/a", headers)
        assert response.status_code == status
        assert len(store.asked) == 1 and len(store.asked[0][0]) == 32
        call(url, "GET", "/a", {**headers, "X-Signature": "0" * 64})
        assert len(store.asked) == 1, "a nonce must be claimed only after the signature is verified"


def test_every_decision_is_an_event_without_secrets(keys, caplog):
    with serving(service(keys)) as url, caplog.at_level(logging.INFO, "sealwire"):
        headers = sign(keys, "GET", "/a%0d%0aforged", b"")
        call(url, "GET", "/a%0d%0aforged", headers)
        call(url, "GET", "/b", headers)
    events = [vars(record) for record in caplog.records if hasattr(record, "sealwire_event")]
    assert [event["sealwire_event"] for event in events] == ["accepted", "rejected"]
    assert events[1]["sealwire_reason"] == "signature_mismatch"
    assert {event["sealwire_sender"] for event in events} == {"agent"}
    assert {event["sealwire_service"] for event in events} == {"practices"}
    text = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert headers["X-Service-Signature"] not in text
    assert not any("\n" in record.getMessage() for record in caplog.records)


def test_start_up_logs_warnings_for_the_operator(keys, monkeypatch, caplog):
    with pytest.warns(RuntimeWarning, match="exempts every path"):
        HMACAuthMiddleware(None, "practices", ["/*"], keys=keys, **PAIRWISE)
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    with pytest.warns(RuntimeWarning, match=r"4 workers.*file that all workers share"):
        HMACAuthMiddleware(None, "practices", keys=keys, schemes=["client"], replay="heap")
    monkeypatch.delenv("WEB_CONCURRENCY")
    monkeypatch.setattr(sys, "argv", ["uvicorn", "app:app", "--workers", "2"])
    with pytest.warns(RuntimeWarning, match="2 workers"):
        HMACAuthMiddleware(None, "practices", keys=keys, authorities="any", replay=ReplayTable.heap())
    HMACAuthMiddleware(
        None, "practices", keys=keys, authorities="any"
    )  # no warning, because all workers share the default table
    HMACAuthMiddleware(None, "practices", keys=keys, **PAIRWISE)  # no warning, because pairwise has no nonces
    HMACAuthMiddleware(None, "practices", keys=keys, mode="observe", **PAIRWISE)
    assert any("does not reject requests" in record.message for record in caplog.records)


def test_the_limits_of_pairwise_are_logged_once(keys, monkeypatch, caplog):
    monkeypatch.setattr("sealwire._guard._warned_of_pairwise", False)
    for _ in range(2):
        HMACAuthMiddleware(None, "practices", keys=keys, **PAIRWISE)
    assert sum("do not cover the query" in record.message for record in caplog.records) == 1


def test_a_missing_key_stops_uvicorn_with_an_error_that_contains_the_variable(tmp_path):
    (tmp_path / "unfit.py").write_text(
        "from fastapi import FastAPI\n"
        "from sealwire.asgi import HMACAuthMiddleware\n"
        "app = FastAPI()\n"
        "app.add_middleware(HMACAuthMiddleware, service_name='practices')\n"
    )
    command = [sys.executable, "-m", "uvicorn", "unfit:app", "--port", "0"]
    started = subprocess.run(
        command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=30
    )
    assert started.returncode != 0
    assert (
        "HMAC_SECRET_<PEER>_PRACTICES" in started.stderr or "HMAC_SECRET_PRACTICES_<PEER>" in started.stderr
    )


@pytest.mark.parametrize("path", ["/health", "/a"])
async def test_a_rejection_that_the_application_raises_is_not_handled(keys, path):
    """The client integrations raise `Rejected` in the application if a response that it received is
    invalid."""
    from sealwire import Rejected

    async def app(scope, receive, send):
        raise Rejected("replayed", 50, 401, "text", "message")

    middleware = HMACAuthMiddleware(app, "practices", ["/health"], keys=keys, **PAIRWISE)
    scope = http_scope(sign(keys, "POST", "/a"), path=path, raw_path=path.encode())
    with pytest.raises(Rejected):
        await run(middleware, scope, [*parts(b""), GONE])


async def test_a_configuration_error_at_the_first_call_fails_the_start(monkeypatch, caplog):
    """Frameworks create their middleware at the first call, while the server is starting up."""
    for name in list(os.environ):
        if name.startswith("HMAC_SECRET_"):
            monkeypatch.delenv(name)
    middleware = HMACAuthMiddleware(None, "practices")
    (answer,), _ = await run(middleware, {"type": "lifespan"}, [{"type": "lifespan.startup"}])
    assert answer["type"] == "lifespan.startup.failed"
    assert "HMAC_SECRET_" in answer["message"]
    assert answer["message"] in caplog.text
    with pytest.raises(ConfigError, match="HMAC_SECRET_"):
        await run(middleware, http_scope({}), parts(b""))


async def test_other_messages_are_sent_while_a_response_is_buffered(keys):
    """The middleware buffers only the messages of a response that it signs. It sends other messages at once."""
    hint = {"type": "http.response.debug", "info": {}}

    async def app(scope, receive, send):
        await send(hint)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"o", "more_body": True})
        await send({"type": "http.response.body", "body": b"k"})

    middleware = HMACAuthMiddleware(app, "practices", keys=keys, authorities="any", sign_responses=True)
    headers = {"Host": "practices"} | sign(keys, "POST", "http://practices/a", schemes=["message"])
    sent, _ = await run(middleware, http_scope(headers), parts(b""))
    assert sent[0] == hint
    assert [message["type"] for message in sent[1:]] == ["http.response.start", "http.response.body"]
    assert sent[2]["body"] == b"ok"
    assert any(name.lower() == b"signature" for name, _ in sent[1]["headers"])

"""Tests for signed responses. The caller verifies which service signed the response, and that it belongs to
the caller's request."""

from __future__ import annotations

import time

import aiohttp
import flask
import httpx
import pytest
import requests
from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, StreamingResponse
from sealwire import KeyRing, Rejected, ReplayTable, Signer, Verifier
from sealwire.aiohttp import HMACAuth as AiohttpAuth
from sealwire.asgi import HMACAuthMiddleware
from sealwire.httpx import HMACAuth as HttpxAuth
from sealwire.requests import HMACAuth as RequestsAuth
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import call, serving, serving_wsgi

SCHEMES = ["message", "pairwise", "client"]


def options(keys, **changes):
    return {
        "service_name": "practices",
        "keys": keys,
        "schemes": SCHEMES,
        "sign_responses": True,
        "authorities": "any",
        "replay": ReplayTable.heap(accept_older=True),
        **changes,
    }


def asgi(keys, tmp_path, **changes):
    app = FastAPI()
    (tmp_path / "file").write_bytes(b"x" * 200_000)
    app.add_api_route("/plain", lambda: PlainTextResponse("hello"), methods=["GET", "HEAD", "POST"])
    app.add_api_route("/empty", lambda: PlainTextResponse(status_code=204), methods=["GET"])
    app.add_api_route("/missing", lambda: PlainTextResponse("no", 404), methods=["GET"])
    app.add_api_route("/file", lambda: FileResponse(tmp_path / "file"), methods=["GET"])
    app.add_api_route("/stream", lambda: StreamingResponse(iter([b"a", b"", b"bc"])), methods=["GET"])
    app.add_middleware(HMACAuthMiddleware, **options(keys, **changes))
    return serving(app)


def wsgi(keys, tmp_path, **changes):
    app = flask.Flask("practices")
    (tmp_path / "file").write_bytes(b"x" * 200_000)
    app.add_url_rule("/plain", view_func=lambda: "hello", endpoint="plain", methods=["GET", "POST"])
    app.add_url_rule("/empty", view_func=lambda: ("", 204), endpoint="empty")
    app.add_url_rule("/missing", view_func=lambda: ("no", 404), endpoint="missing")
    app.add_url_rule("/file", view_func=lambda: flask.send_file(tmp_path / "file"), endpoint="file")
    app.add_url_rule("/stream", view_func=lambda: flask.Response(iter([b"a", b"", b"bc"])), endpoint="s")
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, **options(keys, **changes))
    return serving_wsgi(app)


def auth_for(keys, scheme="message"):
    name = "billing-service" if scheme == "client" else "agent"
    return {
        "name": name,
        "receiver": "practices",
        "keys": keys,
        "schemes": [scheme],
        "verify_responses": True,
    }


@pytest.mark.parametrize("serve", [asgi, wsgi])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_kind_of_response_is_signed(keys, tmp_path, serve, scheme):
    auth = HttpxAuth(**auth_for(keys, scheme))
    with serve(keys, tmp_path) as url, httpx.Client(auth=auth) as client:
        for method, path, body in (
            ("GET", "/plain", b"hello"),
            ("HEAD", "/plain", b""),
            ("GET", "/empty", b""),
            ("GET", "/missing", b"no"),
            ("GET", "/file", b"x" * 200_000),
            ("GET", "/stream", b"abc"),
        ):
            response = client.request(method, url + path)
            assert response.content == body
            answered = response.extensions["sealwire.response"]
            assert abs(answered.server_time - time.time()) < 5 and answered.key_version == 1


@pytest.mark.parametrize("serve", [asgi, wsgi])
async def test_every_client_verifies_responses(keys, tmp_path, serve):
    def by_requests(url):
        auth = RequestsAuth(**auth_for(keys))
        return requests.post(f"{url}/plain", data=b"x", auth=auth, timeout=20).content

    async def by_httpx(url):
        async with httpx.AsyncClient(auth=HttpxAuth(**auth_for(keys))) as client:
            return (await client.post(f"{url}/plain", content=b"x")).content

    async def by_aiohttp(url):
        async with (
            aiohttp.ClientSession(middlewares=[AiohttpAuth(**auth_for(keys), origins=[url])]) as session,
            session.post(f"{url}/plain", data=b"x") as response,
        ):
            return await response.read()

    with serve(keys, tmp_path) as url:
        assert by_requests(url) == await by_httpx(url) == await by_aiohttp(url) == b"hello"
    with serve(keys, tmp_path, sign_responses=False) as url:
        for attempt in (by_httpx, by_aiohttp):
            with pytest.raises(Rejected, match="missing_headers"):
                await attempt(url)
        with pytest.raises(Rejected, match="missing_headers"):
            by_requests(url)


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_a_rejection_is_signed_only_if_the_request_had_a_valid_signature(keys, tmp_path, serve):
    """If other rejections were also signed, a client could find out which senders exist."""
    signer = Signer("agent", keys)
    with serve(keys, tmp_path) as url:
        target = f"{url}/plain"
        sent = signer.sign("GET", target, receiver="practices")
        assert call(url, "GET", "/plain", sent).status_code == 200
        replayed = call(url, "GET", "/plain", sent)
        assert replayed.status_code == 401
        answered = signer.verify_response(
            "GET", target, sent, 401, replayed.headers.items(), replayed.content, "practices"
        )
        assert abs(answered.server_time - time.time()) < 5
        for forged in (
            {},
            signer.sign("GET", f"{url}/other", receiver="practices"),
            signer.sign("GET", target, receiver="practices", now_ms=(int(time.time()) - 3600) * 1000),
            {**sent, "Signature": "sealwire=:" + "A" * 43 + "=:"},
        ):
            rejected = call(url, "GET", "/plain", forged)
            assert rejected.status_code == 401 and "Signature" not in rejected.headers


def test_a_changed_or_unrelated_response_is_rejected(keys):
    signer, verifier = Signer("agent", keys), Verifier("practices", keys, authorities="any")
    sent = signer.sign("GET", "/a", {"Host": "x"}, None, "practices")
    request = {**sent, "Host": "x"}
    headers = verifier.sign_response("agent", "message", "GET", "/a", request, 200, b"body")

    def reason(sent=request, status=200, headers=headers, body=b"body", receiver="practices"):
        with pytest.raises(Rejected) as caught:
            signer.verify_response("GET", "/a", sent, status, headers, body, receiver)
        return caught.value.reason

    answered = signer.verify_response("GET", "/a", request, 200, headers, b"body", "practices")
    assert answered.key_version == 1
    assert reason(status=500) == "signature_mismatch"
    assert reason(body=b"other") == "body_digest_mismatch"
    assert reason(headers={}) == "missing_headers"
    other = {**signer.sign("GET", "/a", {"Host": "x"}, None, "practices"), "Host": "x"}
    assert reason(sent=other) == "signature_mismatch"
    stranger = KeyRing(pairs={("agent", "practices"): b"a secret that is not the practices'"})
    forged = Verifier("practices", stranger).sign_response(
        "agent", "message", "GET", "/a", request, 200, b"body"
    )
    assert reason(headers=forged) == "signature_mismatch"

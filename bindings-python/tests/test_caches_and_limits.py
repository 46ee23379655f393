"""Tests for responses to verified requests: cache headers, size limits for signed responses, and streams."""

from __future__ import annotations

import asyncio
import logging
import tracemalloc

import flask
import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse, StreamingResponse
from sealwire import ConfigError, Rejected, ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.compat import HMACAuthMiddleware as CompatMiddleware
from sealwire.httpx import HMACAuth
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.background import BackgroundTask

from .conftest import call, serving, serving_wsgi
from .test_asgi import PAIRWISE, http_scope, parts, run, sign

LIMIT = 1000


def options(keys, **changes):
    return {
        "service_name": "practices",
        "keys": keys,
        "authorities": "any",
        "exempt_paths": ["/health"],
        "replay": ReplayTable.heap(accept_older=True),
        **changes,
    }


def events():
    yield b"data: 1\n\n"
    yield b"data: 2\n\n"


def asgi(keys, middleware=HMACAuthMiddleware, **changes):
    app = FastAPI()
    app.add_api_route("/plain", lambda: PlainTextResponse("hello"))
    app.add_api_route("/health", lambda: PlainTextResponse("hello"))
    app.add_api_route("/own", lambda: Response("hello", headers={"Cache-Control": "public, max-age=60"}))
    app.add_api_route("/aged", lambda: Response("hello", headers={"Cache-Control": "max-age=60"}))
    app.add_api_route("/long", lambda: StreamingResponse(iter([b"x" * LIMIT, b"y"])))
    app.add_api_route("/fits", lambda: StreamingResponse(iter([b"x" * (LIMIT - 1), b"y"])))
    app.add_api_route("/events", lambda: StreamingResponse(events(), media_type="text/event-stream"))
    app.add_middleware(middleware, **options(keys, **changes))
    return serving(app)


def wsgi(keys, **changes):
    app = flask.Flask("practices")
    own = {"Cache-Control": "public, max-age=60"}
    routes = {
        "/plain": lambda: "hello",
        "/health": lambda: "hello",
        "/own": lambda: ("hello", own),
        "/aged": lambda: ("hello", {"Cache-Control": "max-age=60"}),
        "/long": lambda: flask.Response(iter([b"x" * LIMIT, b"y"])),
        "/fits": lambda: flask.Response(iter([b"x" * (LIMIT - 1), b"y"])),
        "/events": lambda: flask.Response(events(), mimetype="text/event-stream"),
    }
    for path, view in routes.items():
        app.add_url_rule(path, endpoint=path, view_func=view)
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, **options(keys, **changes))
    return serving_wsgi(app)


def auth(keys, **changes):
    return HMACAuth("agent", "practices", keys=keys, **changes)


def cache_control(response):
    return response.headers.get_list("cache-control")


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_a_verified_response_is_private_unless_the_application_decides(keys, serve):
    with serve(keys) as url:
        assert cache_control(httpx.get(f"{url}/plain", auth=auth(keys))) == ["private"]
        assert cache_control(httpx.get(f"{url}/own", auth=auth(keys))) == ["public, max-age=60"]
        assert cache_control(httpx.get(f"{url}/health")) == []
        assert cache_control(httpx.get(f"{url}/plain")) == ["no-store"]
    with serve(keys, mode="observe") as url:
        assert cache_control(httpx.get(f"{url}/plain")) == []


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_a_response_that_shared_caches_may_store_is_a_warning(keys, serve, caplog, monkeypatch):
    monkeypatch.setattr("sealwire._caching._warned", False)
    with serve(keys) as url:
        assert cache_control(httpx.get(f"{url}/own", auth=auth(keys))) == ["public, max-age=60"]
        assert "Cache-Control" not in caplog.text
        for _ in range(2):
            assert cache_control(httpx.get(f"{url}/aged", auth=auth(keys))) == ["max-age=60"]
    assert caplog.text.count("'max-age=60'") == 1


def test_the_compat_middleware_keeps_responses_private(keys):
    with asgi(keys, CompatMiddleware) as url:
        assert call(url, "GET", "/plain", sign(keys, "GET", "/plain")).headers["cache-control"] == "private"


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_responses_up_to_the_limit_are_signed_and_longer_ones_are_sent_unsigned(keys, serve, caplog):
    with serve(keys, sign_responses=True, max_signed_response=LIMIT) as url:
        signed = httpx.get(f"{url}/fits", auth=auth(keys, verify_responses=True))
        assert signed.extensions["sealwire.response"].key_version == 1
        assert cache_control(signed) == ["private, no-transform"]
        for _ in range(2):
            long = httpx.get(f"{url}/long", auth=auth(keys))
            assert (long.status_code, len(long.content)) == (200, LIMIT + 1)
            assert "signature" not in long.headers and cache_control(long) == ["private"]
    warned = [record.getMessage() for record in caplog.records if "is not signed" in record.getMessage()]
    assert len(warned) == 1 and "/long" in warned[0] and "max_signed_response" in warned[0]


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_responses_over_the_limit_can_be_an_error(keys, serve):
    with serve(keys, sign_responses=True, max_signed_response=LIMIT, oversize_responses="reject") as url:
        long = httpx.get(f"{url}/long", auth=auth(keys, verify_responses=True))
        assert (long.status_code, long.json()) == (500, {"detail": "Response too long to sign"})
        assert httpx.get(f"{url}/plain", auth=auth(keys, verify_responses=True)).text == "hello"


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_responses_of_some_paths_can_be_sent_unsigned(keys, serve, caplog):
    paths = ["/plain", "/ev*"]
    with serve(keys, sign_responses=True, unsigned_response_paths=paths) as url:
        for path in ("/plain", "/events"):
            assert "signature" not in httpx.get(url + path, auth=auth(keys)).headers
            with pytest.raises(Rejected, match="missing_headers"):
                httpx.get(url + path, auth=auth(keys, verify_responses=True))
        assert "signature" in httpx.get(f"{url}/fits", auth=auth(keys)).headers
    assert not any("is not signed" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_event_streams_are_not_buffered(keys, serve, caplog):
    with serve(keys, sign_responses=True) as url:
        response = httpx.get(f"{url}/events", auth=auth(keys))
        assert response.text == "".join(event.decode() for event in events())
        assert "signature" not in response.headers
    assert any("an event stream" in record.getMessage() for record in caplog.records)


async def test_an_endless_stream_is_not_buffered(keys):
    """The middleware must not buffer a stream, even if it is configured to sign responses."""
    for content_type, chunk in (
        (b"Text/Event-Stream; charset=utf-8", b"data: 1\n\n"),
        (b"video/mp4", bytes(8192)),
    ):
        count = 4000

        async def app(scope, receive, send, content_type=content_type, chunk=chunk):
            headers = [(b"content-type", content_type)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for _ in range(count):  # noqa: B023 - all iterations use the same value
                await send({"type": "http.response.body", "body": chunk, "more_body": True})

        received = 0

        async def send(message):
            nonlocal received
            received += len(message.get("body", b""))

        async def receive():
            return parts(b"")[0]

        middleware = HMACAuthMiddleware(app, "practices", keys=keys, sign_responses=True, **PAIRWISE)
        tracemalloc.start()
        try:
            await middleware(http_scope(sign(keys, "POST", "/a")), receive, send)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert received == count * len(chunk)
        assert peak < 4 << 20


async def test_a_response_in_tiny_pieces_takes_little_memory(keys):
    count = 200_000

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for at in range(count):
            await send({"type": "http.response.body", "body": b"x", "more_body": at + 1 < count})

    middleware = HMACAuthMiddleware(app, "practices", keys=keys, sign_responses=True, **PAIRWISE)
    tracemalloc.start()
    try:
        sent, _ = await run(middleware, http_scope(sign(keys, "POST", "/a")), parts(b""))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent[1]["body"] == b"x" * count and peak < 4 * count + 100_000


async def test_a_response_that_an_inner_middleware_signed_is_signed_once(keys):
    table = {"replay": ReplayTable.heap(accept_older=True)}

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    inner = HMACAuthMiddleware(app, "practices", keys=keys, sign_responses=True, **PAIRWISE)
    outer = HMACAuthMiddleware(inner, "practices", keys=keys, sign_responses=True, **PAIRWISE)
    del table
    sent, _ = await run(outer, http_scope(sign(keys, "POST", "/a")), parts(b""))
    names = [name.lower() for name, _ in sent[0]["headers"]]
    assert names.count(b"signature") == 1 and names.count(b"cache-control") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_signed_response": -1},
        {"max_signed_response": "1 MiB"},
        {"oversize_responses": "drop"},
        {"unsigned_response_paths": "/events"},
        {"unsigned_response_paths": ["events"]},
    ],
)
def test_wrong_limits_stop_the_start(keys, wrong):
    (name,) = wrong
    for middleware in (HMACAuthMiddleware, WSGIMiddleware):
        with pytest.raises(ConfigError, match=name):
            middleware(None, "practices", keys=keys, sign_responses=True, **wrong, **PAIRWISE)


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_a_401_contains_the_scheme_and_does_not_close_the_connection(keys, serve):
    with serve(keys) as url, httpx.Client() as client:
        for _ in range(2):
            rejected = client.get(f"{url}/plain")
            assert rejected.headers["www-authenticate"] == 'Sealwire realm="practices"'
            assert serve is wsgi or rejected.headers.get("connection") != "close"


def test_a_log_record_names_the_request_and_is_of_limited_length(keys, caplog):
    long = "/" + "x" * 20_000
    for serve in (asgi, wsgi):
        caplog.clear()
        with serve(keys) as url, caplog.at_level(logging.INFO, "sealwire"):
            call(url, "POST", long, {"X-Service-Name": "a" * 20_000})
            call(url, "GET", "/%0a%1b[31m?secret=1", {})
            httpx.get(f"{url}/plain", auth=auth(keys))
        records = [record for record in caplog.records if hasattr(record, "sealwire_event")]
        assert [record.sealwire_method for record in records] == ["POST", "GET", "GET"]
        assert [record.sealwire_peer for record in records] == ["127.0.0.1"] * 3
        assert records[2].sealwire_path == "/plain"
        for record in records:
            assert len(record.getMessage()) < 1000 and record.getMessage().isprintable()
            fields = [value for name, value in vars(record).items() if name.startswith("sealwire_")]
            assert all(len(str(value)) <= 256 for value in fields)
            assert "secret" not in str(vars(record))


async def test_clean_up_of_a_cancelled_stream_runs(keys):
    closed = []

    async def app(scope, receive, send):
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    middleware = HMACAuthMiddleware(app, "practices", keys=keys, sign_responses=True, **PAIRWISE)
    running = asyncio.ensure_future(run(middleware, http_scope(sign(keys, "POST", "/a")), parts(b"")))
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert closed == [True]


UNSEEN = {"http.response.pathsend": {}, "http.response.zerocopysend": {}}


@pytest.mark.parametrize("signs", [True, False])
async def test_a_file_is_sent_by_the_server_only_if_it_is_not_signed(keys, signs, tmp_path):
    """With the ASGI extension `http.response.pathsend`, the server reads the file, so the middleware cannot
    sign it."""
    file = tmp_path / "report.txt"
    file.write_text("a report")
    middleware = HMACAuthMiddleware(
        FileResponse(file), "practices", keys=keys, sign_responses=signs, **PAIRWISE
    )
    scope = http_scope(sign(keys, "POST", "/a"), extensions={**UNSEEN, "tls": {}})
    sent, received = [], parts(b"")

    async def receive():
        return received.pop() if received else await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    await middleware(scope, receive, send)
    fields = dict(sent[0]["headers"])
    if signs:
        assert sent[1]["body"] == b"a report" and b"signature" in fields
    else:
        assert sent[1] == {"type": "http.response.pathsend", "path": str(file)}
    assert fields[b"cache-control"].startswith(b"private")


async def test_hints_pushes_and_trailers_pass_a_signed_response(keys):
    hint = {"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]}
    push = {"type": "http.response.push", "path": "/a.css", "headers": []}
    trailers = {"type": "http.response.trailers", "headers": [(b"x-sum", b"1")], "more_trailers": False}

    async def app(scope, receive, send):
        await send(hint)
        await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": True})
        await send(push)
        await send({"type": "http.response.body", "body": b"ok"})
        await send(trailers)

    middleware = HMACAuthMiddleware(app, "practices", keys=keys, sign_responses=True, **PAIRWISE)
    sent, _ = await run(middleware, http_scope(sign(keys, "POST", "/a")), parts(b""))
    assert [message["type"].removeprefix("http.response.") for message in sent] == [
        "early_hint",
        "push",
        "start",
        "body",
        "trailers",
    ]
    assert sent[2]["trailers"] is True and b"signature" in dict(sent[2]["headers"])


@pytest.mark.parametrize("signs", [True, False])
def test_background_tasks_run_after_the_response(keys, signs):
    order = []

    async def later():
        await asyncio.sleep(0.3)
        order.append("task")

    app = FastAPI()
    app.add_api_route("/plain", lambda: PlainTextResponse("hello", background=BackgroundTask(later)))
    app.add_middleware(HMACAuthMiddleware, **options(keys, sign_responses=signs))
    with serving(app) as url:
        assert httpx.get(f"{url}/plain", auth=auth(keys, verify_responses=signs)).text == "hello"
        order.append("response")
    assert order == ["response", "task"]


def test_a_file_under_wsgi_is_sent_by_the_server_only_if_it_is_not_signed(keys, tmp_path):
    """`wsgi.file_wrapper` sends a file with `sendfile` only if the middleware passes the file wrapper on to
    the server."""
    file = tmp_path / "report.txt"
    file.write_text("a report")
    for signs in (True, False):
        inner = flask.Flask("practices")
        inner.add_url_rule("/file", "file", lambda: flask.send_file(file))
        guarded = WSGIMiddleware(inner.wsgi_app, **options(keys, sign_responses=signs))
        kinds = []

        def seen(environ, start_response, guarded=guarded, kinds=kinds):
            iterable = guarded(environ, start_response)
            kinds.append(type(iterable).__name__)
            return iterable

        with serving_wsgi(seen) as url:
            response = httpx.get(f"{url}/file", auth=auth(keys, verify_responses=signs))
            assert response.text == "a report"
        assert kinds == (["HeldResponse"] if signs else ["FileWrapper"])

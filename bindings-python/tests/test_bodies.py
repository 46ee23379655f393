"""Tests for how the middleware reads bodies: memory use, time limits, and unsigned bodies."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import pathlib
import socket
import subprocess
import sys
import time
import tracemalloc

import flask
import pytest
from fastapi import FastAPI, Request
from network import free_port, running
from sealwire import ReplayTable, Signer
from sealwire._blocks import BLOCK_BYTES, Blocks
from sealwire._deadline import resumed
from sealwire.asgi import HMACAuthMiddleware
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import PAIR_SECRET, call, serving, serving_wsgi
from .test_asgi import GONE, PAIRWISE, http_scope, parts, recording, run, sign

SIZE = 300_000


def test_blocks_contain_all_bytes():
    for sizes in ([1] * 1000, [BLOCK_BYTES], [BLOCK_BYTES - 1, 2], [10, 3 * BLOCK_BYTES, 0, 5], []):
        blocks, given = Blocks(), b""
        for at, size in enumerate(sizes):
            piece = bytes([at % 251]) * size
            blocks.append(piece)
            given += piece
        assert b"".join(blocks.take()) == given and blocks.take() == []


@pytest.mark.parametrize("size", [1, 7, 1000, 70_000])
def test_a_body_in_pieces_takes_at_most_twice_its_size_and_one_block(size):
    pieces = [bytes(size) for _ in range(SIZE // size)]
    tracemalloc.start()
    try:
        blocks = Blocks()
        for piece in pieces:
            blocks.append(piece)
        body = b"".join(blocks.take())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(body) == size * len(pieces)
    assert peak <= 2 * len(body) + BLOCK_BYTES + 4096, f"{peak / len(body):.2f} bytes for each byte"


async def memory_of(middleware, scope):
    """Sends a body one byte per message, and returns the peak memory use and the response messages."""
    received = 0

    async def receive():
        nonlocal received
        received += 1
        return {"type": "http.request", "body": b"x", "more_body": received < SIZE}

    async def send(message):
        sent.append(message)

    sent = []
    tracemalloc.start()
    try:
        await middleware(scope, receive, send)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak, sent


async def test_a_forged_body_in_tiny_pieces_takes_little_memory(keys):
    middleware, _ = recording(keys)
    peak, sent = await memory_of(middleware, http_scope(sign(keys, "POST", "/a", b"other")))
    assert sent[0]["status"] == 401
    assert peak <= 2 * SIZE + BLOCK_BYTES + 20_000, f"{peak / SIZE:.2f} bytes for each byte"


def test_a_wsgi_body_in_tiny_pieces_takes_little_memory(keys):
    class Trickle(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1))

    started = []
    middleware = WSGIMiddleware(None, "practices", keys=keys, **PAIRWISE)
    headers = sign(keys, "POST", "/a", b"other")
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a",
        "CONTENT_LENGTH": str(SIZE),
        "wsgi.input": Trickle(bytes(SIZE)),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    tracemalloc.start()
    try:
        middleware(environ, lambda status, headers: started.append(status))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert started == ["401 Unauthorized"]
    assert peak <= 2 * SIZE + BLOCK_BYTES + 20_000, f"{peak / SIZE:.2f} bytes for each byte"


def asgi_app(keys, **options):
    app = FastAPI()

    @app.post("/a")
    async def length(request: Request) -> int:
        return len(await request.body())

    app.add_middleware(HMACAuthMiddleware, service_name="practices", keys=keys, **options)
    return serving(app)


def wsgi_app(keys, **options):
    app = flask.Flask("practices")
    app.add_url_rule("/a", view_func=lambda: str(len(flask.request.get_data())), methods=["POST"])
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, "practices", keys=keys, **options)
    return serving_wsgi(app)


@pytest.mark.parametrize("serve", [asgi_app, wsgi_app])
@pytest.mark.parametrize("schemes", [["client"], ["client", "pairwise"]])
def test_an_unsigned_body_is_passed_on_unread(keys, serve, schemes):
    headers = Signer("billing-service", keys, schemes=["client"]).sign("POST", "/a")
    with serve(keys, schemes=schemes, replay=ReplayTable.heap(accept_older=True)) as url:
        response = call(url, "POST", "/a", headers, bytes(2 << 20))
        assert (response.status_code, response.content) == (200, str(2 << 20).encode())


async def test_an_unsigned_body_is_not_received_for_the_verification(keys):
    read = []

    async def app(scope, receive, send):
        read.append(scope["state"]["identity"].sender)

    middleware = HMACAuthMiddleware(
        app, "practices", keys=keys, schemes=["client"], replay=ReplayTable.heap(accept_older=True)
    )
    headers = Signer("billing-service", keys, schemes=["client"]).sign("POST", "/a")
    messages = parts(b"a", b"b")
    _, left = await run(middleware, http_scope(headers), messages)
    assert read == ["billing-service"] and left == messages


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan"), "60"])
def test_an_invalid_time_limit_stops_the_start(keys, value):
    from sealwire import ConfigError

    with pytest.raises(ConfigError, match="body_timeout"):
        HMACAuthMiddleware(None, "practices", keys=keys, body_timeout=value, **PAIRWISE)


def stalled(*messages):
    """Returns a `receive` callable that never completes the body."""
    queue = list(messages)

    async def receive():
        if queue:
            return queue.pop(0)
        await asyncio.sleep(60)
        return GONE

    return receive


@pytest.mark.parametrize("received", [[], parts(b"a", b"b")[:1]])
async def test_a_body_that_does_not_arrive_is_rejected(keys, received):
    middleware, seen = recording(keys, body_timeout=0.1)
    sent = []

    async def send(message):
        sent.append(message)

    began = time.monotonic()
    await middleware(http_scope(sign(keys, "POST", "/a", b"ab")), stalled(*received), send)
    assert time.monotonic() - began < 5
    assert (sent[0]["status"], seen) == (408, [])
    assert (b"connection", b"close") in sent[0]["headers"]


async def test_after_the_time_limit_an_observed_application_receives_only_messages_of_the_server(keys):
    async def app(scope, receive, send):
        seen.append(await receive())

    async def receive():
        nonlocal calls
        calls += 1
        if calls == 1:
            await asyncio.sleep(60)
        return GONE

    calls, seen = 0, []
    middleware = HMACAuthMiddleware(
        app, "practices", keys=keys, body_timeout=0.05, mode="observe", **PAIRWISE
    )
    await middleware(http_scope(sign(keys, "POST", "/a", b"ab")), receive, None)
    assert seen == [GONE]


async def test_the_time_for_the_body_is_not_the_time_for_the_application(keys):
    async def app(scope, receive, send):
        await asyncio.sleep(0.2)
        await receive()
        sent.append(await receive())

    sent = []
    middleware = HMACAuthMiddleware(app, "practices", keys=keys, body_timeout=0.1, **PAIRWISE)
    await run(middleware, http_scope(sign(keys, "POST", "/a", b"ab")), [*parts(b"ab"), GONE])
    assert sent == [GONE]


async def test_cancelling_a_request_cancels_its_wait_for_the_body(keys):
    middleware, seen = recording(keys)
    waiting = asyncio.ensure_future(
        middleware(http_scope(sign(keys, "POST", "/a", b"ab")), stalled(), lambda message: None)
    )
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert seen == []


class Bare:
    """An awaitable whose iterator has only `__next__`, as the awaitables of granian."""

    def __init__(self, awaitable):
        self._steps = awaitable.__await__()

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._steps)


@pytest.mark.parametrize("received", [[], parts(b"a", b"b")[:1]])
async def test_the_time_limit_applies_to_awaitables_that_have_no_throw(keys, received):
    middleware, seen = recording(keys, body_timeout=0.1)
    receive, sent = stalled(*received), []

    async def send(message):
        sent.append(message)

    await middleware(http_scope(sign(keys, "POST", "/a", b"ab")), lambda: Bare(receive()), send)
    assert (sent[0]["status"], seen) == (408, [])


async def test_a_body_from_awaitables_that_have_no_throw_is_accepted(keys):
    async def receive():
        await asyncio.sleep(0.01)
        return messages.pop(0)

    messages = [*parts(b"a", b"b"), GONE]
    middleware, seen = recording(keys, body_timeout=5)
    await middleware(
        http_scope(sign(keys, "POST", "/a", b"ab")), lambda: Bare(receive()), lambda message: None
    )
    assert [message.get("body") for message in seen] == [b"a", b"b", None]


def test_a_continued_awaitable_receives_values_and_exceptions_as_with_yield_from():
    def awaitable():
        received.append((yield "second"))
        try:
            yield "third"
        except KeyError:
            received.append((yield "fourth"))
        try:
            yield "fifth"
        finally:
            received.append("closed")

    received, steps = [], awaitable()
    next(steps)
    run_of = resumed("first", steps)
    assert run_of.send(None) == "first"
    assert [run_of.send(1), run_of.throw(KeyError()), run_of.send(2)] == ["third", "fourth", "fifth"]
    run_of.close()
    assert received == [1, 2, "closed"]


def test_closing_a_continued_awaitable_does_not_need_close():
    run_of = resumed("first", iter([1]))
    run_of.send(None)
    run_of.close()


@pytest.mark.parametrize(
    "server",
    [
        ["uvicorn", "asgi_service:app", "--lifespan", "off", "--port"],
        ["hypercorn", "asgi_service:app", "--bind"],
        ["granian", "asgi_service:app", "--interface", "asgi", "--port"],
    ],
    ids=lambda command: command[0],
)
def test_a_body_that_does_not_arrive_is_rejected_by_every_server(keys, server):
    port = free_port()
    address = f"127.0.0.1:{port}" if server[0] == "hypercorn" else str(port)
    environment = {**os.environ, "HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET}
    command = [sys.executable, "-m", *server, address]
    services = pathlib.Path(__file__).parent / "services"
    with (
        running(command, port, cwd=services, env=environment, stderr=subprocess.DEVNULL),
        socket.create_connection(("127.0.0.1", port), 20) as connection,
    ):
        fields = sign(keys, "POST", "/a", b"abcdef") | {"Host": f"127.0.0.1:{port}", "Content-Length": "6"}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        connection.sendall(f"POST /a HTTP/1.1\r\n{head}\r\na".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_a_wsgi_body_that_takes_too_long_is_rejected(keys):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            time.sleep(0.05)
            return super().read(min(size, 1))

    started = []
    middleware = WSGIMiddleware(None, "practices", keys=keys, body_timeout=0.1, **PAIRWISE)
    headers = sign(keys, "POST", "/a", bytes(100))
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a",
        "CONTENT_LENGTH": "100",
        "wsgi.input": Slow(bytes(100)),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    middleware(environ, lambda status, headers: started.append(status))
    assert started == ["408 Request Timeout"]


@pytest.mark.parametrize("requires", [True, False])
def test_a_content_encoding_that_was_added_on_the_way_is_rejected_if_the_field_is_required(keys, requires):
    app = flask.Flask("practices")
    app.add_url_rule("/a", "a", lambda: flask.request.get_data(), methods=["POST"])
    fields = {"require_fields": ["content-encoding"]} if requires else {}
    app.wsgi_app = WSGIMiddleware(
        app.wsgi_app,
        "practices",
        keys=keys,
        authorities="any",
        replay=ReplayTable.heap(accept_older=True),
        **fields,
    )
    with serving_wsgi(app) as url:
        headers = Signer("agent", keys).sign("POST", f"{url}/a", body=b"body", receiver="practices")
        added = call(url, "POST", "/a", {**headers, "Content-Encoding": "gzip"}, b"body")
        assert added.status_code == (401 if requires else 200)
        signer = Signer("agent", keys, cover=["content-encoding"])
        own = {"Content-Encoding": "gzip"}
        compressed = gzip.compress(b"body", mtime=0)
        headers = signer.sign("POST", f"{url}/a", own, compressed, "practices")
        assert call(url, "POST", "/a", {**own, **headers}, compressed).content == compressed

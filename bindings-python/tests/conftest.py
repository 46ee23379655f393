"""Shared fixtures and helpers: test keys, and real servers on free loopback ports."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import pathlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from sealwire import KeyRing
from werkzeug.serving import make_server

PAIR_SECRET = "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw=="
CLIENT_SECRET = "a client's shared secret, 32 bytes or more"


@pytest.fixture(scope="session", autouse=True)
def replay_directory_of_the_session(tmp_path_factory) -> Iterator[None]:
    """Sets RUNTIME_DIRECTORY, the directory for default replay tables, for services that outlive a single
    test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNTIME_DIRECTORY", str(tmp_path_factory.mktemp("replay", numbered=True)))
        yield


@pytest.fixture(autouse=True)
def replay_directory(tmp_path_factory, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Sets RUNTIME_DIRECTORY, the directory for default replay tables, to a new directory for each test.

    Services with the same name share one table in this directory.
    """
    directory = tmp_path_factory.mktemp("replay", numbered=True)
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(directory))
    return directory


@pytest.fixture
def faketime():
    """Returns a function that creates the environment variables for a process with a wrong clock.

    The argument of the function is how far the clock is ahead, in seconds.
    """
    libraries = [*pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")]
    assert libraries, "install libfaketime"

    def ahead(seconds: int) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME": f"{seconds:+d}s",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    return ahead


@pytest.fixture
def keys() -> KeyRing:
    other = base64.b64encode(b"another pair's secret, 32 bytes long").decode()
    return KeyRing(
        pairs={("agent", "practices"): PAIR_SECRET, ("meals", "practices"): other},
        clients={"billing-service": CLIENT_SECRET},
        issuer="an issuer's secret, of 32 bytes or more",
    )


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("HMAC_SECRET_AGENT_PRACTICES", PAIR_SECRET)
    return monkeypatch


@contextlib.contextmanager
def serving(app, **settings) -> Iterator[str]:
    """Runs a uvicorn server in a thread and yields its URL."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", **settings)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "uvicorn did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@dataclass
class Answer:
    status_code: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self):
        return json.loads(self.content)


def call(url, method, target, headers, body=b"") -> Answer:
    """Sends a request without changing the target or the headers. Most HTTP clients would normalize them."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items() if isinstance(headers, dict) else headers:
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@contextlib.contextmanager
def serving_wsgi(app) -> Iterator[str]:
    """Runs a threaded werkzeug server and yields its URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.log = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


async def ok(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


def wsgi_ok(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

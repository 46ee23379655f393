"""The test cases that all clients send, and the services that receive the requests."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from hypercorn.asyncio import serve
from hypercorn.config import Config
from sealwire import KeyRing, ReplayTable
from sealwire.asgi import HMACAuthMiddleware

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import until

PAIR = "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw=="
CLIENT = "the secret of a client, 32 bytes or more"
SCHEMES = ("message", "pairwise", "client")
CASES = {
    "query": "/echo/a%2Fb?q=a%20b&q=%27&empty=&c=%C3%A9",
    "json": "/echo",
    "form": "/echo",
    "upload": "/echo",
    "retry": "/flaky",
    "redirect": "/hop",
    "see other": "/see",
    "other origin": "/cross",
    "http2": "/echo",
}


def keys(scheme: str) -> KeyRing:
    """Returns the key ring that a service and its caller share."""
    if scheme == "client":
        return KeyRing(clients={"billing-service": CLIENT})
    return KeyRing(pairs={("agent", "practices"): PAIR})


class Service:
    """A service that responds with a description of the request.

    Some paths redirect. The path /flaky responds with 503 to the first attempt of each request.
    """

    def __init__(self, other: str) -> None:
        """Sets `other`, the URL of another origin that one path redirects to."""
        self.other, self.calls = other, 0

    async def __call__(self, scope, receive, send) -> None:
        """Responds to a request."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        path = scope["path"]
        self.calls += path == "/flaky"
        location = {"/hop": "/echo", "/see": "/echo", "/cross": f"{self.other}/admin"}.get(path)
        status = (
            303
            if path == "/see"
            else 307
            if location
            else 503
            if path == "/flaky" and self.calls % 2
            else 200
        )
        shown = {
            "method": scope["method"],
            "target": scope["raw_path"].decode() + "?" + scope["query_string"].decode(),
            "length": len(body),
            "digest": hashlib.sha256(body).hexdigest(),
            "http": scope["http_version"],
        }
        headers = [(b"content-type", b"application/json")]
        headers += [(b"location", location.encode())] if location else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(shown).encode()})


class Recorder:
    """A server with a different origin. It stores the headers of all requests that it receives."""

    def __init__(self) -> None:
        """Creates an empty list of requests."""
        self.seen: list[dict[str, str]] = []

    async def __call__(self, scope, receive, send) -> None:
        """Stores a request."""
        if scope["type"] != "http":
            return
        self.seen.append({name.decode(): value.decode("latin-1") for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


def protected(service: Service, scheme: str) -> HMACAuthMiddleware:
    """Wraps the service in a middleware that accepts one scheme."""
    return HMACAuthMiddleware(
        service, "practices", keys=keys(scheme), schemes=[scheme], replay=ReplayTable.heap(accept_older=True)
    )


@contextlib.contextmanager
def over_http1(app) -> Iterator[str]:
    """Runs uvicorn in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "uvicorn")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@contextlib.contextmanager
def over_http2(app) -> Iterator[str]:
    """Runs hypercorn in a thread, with HTTP/2 but without TLS."""
    config = Config()
    config.bind, config.loglevel = ["127.0.0.1:0"], "ERROR"
    sockets = config.create_sockets()
    config.create_sockets = lambda: sockets
    stop = threading.Event()

    async def stopped() -> None:
        await asyncio.to_thread(stop.wait)

    thread = threading.Thread(
        target=lambda: asyncio.run(serve(app, config, shutdown_trigger=stopped)), daemon=True
    )
    thread.start()
    yield f"http://127.0.0.1:{sockets.insecure_sockets[0].getsockname()[1]}"
    stop.set()
    thread.join(20)

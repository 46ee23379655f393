"""Measures the CPU time of ASGI middleware per request. The requests are passed to the application in the
same process, without a server or sockets."""

import asyncio
import time

import uvloop
from apps import fastapi_app, sealwired, specced
from harness import run_async
from samples import BODY, lines, ring
from sealwire import Signer

PER_SLICE = 10
SLICES = 40


def added(rounds: int) -> None:
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(rows(rounds))
    loop.close()


async def rows(rounds: int) -> None:
    signer = Signer("agent", ring(), schemes=["pairwise"])

    def subject(app):
        async def measured() -> float:
            headers = lines(signer.sign("POST", "/graphql", None, BODY, "practices"))
            started = time.process_time_ns()
            for _ in range(PER_SLICE):
                await request(app, headers)
            return (time.process_time_ns() - started) / PER_SLICE

        return measured

    wraps = {"sealwire": sealwired, "BaseHTTPMiddleware": specced, "none": lambda app: app}
    for name, app in {"python-asgi": fastapi_app, "python-asgi-bare": lambda: bare}.items():
        subjects = {kind: subject(wrap(app())) for kind, wrap in wraps.items()}
        await run_async(name, rounds, subjects, SLICES)


async def request(app, headers) -> None:
    """Passes a request to the application in the same form as uvicorn does. Raises an error if the status of
    the response is not 200."""
    events = [{"type": "http.request", "body": BODY, "more_body": False}]
    status = 0

    async def receive():
        return events.pop() if events else {"type": "http.disconnect"}

    async def send(message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 40000),
        "scheme": "http",
        "method": "POST",
        "root_path": "",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": list(headers),
        "state": {},
    }
    await app(scope, receive, send)
    if status != 200:
        raise AssertionError(f"answered {status}")


async def bare(scope, receive, send) -> None:
    """A minimal application that reads the body and responds."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})

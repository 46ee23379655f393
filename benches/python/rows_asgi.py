"""What a middleware adds to a request, in CPU time, in process: no server, no sockets."""

import asyncio
import time

import uvloop
from apps import fastapi_app, sealwired, specced
from harness import run
from samples import BODY, lines, ring
from sealwire import Signer

PER_ROUND = 200


def added(rounds: int) -> None:
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    signer = Signer("agent", ring(), schemes=["pairwise"])

    def subject(app):
        def measured() -> float:
            headers = lines(signer.sign("POST", "/graphql", None, BODY, "practices"))
            started = time.process_time_ns()
            loop.run_until_complete(requests(app, headers))
            return (time.process_time_ns() - started) / PER_ROUND

        return measured

    rows = {"sealwire": sealwired, "BaseHTTPMiddleware": specced, "none": lambda app: app}
    run("python-asgi", rounds, {name: subject(wrap(fastapi_app())) for name, wrap in rows.items()})
    run("python-asgi-bare", rounds, {name: subject(wrap(bare)) for name, wrap in rows.items()})
    loop.close()


async def requests(app, headers) -> None:
    for _ in range(PER_ROUND):
        await request(app, headers)


async def request(app, headers) -> None:
    """One request as uvicorn hands it over; the answer must be a success."""
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
    """The least an application does: it reads the body and answers."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})

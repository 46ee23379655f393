"""Measures the memory per byte of a body that arrives in small parts. Each implementation runs in a separate
process.

Usage: bodies.py [SUBJECT]"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from samples import lines, ring
from sealwire import Signer
from sealwire.asgi import HMACAuthMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse

PIECE, PIECES = 64, 131_072
SIZE = PIECE * PIECES


async def application(scope, receive, send) -> None:
    """Reads the body in parts and does not store it."""
    read = 0
    while True:
        message = await receive()
        read += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await PlainTextResponse(str(read))(scope, receive, send)


async def starlette(scope, receive, send) -> None:
    """Stores the body, like middleware that calls `await request.body()`."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


SUBJECTS = {
    "sealwire": lambda: HMACAuthMiddleware(
        application, "practices", keys=ring(), replay="heap", max_body_bytes=SIZE
    ),
    "`await request.body()` of Starlette": lambda: starlette,
}


def main(*subjects: str) -> None:
    if subjects:
        print(asyncio.run(per_byte(*subjects)))
        return
    found = {name: subprocess.check_output([sys.executable, __file__, name], text=True) for name in SUBJECTS}
    print(json.dumps({name: float(figure) for name, figure in found.items()}))


async def per_byte(subject: str) -> float:
    app = SUBJECTS[subject]()
    await send_body(app, 16)  # loads code that would otherwise be loaded during the measurement
    reset_peak()
    before = memory("VmRSS")
    await send_body(app, PIECES)
    return (memory("VmHWM") - before) / SIZE


async def send_body(app, pieces: int) -> None:
    signer = Signer("agent", ring())
    url = "https://practices.internal/upload"
    signed = signer.sign("POST", url, body=b"a" * PIECE * pieces, receiver="practices")
    left = pieces
    received = None

    async def receive():
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": b"a" * PIECE, "more_body": left > 0}

    async def send(message) -> None:
        nonlocal received
        if message["type"] == "http.response.body":
            received = message["body"]

    headers = [(b"host", b"practices.internal")]
    headers += [
        line for line in lines(signed) if line[0] in (b"signature", b"signature-input", b"content-digest")
    ]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 40000),
        "scheme": "https",
        "method": "POST",
        "path": "/upload",
        "raw_path": b"/upload",
        "query_string": b"",
        "headers": headers,
    }
    await app(scope, receive, send)
    if received != str(PIECE * pieces).encode():
        raise AssertionError(f"the application received {received}")


def reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def memory(name: str) -> int:
    """Returns a value of /proc/self/status in bytes."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status[name].split()[0]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Writes the most recent request to a file as raw HTTP, for `sealwire explain` and the playground.

Use it only for development, because the file contains signatures and bodies.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Capture:
    """An ASGI middleware that captures requests. Add it as the last middleware, so that it receives requests first."""

    def __init__(self, app: Callable[..., Awaitable[None]], file: str) -> None:
        """Creates the middleware. `file` is the path of the file to write."""
        self.app = app
        self.file = Path(file)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Captures a request and calls the application."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        lines = [b"%s %s HTTP/1.1" % (scope["method"].encode(), target)]
        lines += [name + b": " + value for name, value in scope["headers"]]
        body = b""

        async def received() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        try:
            return await self.app(scope, received, send)
        finally:
            self.file.write_bytes(b"\r\n".join([*lines, b"", body]))

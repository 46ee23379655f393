"""ASGI messages that the middleware receives, repeats and sends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from types import MethodType
from typing import Any, Final

from sealwire._blocks import Blocks
from sealwire._deadline import Deadline
from sealwire._errors import ConfigError
from sealwire._native import REQUEST_TIMEOUT, Pending
from sealwire._rejections import Response

logger = logging.getLogger("sealwire")

# The scope entry with the key of the nonce that an outer middleware has claimed in a shared store.
CLAIMED: Final = "sealwire.claimed"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The scope entry with the rejection of a request that the mode accepted. Only code in this process can set
# it.
OBSERVED: Final = "sealwire.observed"


def clear_identity(scope: Scope) -> None:
    """Marks the sender as unknown in the scope; see `Identity.apply_to_scope`."""
    state = scope.setdefault("state", {})
    state["identity"] = state["authenticated_service"] = state["user_id"] = None


def request_of(scope: Scope) -> tuple[str, str, str]:
    """Returns the method, path and peer address for log records."""
    client = scope.get("client")
    return scope.get("method", "GET"), scope["path"], str(client[0]) if client else ""


class Body:
    """The body of a request, which is received for verification and then passed to the application."""

    __slots__ = ("_blocks", "_deadline", "_last", "_receive")

    def __init__(
        self, receive: Receive, timeout: float, pending: Pending, last: Message | None = None
    ) -> None:
        """`timeout` is the maximum time to receive the complete body, in seconds. `last` is the message that was
        received already."""
        self._receive = receive
        self._deadline = Deadline(timeout, pending)
        self._blocks: Blocks | None = None
        self._last = last

    async def receive(self) -> Message:
        """Receives the next message. Raises `Rejected` after the timeout."""
        message = self._last = await self._deadline.within(self._receive())
        return message

    async def resume(self, pause: Any, steps: Generator[Any, Any, Message]) -> Message:  # noqa: ANN401 - the event loop's own object
        """Like `receive`, after the first step of the call, which ended in `pause`."""
        message = self._last = await self._deadline.after(pause, steps)
        return message

    async def receive_rest(self) -> bytes | None:
        """Receives the remaining body and returns its last part. Returns None if the client disconnects."""
        message = self._last
        blocks = self._blocks = Blocks()
        while message is not None and message["type"] == "http.request" and message.get("more_body"):
            piece = message.get("body", b"")
            blocks.append(piece)
            self._last = None
            self._deadline.pending.update(piece)
            message = await self.receive()
        if message is None or message["type"] != "http.request":
            return None
        last: bytes = message.get("body", b"")
        return last

    def again(self) -> Receive:
        """Returns a `receive` callable that repeats the body and then receives further messages."""
        blocks = self._blocks.take() if self._blocks is not None else []
        held: list[Message] = [{"type": "http.request", "body": block, "more_body": True} for block in blocks]
        if self._last is not None:
            held.append(self._last)
        return MethodType(receive_again, [self._receive, *reversed(held)])


def repeated(receive: Receive, message: Message | None) -> Receive:
    """Returns a `receive` callable that repeats a message, and then receives further messages."""
    return receive if message is None else MethodType(receive_again, [receive, message])


async def receive_again(held: list[Any]) -> Message:
    """Returns the stored messages, starting at the end of the list, and then calls the `receive` callable in
    its first item. A bound method of a list is the fastest callable with state."""
    message: Message = held.pop() if len(held) > 1 else await held[0]()
    return message


async def send_response(scope: Scope, send: Send, response: Response) -> None:
    """Sends the response to a rejected request."""
    start = start_of("http.response.start", response)
    # An incomplete body blocks a connection of HTTP/1.1, so the connection is closed. Later versions have no such
    # header.
    if response.status == REQUEST_TIMEOUT and scope.get("http_version", "1.1").startswith("1"):
        start["headers"].append((b"connection", b"close"))
    await send(start)
    await send({"type": "http.response.body", "body": response.body})


async def refuse_websocket(
    scope: Scope, receive: Receive, send: Send, response: Response, reason: str
) -> None:
    """Rejects a handshake with a response if the server supports it, otherwise with the server's 403."""
    await receive()
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        return await send({"type": "websocket.close", "code": 1008, "reason": reason})
    await send(start_of("websocket.http.response.start", response))
    await send({"type": "websocket.http.response.body", "body": response.body})
    return None


def start_of(kind: str, response: Response) -> Message:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    return {"type": kind, "status": response.status, "headers": headers}


def at_start(error: ConfigError) -> ConfigError:
    """Raises the error, or returns it where an event loop runs.

    Frameworks create their middleware at the server's first call. The server interprets an exception there as "no
    lifespan events" and starts. So the error is kept for the lifespan event, whose failure stops the server.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise error from None
    return error


async def refuse_start(error: ConfigError, scope: Scope, receive: Receive, send: Send) -> None:
    """Fails the start-up. Raises the error if the server sends no lifespan events."""
    if scope["type"] != "lifespan":
        raise error
    await receive()
    logger.critical("%s", error)
    await send({"type": "lifespan.startup.failed", "message": str(error)})

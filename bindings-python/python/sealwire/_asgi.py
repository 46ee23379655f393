"""Functions for the ASGI messages that the middleware receives and sends."""

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

# The scope entry for the key of a nonce that an outer middleware has already claimed in a shared store.
CLAIMED: Final = "sealwire.claimed"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# The scope entry for the rejection of a request that was accepted because of the mode. A client cannot set
# it, because it is not a header.
OBSERVED: Final = "sealwire.observed"


def clear_identity(scope: Scope) -> None:
    """Sets `identity`, `authenticated_service` and `user_id` in the scope's state to None."""
    state = scope.setdefault("state", {})
    state["identity"] = state["authenticated_service"] = state["user_id"] = None


def request_of(scope: Scope) -> tuple[str, str, str]:
    """Returns the method, path and peer address for log records."""
    client = scope.get("client")
    return scope.get("method", "GET"), scope["path"], str(client[0]) if client else ""


class Body:
    """The body of a request. The middleware receives the body for verification, and then passes it to the
    application."""

    __slots__ = ("_blocks", "_deadline", "_last", "_receive")

    def __init__(
        self, receive: Receive, timeout: float, pending: Pending, last: Message | None = None
    ) -> None:
        """`timeout` is the maximum time to receive the complete body, in seconds. `last` is the first message
        of the body, if it was already received."""
        self._receive = receive
        self._deadline = Deadline(timeout, pending)
        self._blocks: Blocks | None = None
        self._last = last

    async def receive(self) -> Message:
        """Returns the next message. Raises `Rejected` after the timeout."""
        message = self._last = await self._deadline.within(self._receive())
        return message

    async def resume(self, pause: Any, steps: Generator[Any, Any, Message]) -> Message:  # noqa: ANN401 - the type depends on the event loop
        """Like `receive`, but continues a call that has already run to its first suspension, where it
        yielded `pause`."""
        message = self._last = await self._deadline.after(pause, steps)
        return message

    async def receive_rest(self) -> bytes | None:
        """Receives the remaining messages of the body and returns the last part. Returns None if the client
        disconnects."""
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
        """Returns a `receive` callable for the application. It returns the received body first, and then
        receives further messages from the server."""
        blocks = self._blocks.take() if self._blocks is not None else []
        held: list[Message] = [{"type": "http.request", "body": block, "more_body": True} for block in blocks]
        if self._last is not None:
            held.append(self._last)
        return MethodType(receive_again, [self._receive, *reversed(held)])


def repeated(receive: Receive, message: Message | None) -> Receive:
    """Returns a `receive` callable that returns `message` first, and then receives further messages from
    the server."""
    return receive if message is None else MethodType(receive_again, [receive, message])


async def receive_again(held: list[Any]) -> Message:
    """Returns the stored messages one by one, and then calls the server's `receive`. `held` contains the
    server's `receive` and the messages in reverse order. The function is bound to a list as a method,
    because such a method is the fastest callable that has state."""
    message: Message = held.pop() if len(held) > 1 else await held[0]()
    return message


async def send_response(scope: Scope, send: Send, response: Response) -> None:
    """Sends the response to a rejected request."""
    start = start_of("http.response.start", response)
    # The rest of the body would arrive before the next request on an HTTP/1.1 connection, so the connection is
    # closed. HTTP/2 and HTTP/3 have no `Connection` header.
    if response.status == REQUEST_TIMEOUT and scope.get("http_version", "1.1").startswith("1"):
        start["headers"].append((b"connection", b"close"))
    await send(start)
    await send({"type": "http.response.body", "body": response.body})


async def refuse_websocket(
    scope: Scope, receive: Receive, send: Send, response: Response, reason: str
) -> None:
    """Rejects a WebSocket handshake. If the server does not support responses to handshakes, it sends its own
    403."""
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
    """Raises the error if no event loop runs. Otherwise, returns the error.

    Frameworks create their middleware when the server sends the lifespan event. If the constructor raised
    an exception here, the server would assume that the application does not support lifespan events, and
    would start. The error is therefore stored and reported in response to the lifespan event. The server
    then stops.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise error from None
    return error


async def refuse_start(error: ConfigError, scope: Scope, receive: Receive, send: Send) -> None:
    """Reports the error in response to the lifespan event. Raises the error for any other scope, because
    the server then does not send lifespan events."""
    if scope["type"] != "lifespan":
        raise error
    await receive()
    logger.critical("%s", error)
    await send({"type": "lifespan.startup.failed", "message": str(error)})

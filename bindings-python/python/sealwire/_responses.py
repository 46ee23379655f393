"""Signing what an ASGI application answers: held back until it is whole, since its signature goes ahead of it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sealwire._errors import SignError
from sealwire._native import Verifier

logger = logging.getLogger("sealwire")

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

# Ways to send a body that this middleware would not see.
UNSEEN = ("http.response.pathsend", "http.response.zerocopysend")


class SigningSend:
    """A `send` that adds a signature to the answer."""

    def __init__(
        self,
        send: Send,
        verifier: Verifier,
        scope: MutableMapping[str, Any],
        caller: str,
        scheme: str,
    ) -> None:
        """`caller` sent the request of `scope`, which was judged by `scheme`."""
        self._send = send
        self._verifier = verifier
        self._request = (caller, scheme, scope)
        self._bodiless = scope["method"] == "HEAD"
        self._start: Message | None = None
        self._chunks: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        """Holds the answer back until its end; whatever else is sent passes."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._chunks.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                await self._finish(self._start)
        else:
            await self._send(message)

    def _sign(self, status: int, body: bytes) -> list[tuple[bytes, bytes]]:
        caller, scheme, scope = self._request
        return self._verifier.sign_response_asgi(caller, scheme, scope, status, body)

    async def _finish(self, start: Message) -> None:
        self._start = None
        body = b"".join(self._chunks)
        try:
            # The server leaves out the body of an answer to HEAD, so what arrives is empty.
            signature = self._sign(start["status"], b"" if self._bodiless else body)
            start = {**start, "headers": [*start.get("headers", ()), *signature]}
        except SignError as error:
            logger.warning("the answer goes out unsigned: %s", error)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def without_unseen(scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The scope without the extensions that would get around the signature."""
    extensions = scope.get("extensions") or {}
    kept = {name: value for name, value in extensions.items() if name not in UNSEEN}
    return {**scope, "extensions": kept} if len(kept) < len(extensions) else scope

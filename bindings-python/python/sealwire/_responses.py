"""Adds `Cache-Control: private` to the responses of ASGI applications to verified requests, and signs these
responses if this is configured."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from sealwire import _native
from sealwire._caching import check_own
from sealwire._native import Verifier
from sealwire._signed_responses import (
    TOO_LONG,
    Headers,
    SignedResponses,
    error_headers,
    has_signature,
    is_event_stream,
    with_signature,
)

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

START: Final = "http.response.start"
BODY: Final = "http.response.body"
CACHE_CONTROL: Final = _native.CACHE_CONTROL.lower().encode()
CACHE_CONTROL_BYTES: Final = len(CACHE_CONTROL)
PRIVATE_FIELD: Final = (CACHE_CONTROL, _native.VERIFIED_CACHE_CONTROL.encode())

# ASGI extensions that send the body in a message of another type, which the middleware cannot sign.
UNSEEN: Final = ("http.response.pathsend", "http.response.zerocopysend")


def send_private(send: Send, message: Message) -> Awaitable[None]:
    """Sends a message. Adds `Cache-Control: private` to a response, unless the application sets
    `Cache-Control`. The middleware binds this function to `send` as a method, because this is faster than a
    closure.
    """
    if message["type"] == START:
        headers = list(message.get("headers") or ())
        for name, value in headers:
            # The length is compared first, because it differs for most names and calling `lower` is slower.
            if len(name) == CACHE_CONTROL_BYTES and name.lower() == CACHE_CONTROL:
                check_own(value.decode("latin-1"))
                break
        else:
            message = {**message, "headers": [*headers, PRIVATE_FIELD]}
    return send(message)


class SigningSend:
    """A `send` callable that signs the response."""

    def __init__(
        self,
        send: Send,
        verifier: Verifier,
        scope: MutableMapping[str, Any],
        caller: str,
        scheme: str,
        settings: SignedResponses,
    ) -> None:
        """`scope` is the scope of a request from `caller` whose signature of the scheme `scheme` was
        verified."""
        self._send = send
        self._verifier = verifier
        self._settings = settings
        # The scope is copied, because the application can change its scope before it responds.
        self._request = (caller, scheme, {**scope})
        self._is_head = scope["method"] == "HEAD"
        self._start: Message | None = None
        self._body = bytearray()
        self._discards = False

    async def __call__(self, message: Message) -> None:
        """Buffers a response until it is complete, and then sends it with a signature. Messages of other
        types are sent unchanged."""
        if message["type"] == START:
            await self._begin(message)
        elif message["type"] == BODY and self._discards:
            return
        elif message["type"] == BODY and self._start is not None:
            await self._hold(self._start, message)
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        headers = text_of(start.get("headers") or ())
        if is_event_stream(headers):
            self._warn("an event stream")
        elif not has_signature(headers):
            self._start = start
            return
        await self._send(start)

    async def _hold(self, start: Message, message: Message) -> None:
        piece, more = message.get("body", b""), message.get("more_body", False)
        if len(self._body) + len(piece) > self._settings.max_bytes:
            return await self._give_up(start, message)
        self._body += piece
        if not more:
            await self._finish(start, bytes(self._body))
        return None

    async def _finish(self, start: Message, body: bytes) -> None:
        self._start, self._body = None, bytearray()
        await self._send(self._signed(start, body))
        await self._send({"type": BODY, "body": body})

    async def _give_up(self, start: Message, message: Message) -> None:
        """Handles a response that is too long to sign. Sends it without a signature, or sends an error
        response instead."""
        self._warn("longer than max_signed_response")
        if self._settings.oversize == "reject":
            self._discards = True
            error = {"type": START, "status": 500, "headers": bytes_of(error_headers())}
            return await self._finish(error, TOO_LONG)
        held, self._start, self._body = bytes(self._body), None, bytearray()
        await self._send(start)
        await self._send({"type": BODY, "body": held, "more_body": True})
        await self._send(message)
        return None

    def _signed(self, start: Message, body: bytes) -> Message:
        caller, scheme, scope = self._request

        def sign() -> Headers:
            # The server does not send the body of a response to HEAD, so an empty body is signed.
            whole = b"" if self._is_head else body
            status = start["status"]
            return text_of(self._verifier.sign_response_asgi(caller, scheme, scope, status, whole))

        headers = with_signature(text_of(start.get("headers") or ()), sign)
        return {**start, "headers": bytes_of(headers)}

    def _warn(self, why: str) -> None:
        scope = self._request[2]
        self._settings.warn(scope["method"], scope["path"], why)


def text_of(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def bytes_of(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def without_unseen(scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Returns the scope without the extensions `UNSEEN`."""
    extensions = scope.get("extensions") or {}
    kept = {name: value for name, value in extensions.items() if name not in UNSEEN}
    return {**scope, "extensions": kept} if len(kept) < len(extensions) else scope

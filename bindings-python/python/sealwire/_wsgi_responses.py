"""Adds `Cache-Control: private` to the responses of WSGI applications to verified requests, and signs these
responses if this is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from sealwire._caching import check_own
from sealwire._native import CACHE_CONTROL, VERIFIED_CACHE_CONTROL
from sealwire._signed_responses import (
    TOO_LONG,
    Headers,
    SignedResponses,
    error_headers,
    has_signature,
    is_event_stream,
    with_signature,
)

StartResponse = Callable[..., Any]
Write = Callable[[bytes], Any]

PRIVATE_FIELD: Final = (CACHE_CONTROL, VERIFIED_CACHE_CONTROL)


def private(start_response: StartResponse) -> StartResponse:
    """Returns a `start_response` that adds `Cache-Control: private`, unless the application sets
    `Cache-Control`."""

    def start(status: str, headers: Headers, *exc_info: object) -> Write:
        own = next((value for name, value in headers if name.lower() == CACHE_CONTROL.lower()), None)
        if own is None:
            headers = [*headers, PRIVATE_FIELD]
        else:
            check_own(own)
        write: Write = start_response(status, headers, *exc_info)
        return write

    return start


class HeldResponse:
    """A response of an application that is buffered until it is complete, and then signed. A response that is
    too long is not signed."""

    def __init__(
        self,
        start_response: StartResponse,
        sign: Callable[[int, bytes], dict[str, str]],
        settings: SignedResponses,
        warn: Callable[[str], None],
    ) -> None:
        """`sign` takes a status and a body and returns the headers of the signature. `warn` is called with
        the reason if the response is not signed."""
        self._start_response = start_response
        self._sign = sign
        self._settings = settings
        self._warn = warn
        self._status, self._headers = "", Headers()
        self._body = bytearray()
        self._response: Iterable[bytes] = ()
        # The `write` function of the server, or None until the response is started.
        self._sent: Write | None = None
        self._discards = False

    def start_response(self, status: str, headers: Headers, *exc_info: object) -> Write:
        """The function that the application calls as `start_response`. Until data is sent, a second call
        with `exc_info` replaces the status and headers."""
        if self._sent is not None:
            self._sent = self._start_response(status, headers, *exc_info)
        else:
            self._status, self._headers = status, headers
            if has_signature(headers):
                self._send_on()
        return self._write

    def send(self, response: Iterable[bytes]) -> HeldResponse:
        """Stores the iterable that the application returned. Returns the iterable that the middleware
        returns."""
        self._response = response
        return self

    def __iter__(self) -> Iterator[bytes]:
        """Returns the parts of the body to send."""
        for piece in self._response:
            yield from self._take(piece)
        if self._sent is None:
            yield self._finish(bytes(self._body))

    def close(self) -> None:
        """Closes the iterable that the application returned (PEP 3333)."""
        close = getattr(self._response, "close", None)
        if close is not None:
            close()

    def _write(self, piece: bytes) -> None:
        """The function that `start_response` returns, which older applications call."""
        for sendable in self._take(piece):
            if self._sent is not None:
                self._sent(sendable)

    def _take(self, piece: bytes) -> Iterator[bytes]:
        if self._sent is None and is_event_stream(self._headers):
            self._warn("an event stream")
            self._send_on()
        if self._sent is not None:
            if not self._discards:
                yield piece
        elif len(self._body) + len(piece) <= self._settings.max_bytes:
            self._body += piece
        else:
            yield self._give_up(piece)

    def _give_up(self, piece: bytes) -> bytes:
        """Handles a response that is too long to sign. Starts it without a signature, or starts an error
        response instead. Returns the bytes to send."""
        self._warn("longer than max_signed_response")
        if self._settings.oversize == "reject":
            self._discards = True
            self._status, self._headers = "500 Internal Server Error", error_headers()
            return self._finish(TOO_LONG)
        held, self._body = bytes(self._body), bytearray()
        self._send_on()
        return held + piece

    def _finish(self, body: bytes) -> bytes:
        status = int(self._status.split(" ", 1)[0])
        self._headers = with_signature(self._headers, lambda: [*self._sign(status, body).items()])
        self._send_on()
        return body

    def _send_on(self) -> None:
        self._sent = self._start_response(self._status, self._headers)

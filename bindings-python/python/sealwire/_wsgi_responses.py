"""Signing what a WSGI application answers: held back until it is whole, since its signature goes ahead of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from sealwire._errors import SignError

logger = logging.getLogger("sealwire")

StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]


class Held:
    """What an application answered, held back."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.status = ""
        self.headers: Headers = []
        self._chunks: list[bytes] = []

    def start_response(
        self, status: str, headers: Headers, exc_info: object = None
    ) -> Callable[[bytes], None]:
        """What the application calls; nothing has been sent, so a second call with an error may replace the first."""
        self.status, self.headers = status, headers
        return self._chunks.append

    def gather(self, answer: Iterable[bytes]) -> bytes:
        """Takes the whole body, and closes what it came from."""
        try:
            self._chunks.extend(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        return b"".join(self._chunks)


def signed(
    call: Callable[[StartResponse], Iterable[bytes]],
    start_response: StartResponse,
    sign: Callable[[int, bytes], dict[str, str]],
) -> list[bytes]:
    """The answer of `call`, with the headers of `sign` added."""
    held = Held()
    body = held.gather(call(held.start_response))
    try:
        signature = sign(int(held.status.split(" ", 1)[0]), body)
        held.headers = [*held.headers, *signature.items()]
    except SignError as error:
        logger.warning("the answer goes out unsigned: %s", error)
    start_response(held.status, held.headers)
    return [body]

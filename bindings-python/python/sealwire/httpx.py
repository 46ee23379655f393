"""Signs what httpx sends.

    client = httpx.AsyncClient(auth=HMACAuth("agent", "practices"))

Redirects are not signed anew: a redirected request is refused by its new receiver, which is why httpx's default not to
follow them is left alone. With `verify_responses=True` an answer's `extensions["sealwire.response"]` says when the server
signed it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Unpack

import httpx

from sealwire._httpx import signed_exchange
from sealwire._signing import Receiver, Signing, SigningOptions

__all__ = ["HMACAuth"]


class HMACAuth(httpx.Auth, Signing):
    """Signs each request as it leaves, for sync and async clients alike; the arguments are those of `Signing`."""

    def __init__(self, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> None:
        """As `Signing`."""
        super().__init__(name, receiver, **options)
        # Looked at by httpx: it then reads an answer before it hands it back to be judged.
        self.requires_response_body = self.verifies_responses

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the headers to a request, and judges its answer if that is asked for."""
        return signed_exchange(self, request, body_of(request))


def body_of(request: httpx.Request) -> bytes | None:
    """The bytes that will be sent, or None when they come from a stream."""
    try:
        return request.content
    except httpx.RequestNotRead:
        return None

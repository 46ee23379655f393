"""Signs what httpx sends.

    client = httpx.AsyncClient(auth=HMACAuth("agent", "practices"))

Redirects are not signed anew: a redirected request is refused by its new receiver, which is why httpx's default not to
follow them is left alone. With `verify_answers=True` an answer's `extensions["sealwire.answered"]` says when the server
signed it.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Unpack

import httpx

from sealwire._signing import UNCODED, Receiver, Signing, SigningOptions

__all__ = ["HMACAuth"]


class HMACAuth(httpx.Auth, Signing):
    """Signs each request as it leaves, for sync and async clients alike; the arguments are those of `Signing`."""

    def __init__(self, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> None:
        """As `Signing`."""
        super().__init__(name, receiver, **options)
        # Read by httpx: it then reads an answer before it hands it back to be judged.
        self.requires_response_body = self.verifies_answers

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the headers to a request."""
        if self.verifies_answers:
            request.headers.update([UNCODED])
        url = request.url
        absolute = b"%b://%b%b" % (url.raw_scheme, url.netloc, url.raw_path)
        signed = self.headers(request.method, absolute, url.host, request.headers.raw, body_of(request))
        request.headers.update(signed)
        response = yield request
        if self.verifies_answers:
            response.extensions["sealwire.answered"] = self.check(
                request.method,
                absolute,
                url.host,
                request.headers.raw,
                response.status_code,
                response.headers.raw,
                response.content,
            )


def body_of(request: httpx.Request) -> bytes | None:
    """The bytes that will be sent, or None when they come from a stream."""
    try:
        return request.content
    except httpx.RequestNotRead:
        return None

"""Signs what httpx sends.

    client = httpx.AsyncClient(auth=HMACAuth("agent", "practices"))

Redirects are not signed anew: a redirected request is refused by its new receiver, which is why httpx's default not to
follow them is left alone.
"""

from __future__ import annotations

from collections.abc import Generator

import httpx

from sealwire._signing import Signing

__all__ = ["HMACAuth"]


class HMACAuth(httpx.Auth, Signing):
    """Signs each request as it leaves, for sync and async clients alike; the arguments are those of `Signing`."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the headers to a request."""
        url = request.url
        absolute = b"%b://%b%b" % (url.raw_scheme, url.netloc, url.raw_path)
        signed = self.headers(request.method, absolute, url.host, request.headers.raw, body_of(request))
        request.headers.update(signed)
        yield request


def body_of(request: httpx.Request) -> bytes | None:
    """The bytes that will be sent, or None when they come from a stream."""
    try:
        return request.content
    except httpx.RequestNotRead:
        return None

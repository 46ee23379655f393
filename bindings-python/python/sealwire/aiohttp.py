"""Signs what aiohttp's client sends.

    session = aiohttp.ClientSession(middlewares=[HMACAuth("agent", "practices")])

A middleware sees redirects too, so each hop is signed for its own URL; name a `receiver` function if hops lead elsewhere.
"""

from __future__ import annotations

import aiohttp
from aiohttp.payload import BytesPayload

from sealwire._signing import UNCODED, Signing

__all__ = ["HMACAuth"]


class HMACAuth(Signing):
    """Signs each request as it leaves; the arguments are those of `Signing`."""

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Adds the headers to a request and sends it."""
        if self.verifies_responses:
            request.headers.update([UNCODED])
        url = request.url
        absolute = f"{url.scheme}://{url.raw_authority}{url.raw_path_qs}"
        body = await body_of(request)
        signed = self.headers(request.method, absolute, url.host or "", request.headers.items(), body)
        request.headers.update(signed)
        response = await handler(request)
        if self.verifies_responses:
            self.check(
                request.method,
                absolute,
                url.host or "",
                request.headers.items(),
                response.status,
                response.raw_headers,
                await response.read(),
            )
        return response


async def body_of(request: aiohttp.ClientRequest) -> bytes | None:
    """The bytes that will be sent, or None when they come from a stream."""
    body = request.body
    if isinstance(body, bytes):
        return body
    return await body.as_bytes() if isinstance(body, BytesPayload) else None

"""Signs requests that are sent with aiohttp.

    sign = HMACAuth("agent", "practices", origins=["http://practices"])
    session = aiohttp.ClientSession(middlewares=[sign])

aiohttp calls the middleware again for each redirect. A redirect to the same origin is signed again. A
redirect to another origin is not sent and raises `SignError`. `origins` defaults to the origin of the
session's `base_url`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Unpack
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import AsyncIterablePayload, Payload

from sealwire._documented import documented
from sealwire._errors import SignError
from sealwire._origins import Origin, Origins
from sealwire._signing import UNREADABLE, Receiver, Signing, SigningOptions

__all__ = ["HMACAuth"]

# The digest of a response covers the encoded body, but aiohttp returns the decoded body. The request therefore
# has the header `Accept-Encoding: identity`.
UNCODED: Final = ("Accept-Encoding", "identity")


class HMACAuth(Signing):
    """A client middleware that signs each request before it is sent."""

    @documented("client")
    def __init__(self, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> None:
        """Like `Signing`. The default for `origins` is the origin of the session's `base_url`."""
        super().__init__(name, receiver, **options)
        self._added: WeakKeyDictionary[aiohttp.ClientRequest, Iterable[str]] = WeakKeyDictionary()

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Signs a request and sends it. Optionally verifies the response."""
        url = request.url
        origin = origin_of(url)
        self.check_origin(origin, base_of(request))
        for host in request.headers.getall("Host", ()):
            origin.check_host(host)
        if self.verifies_responses:
            request.headers.update([UNCODED])
        # A retry can contain the signature headers of the previous attempt.
        for name in self._added.pop(request, ()):
            request.headers.popall(name, None)
        body = await fixed_body(request) if self.signs_bodies else b""
        absolute = f"{origin}{url.raw_path_qs}"
        signed = self.headers(request.method, absolute, origin.host, request.headers.items(), body)
        request.headers.update(signed)
        self._added[request] = tuple(signed)
        response = await handler(request)
        if self.verifies_responses:
            self.check(
                request.method,
                absolute,
                origin.host,
                request.headers.items(),
                response.status,
                response.raw_headers,
                await response.read(),
            )
        return response


def origin_of(url: Any) -> Origin:  # noqa: ANN401 - a URL object of yarl
    """Returns the origin of a URL."""
    return Origin.of_parts(url.scheme, url.raw_authority.rpartition("@")[2])


def base_of(request: aiohttp.ClientRequest) -> Origins | None:
    """Returns the origin of the session's base URL, or None if the session has no base URL."""
    # The attribute is private, but aiohttp has no public API for the base URL.
    base = getattr(request.session, "_base_url", None)
    return None if base is None else Origins((origin_of(base),))


async def fixed_body(request: aiohttp.ClientRequest) -> bytes | None:
    """Returns the bytes of the body. If the body is an object that would be read only during sending, the
    bytes replace this object. Raises `SignError` for a body that cannot be signed."""
    body: Any = request.body
    if not body:
        return b""
    if request.compress:
        raise SignError(
            "aiohttp compresses the body after it is signed; compress it first and set Content-Encoding instead of compress="
        )
    if isinstance(body, bytes):
        return body
    if streams(body):
        raise SignError(UNREADABLE)
    written = Written()
    await body.write(written)
    if not streams(body):
        await request.update_body(bytes(written.content))
    return bytes(written.content)


def streams(body: Payload) -> bool:
    """Returns whether a body, or one of its parts, can be read only once."""
    parts = [part for part, *_ in body] if isinstance(body, aiohttp.MultipartWriter) else [body]
    return any(isinstance(part, AsyncIterablePayload) or part.consumed for part in parts)


class Written(AbstractStreamWriter):
    """A writer that stores the bytes of a payload in memory."""

    def __init__(self) -> None:
        """Creates an empty writer."""
        self.content = bytearray()

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Stores a chunk of the body."""
        self.content += chunk

    async def write_eof(self, chunk: bytes = b"") -> None:
        """Stores the last chunk of the body."""
        self.content += chunk

    async def drain(self) -> None:
        """Does nothing, because no data is buffered."""

    def enable_compression(self, encoding: str = "deflate", strategy: int | None = None) -> None:
        """Does nothing. aiohttp calls it only for compressed bodies, which were rejected before."""

    def enable_chunking(self) -> None:
        """Does nothing, because the chunked framing is not part of the content."""

    async def write_headers(self, status_line: str, headers: Any) -> None:  # noqa: ANN401
        """Does nothing, because headers are not part of the content."""

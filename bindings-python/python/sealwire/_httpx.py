"""What httpx and its successor httpx2 share: both hand a request to a generator and the answer back to it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol, TypeVar

from sealwire._signing import UNCODED, Signing


class _Url(Protocol):
    @property
    def raw_scheme(self) -> bytes: ...
    @property
    def netloc(self) -> bytes: ...
    @property
    def raw_path(self) -> bytes: ...
    @property
    def host(self) -> str: ...


class _Headers(Protocol):
    @property
    def raw(self) -> list[tuple[bytes, bytes]]: ...
    def update(self, headers: Any = None, /) -> None: ...  # noqa: ANN401 - any of the libraries' header types


class _Request(Protocol):
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> _Url: ...
    @property
    def headers(self) -> _Headers: ...


class _Response(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> _Headers: ...
    @property
    def content(self) -> bytes: ...

    extensions: Any


RequestT = TypeVar("RequestT", bound=_Request)


def signed_exchange(
    signing: Signing, request: RequestT, body: bytes | None
) -> Generator[RequestT, _Response, None]:
    """Adds the headers to a request, and judges its answer if that is asked for."""
    if signing.verifies_responses:
        request.headers.update([UNCODED])
    url = request.url
    absolute = b"%b://%b%b" % (url.raw_scheme, url.netloc, url.raw_path)
    signed = signing.headers(request.method, absolute, url.host, request.headers.raw, body)
    request.headers.update(signed)
    response = yield request
    if signing.verifies_responses:
        response.extensions["sealwire.response"] = signing.check(
            request.method,
            absolute,
            url.host,
            request.headers.raw,
            response.status_code,
            response.headers.raw,
            response.content,
        )

"""Connection pools of urllib3 that sign each request, including retries."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from urllib3.connectionpool import HTTPConnectionPool

from sealwire._origins import Origin
from sealwire._signing import Signing


@dataclass
class Exchange:
    """A request that an adapter sends. `sent` contains the headers of the last attempt."""

    signing: Signing
    origin: Origin
    method: str = ""
    url: str = ""
    sent: dict[str, Any] = field(default_factory=dict)

    def sign(
        self, method: str, target: str, headers: Mapping[str, Any], body: bytes | None
    ) -> dict[str, Any]:
        """Signs the request and returns all of its headers. `target` is a path with its query, or a URL if
        the request is sent to a forward proxy."""
        self.method = method
        self.url = f"{self.origin}{target}" if target.startswith("/") else target
        added = self.signing.headers(method, self.url, self.origin.host, headers.items(), body)
        self.sent = {**headers, **added}
        return self.sent


EXCHANGE: Final[ContextVar[Exchange | None]] = ContextVar("sealwire_exchange", default=None)
"""The request that is being sent in the current context. The adapter sets it, and the connection reads
it."""


class SigningConnection:
    """A mixin for the connection classes of urllib3, which signs each attempt. urllib3 has already encoded
    the target before it calls `request`."""

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,  # noqa: ANN401 - any body that urllib3 accepts
        headers: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        """Signs a request and sends it."""
        exchange = EXCHANGE.get()
        if exchange is not None:
            content = bytes_of(body) if exchange.signing.signs_bodies else b""
            headers = exchange.sign(method, url, headers or {}, content)
        super().request(method, url, body=body, headers=headers, **options)  # type: ignore[misc] # the method of urllib3's class


def signing_pools(pools: Mapping[str, Any]) -> dict[str, Any]:
    """Returns, for each URL scheme, a subclass of the pool class whose connections sign requests."""
    return {scheme: signing_pool(pool) for scheme, pool in pools.items()}


def signing_pool(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    """Returns a subclass of a pool class whose connections sign requests."""
    connection: Any = pool.ConnectionCls
    if issubclass(connection, SigningConnection):
        return pool
    signing = type(f"Signing{connection.__name__}", (SigningConnection, connection), {})
    return type(f"Signing{pool.__name__}", (pool,), {"ConnectionCls": signing})


def bytes_of(body: Any) -> bytes | None:  # noqa: ANN401 - any body that requests and urllib3 accept
    """Returns the bytes of a body. A file is read from its current position, and the position is then
    restored. Returns None for a body that can be read only once."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    try:
        return bytes(memoryview(body))
    except TypeError:
        return contents_of(body)


def contents_of(file: Any) -> bytes | None:  # noqa: ANN401 - any object
    """Returns the contents of a file from its current position. Returns None for an object that can be read
    only once."""
    if not is_rereadable(file):
        return None
    position = file.tell()
    content = file.read()
    file.seek(position)
    return content.encode() if isinstance(content, str) else bytes(content)


def is_rereadable(body: Any) -> bool:  # noqa: ANN401 - any object
    """Returns whether a body is in memory, or is a file whose position can be restored."""
    if body is None or isinstance(body, str | bytes | bytearray | memoryview):
        return True
    try:
        body.seek(body.tell())
    except (AttributeError, OSError, TypeError):
        return False
    return hasattr(body, "read")

"""Signs the requests of httpx.

    client = signed(httpx.Client(base_url="http://practices"), "agent", "practices")

`signed` takes a `Client` or an `AsyncClient`. Each attempt and each redirect within the client's origin is signed again. A
redirect to another origin raises `SignError`, and nothing is sent there. To choose the transport yourself:

    transport = HMACTransport("agent", "practices", origins=["http://practices"])
    client = httpx.Client(transport=transport)

With `verify_responses=True`, `extensions["sealwire.response"]` of a response contains the time when the server signed
it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar, TypeVar, Unpack

import httpx

from sealwire import _httpx as shared
from sealwire._documented import documented
from sealwire._signing import Receiver, SigningOptions

__all__ = ["AsyncHMACTransport", "HMACAuth", "HMACTransport", "signed"]


class HMACTransport(shared.SyncTransport, httpx.BaseTransport):
    """Signs each request before the wrapped `transport` sends it. `origins` is required."""

    library: ClassVar[ModuleType] = httpx


class AsyncHMACTransport(shared.AsyncTransport, httpx.AsyncBaseTransport):
    """Like `HMACTransport`, for an `AsyncClient`."""

    library: ClassVar[ModuleType] = httpx


class HMACAuth(shared.Auth, httpx.Auth):
    """Signs the first request only, for `auth=`. A redirect raises `SignError`; use `signed` or a transport for
    redirects."""

    library: ClassVar[ModuleType] = httpx


ClientT = TypeVar("ClientT", bound=httpx.Client | httpx.AsyncClient)


@documented("client")
def signed(client: ClientT, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> ClientT:
    """Makes a client sign its requests as `name`, and returns it. `origins` is by default that of its `base_url`.

    `name` is this service or its client id; `receiver` is the called service. The settings are those of
    `HMACTransport`.
    """
    wrap: Any = AsyncHMACTransport if isinstance(client, httpx.AsyncClient) else HMACTransport
    return shared.sign_client(client, wrap, name, receiver, options)

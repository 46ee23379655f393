"""Signs requests that are sent with httpx.

    client = signed(httpx.Client(base_url="http://practices"), "agent", "practices")

`signed` accepts a `Client` or an `AsyncClient`. Each retry and each redirect to the same origin is signed
again. A redirect to another origin is not sent and raises `SignError`. To configure the transport yourself,
use `HMACTransport`:

    transport = HMACTransport("agent", "practices", origins=["http://practices"])
    client = httpx.Client(transport=transport)

With `verify_responses=True`, `response.extensions["sealwire.response"]` is a `VerifiedResponse`, which
contains the time when the server signed the response.
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
    """A transport that signs each request before the wrapped `transport` sends the request. `origins` is
    required."""

    library: ClassVar[ModuleType] = httpx


class AsyncHMACTransport(shared.AsyncTransport, httpx.AsyncBaseTransport):
    """Like `HMACTransport`, for an `AsyncClient`."""

    library: ClassVar[ModuleType] = httpx


class HMACAuth(shared.Auth, httpx.Auth):
    """An authentication class for `auth=` that signs requests but cannot sign redirects, so a redirect
    raises `SignError`. To sign redirects, use `signed` or a transport."""

    library: ClassVar[ModuleType] = httpx


ClientT = TypeVar("ClientT", bound=httpx.Client | httpx.AsyncClient)


@documented("client")
def signed(client: ClientT, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> ClientT:
    """Changes a client so that it signs its requests as `name`, and returns the client. `origins` defaults
    to the origin of the client's `base_url`.

    `name` is the name of this service or its client id. `receiver` is the called service. The settings are
    the same as for `HMACTransport`.
    """
    wrap: Any = AsyncHMACTransport if isinstance(client, httpx.AsyncClient) else HMACTransport
    return shared.sign_client(client, wrap, name, receiver, options)

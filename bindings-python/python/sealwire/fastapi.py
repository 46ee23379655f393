"""The sender as a FastAPI parameter, and in the API's documentation.

    app.add_middleware(HMACAuthMiddleware, service_name="practices")

    @app.get("/items")
    async def items(caller: ServiceIdentity) -> ...: ...

The middleware verifies the request; this module only reports the result. It works for requests and for WebSockets.

`ServiceIdentity` responds with 401 on exempt paths, which have no verified sender. For a rejected request that the
mode accepts, as after a rollback, it is an identity without a sender: `caller.verified` is False and `caller.sender`
is empty. `OptionalServiceIdentity` is None in both cases.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import HTTPException, Security, WebSocketException, status
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyHeader

from sealwire._asgi import OBSERVED
from sealwire._native import (
    CACHE_CONTROL,
    CHALLENGE,
    MESSAGE_SIGNATURE_HEADER,
    REJECTED_CACHE_CONTROL,
    SERVICE_SIGNATURE_HEADER,
    UNAUTHORIZED,
    UNSIGNED_TEXT,
    Identity,
)
from sealwire.asgi import HMACAuthMiddleware

__all__ = [
    "HMACAuthMiddleware",
    "OptionalServiceIdentity",
    "ServiceIdentity",
    "ServiceSignature",
    "optional_service_identity",
    "service_identity",
]


class ServiceSignature(APIKeyHeader):
    """The OpenAPI security scheme for a signature header."""

    def __init__(self, header: str = MESSAGE_SIGNATURE_HEADER) -> None:
        """`header` is the header shown in /docs. Services that use `pairwise` pass `PAIRWISE_SIGNATURE`."""
        super().__init__(
            name=header,
            scheme_name="serviceSignature",
            description="An HMAC signature of the request by the calling service, made by Sealwire.",
            auto_error=False,
        )

    async def __call__(self, connection: HTTPConnection) -> str | None:
        """Returns the header of a request or WebSocket handshake. The base class supports only requests."""
        return connection.headers.get(self.model.name)


PAIRWISE_SIGNATURE: Final = SERVICE_SIGNATURE_HEADER

_scheme: Final = ServiceSignature()


def optional_service_identity(
    connection: HTTPConnection, _documented: Annotated[str | None, Security(_scheme)] = None
) -> Identity | None:
    """Returns the verified sender, or None."""
    identity: Identity | None = getattr(connection.state, "identity", None)
    return identity


def service_identity(
    connection: HTTPConnection,
    identity: Annotated[Identity | None, Security(optional_service_identity)],
) -> Identity:
    """Returns the verified sender. Without a sender, responds with 401 unless the mode accepts the
    request."""
    if identity is not None:
        return identity
    rejected = connection.scope.get(OBSERVED)
    if rejected is not None:
        return Identity.unverified(rejected)
    if connection.scope["type"] == "websocket":
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION, UNSIGNED_TEXT)
    headers = {CHALLENGE: "Sealwire", CACHE_CONTROL: REJECTED_CACHE_CONTROL}
    raise HTTPException(UNAUTHORIZED, UNSIGNED_TEXT, headers)


ServiceIdentity = Annotated[Identity, Security(service_identity)]
OptionalServiceIdentity = Annotated[Identity | None, Security(optional_service_identity)]

"""Provides the sender of a request as a FastAPI parameter and documents the signature in OpenAPI.

    app.add_middleware(HMACAuthMiddleware, service_name="practices")

    @app.get("/items")
    async def items(caller: ServiceIdentity) -> ...: ...

The middleware verifies the request, and the parameter contains the result. This works for HTTP requests and
for WebSockets.

Requests to exempt paths have no verified sender, so a handler with `ServiceIdentity` responds with 401. If
a rejected request is accepted because of the mode, for example after a rollback, `ServiceIdentity` is an
identity without a sender: `caller.verified` is False and `caller.sender` is empty.
`OptionalServiceIdentity` is None in both cases.
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
    """The OpenAPI security scheme that documents the signature header."""

    def __init__(self, header: str = MESSAGE_SIGNATURE_HEADER) -> None:
        """`header` is the name of the header that is shown in /docs. Use `PAIRWISE_SIGNATURE` for services
        that accept the scheme `pairwise`."""
        super().__init__(
            name=header,
            scheme_name="serviceSignature",
            description="An HMAC signature of the request by the calling service, made by Sealwire.",
            auto_error=False,
        )

    async def __call__(self, connection: HTTPConnection) -> str | None:
        """Returns the value of the header in a request or a WebSocket handshake. The base class supports only
        requests."""
        return connection.headers.get(self.model.name)


PAIRWISE_SIGNATURE: Final = SERVICE_SIGNATURE_HEADER

_scheme: Final = ServiceSignature()


def optional_service_identity(
    connection: HTTPConnection, _documented: Annotated[str | None, Security(_scheme)] = None
) -> Identity | None:
    """Returns the identity of the verified sender, or None if there is none."""
    identity: Identity | None = getattr(connection.state, "identity", None)
    return identity


def service_identity(
    connection: HTTPConnection,
    identity: Annotated[Identity | None, Security(optional_service_identity)],
) -> Identity:
    """Returns the identity of the verified sender. If the sender is not verified but the mode accepted the
    request, returns an identity without a sender. Otherwise, responds with 401."""
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

"""Who called, as a FastAPI parameter, and in the API's documentation.

    app.add_middleware(HMACAuthMiddleware, service_name="practices")

    @app.get("/items")
    async def items(caller: ServiceIdentity) -> ...: ...

The middleware has verified the request by then; this only hands its result over. Where the mode lets unsigned requests
pass, `OptionalServiceIdentity` is None for them and `ServiceIdentity` still answers 401.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import HTTPException, Request, Security
from fastapi.security import APIKeyHeader

from sealwire._native import (
    MESSAGE_SIGNATURE_HEADER,
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
    """The OpenAPI security scheme: a header that holds a signature."""

    def __init__(self, header: str = MESSAGE_SIGNATURE_HEADER) -> None:
        """`header` is the one that /docs shows; services still on `pairwise` pass `PAIRWISE_SIGNATURE`."""
        super().__init__(
            name=header,
            scheme_name="serviceSignature",
            description="An HMAC signature of the request by the calling service, made by Sealwire.",
            auto_error=False,
        )


PAIRWISE_SIGNATURE: Final = SERVICE_SIGNATURE_HEADER

_scheme: Final = ServiceSignature()


def optional_service_identity(
    request: Request, _documented: Annotated[str | None, Security(_scheme)] = None
) -> Identity | None:
    """Who sent the request; None when nobody is known to have."""
    identity: Identity | None = getattr(request.state, "identity", None)
    return identity


def service_identity(
    identity: Annotated[Identity | None, Security(optional_service_identity)],
) -> Identity:
    """Who sent the request; a 401 when nobody is known to have."""
    if identity is None:
        raise HTTPException(UNAUTHORIZED, UNSIGNED_TEXT)
    return identity


ServiceIdentity = Annotated[Identity, Security(service_identity)]
OptionalServiceIdentity = Annotated[Identity | None, Security(optional_service_identity)]

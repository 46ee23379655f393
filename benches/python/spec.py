"""The peers of the FastAPI benchmarks. They are hand-written and implement the design document of the
existing services.

The functions for `pairwise` signatures use the standard library. The middleware is based on Starlette's
BaseHTTPMiddleware.
"""

import hashlib
import hmac
import logging
import time
from functools import lru_cache
from typing import NamedTuple

from samples import SECRET
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse

logger = logging.getLogger("spec")
MAX_AGE_SECONDS = 300


class Signed(NamedTuple):
    service_name: str
    timestamp: int
    signature: str


@lru_cache(maxsize=100)
def secret_of(one: str, other: str) -> bytes:
    """Returns the decoded secret for a pair of services. Decoded secrets are cached, as in the design
    document."""
    if {one, other} != {"agent", "practices"}:
        raise ValueError(f"no secret for {one} and {other}")
    return SECRET


def digest(
    secret: bytes, timestamp: int, sender: str, receiver: str, method: str, path: str, body: str
) -> str:
    message = ".".join([str(timestamp), sender, receiver, method.upper(), path, body])
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()


def sign(sender: str, receiver: str, method: str, path: str, body: str) -> Signed:
    timestamp = int(time.time())
    secret = secret_of(sender, receiver)
    return Signed(sender, timestamp, digest(secret, timestamp, sender, receiver, method, path, body))


def verify(
    sender: str, receiver: str, method: str, path: str, body: str, signature: str, timestamp: int
) -> bool:
    age = int(time.time()) - timestamp
    if age < 0 or age > MAX_AGE_SECONDS:
        return False
    try:
        secret = secret_of(sender, receiver)
    except ValueError:
        return False
    expected = digest(secret, timestamp, sender, receiver, method, path, body)
    return hmac.compare_digest(signature, expected)


class SpecMiddleware(BaseHTTPMiddleware):
    """Reads the complete body, verifies the request and calls the application."""

    def __init__(self, app, service_name: str) -> None:
        super().__init__(app)
        self.service_name = service_name

    async def dispatch(self, request: Request, call_next):
        sender = request.headers.get("X-Service-Name")
        timestamp = request.headers.get("X-Service-Timestamp")
        signature = request.headers.get("X-Service-Signature")
        if not all([sender, timestamp, signature]) or not timestamp.isdecimal():
            logger.warning("unsigned request from %s", request.client)
            return JSONResponse({"detail": "Missing service authentication headers"}, 401)
        body = (await request.body()).decode()
        path = request.url.path
        if not verify(sender, self.service_name, request.method, path, body, signature, int(timestamp)):
            logger.warning("bad signature from %s", sender)
            return JSONResponse({"detail": "Invalid service authentication signature"}, 401)
        request.state.authenticated_service = sender
        request.state.user_id = request.headers.get("X-User-ID")
        logger.info(f"authenticated {sender} -> {self.service_name} ({request.method} {path})")
        return await call_next(request)

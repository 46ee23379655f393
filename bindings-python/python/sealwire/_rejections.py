"""The response to a rejected request, for ASGI and WSGI."""

from __future__ import annotations

import json
from functools import lru_cache

from sealwire._errors import Rejected
from sealwire._native import UNAUTHORIZED

Headers = list[tuple[str, str]]


def body_of(rejected: Rejected) -> bytes:
    """The JSON body, in the form of FastAPI's own errors."""
    return encoded(rejected.public_text)


def headers_of(rejected: Rejected, service: str) -> Headers:
    """The headers. A rejection is never cached: the next request for the URL may be signed."""
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body_of(rejected)))),
        ("Cache-Control", "no-store"),
    ]
    if rejected.status == UNAUTHORIZED:
        headers.append(("WWW-Authenticate", challenge(service)))
    return headers


@lru_cache(maxsize=16)
def challenge(service: str) -> str:
    """The challenge of a 401 (RFC 9110 section 11.6.1)."""
    realm = "".join(char for char in service if char.isascii() and char.isprintable() and char not in '"\\')
    return f'Sealwire realm="{realm}"'


@lru_cache(maxsize=64)
def encoded(text: str) -> bytes:
    """The public text as JSON."""
    return json.dumps({"detail": text}).encode()

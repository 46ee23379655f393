"""The response to a rejected request, for ASGI and WSGI."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

from sealwire._errors import Rejected
from sealwire._native import CACHE_CONTROL, CHALLENGE, REJECTED_CACHE_CONTROL, UNAUTHORIZED, challenge

Headers = list[tuple[str, str]]


class Response(NamedTuple):
    """The status, headers and body of a response."""

    status: int
    headers: Headers
    body: bytes


def usual_response(rejected: Rejected, service: str) -> Response:
    """Returns the default response to a rejected request. The body is the public message in the JSON format
    of FastAPI's errors. The response must not be cached, because the next request for the same URL can be
    valid."""
    body = encoded(rejected.public_text)
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        (CACHE_CONTROL, REJECTED_CACHE_CONTROL),
    ]
    if rejected.status == UNAUTHORIZED:
        headers.append((CHALLENGE, challenge(service)))
    return Response(rejected.status, headers, body)


@lru_cache(maxsize=64)
def encoded(text: str) -> bytes:
    """Returns a public message as JSON."""
    return json.dumps({"detail": text}).encode()

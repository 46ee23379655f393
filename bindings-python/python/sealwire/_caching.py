"""Shared caches and responses to verified requests, for ASGI and WSGI.

A cache does not know that the request was authenticated (RFC 9110 section 16.4.2). So a response is private unless the
application sets caching headers.
"""

from __future__ import annotations

import logging
from typing import Final

from sealwire._report import printable

logger = logging.getLogger("sealwire")

# If one of these is set, the application controls shared caching (RFC 9111 section 3.5).
DECISIONS: Final = ("private", "public", "s-maxage", "no-store", "no-cache")

_warned = False


def check_own(value: str) -> None:
    """Warns once if the `Cache-Control` of an application lets shared caches store the response implicitly."""
    global _warned
    text = value.lower()
    if _warned or "max-age" not in text or any(word in text for word in DECISIONS):
        return
    _warned = True
    logger.warning(
        "a response to a verified request has the Cache-Control %s, so shared caches may send it to any client. Add "
        "private, or public if any client may read it. Later responses of this kind are not logged",
        ascii(printable(value)),
    )

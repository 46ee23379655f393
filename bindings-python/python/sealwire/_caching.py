"""Protects responses to verified requests from shared caches, for ASGI and WSGI.

A cache does not recognise a signed request as an authenticated request (RFC 9110 section 16.4.2). The
middleware therefore adds `Cache-Control: private` to the response, unless the application sets
`Cache-Control`.
"""

from __future__ import annotations

import logging
from typing import Final

from sealwire._report import printable

logger = logging.getLogger("sealwire")

# If `Cache-Control` contains one of these directives, the application has decided whether shared caches may
# store the response.
DECISIONS: Final = ("private", "public", "s-maxage", "no-store", "no-cache")

_warned = False


def check_own(value: str) -> None:
    """Logs a warning if `Cache-Control` contains `max-age` but none of `DECISIONS`, because shared caches
    may then store the response. The warning is logged once per process."""
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

"""The requests of all Python rows."""

import itertools
import logging
import time
import warnings

from sealwire import KeyRing

SECRET = b"0123456789abcdef-bench-secret-32"
CLIENT = "billing-service"
TARGET = "/auth/user/refresh-session"
BODY = b'{"query": "{ practices { id } }"}'
AUTHORITY = "iam.internal"
ORDINARY = [
    (b"host", b"iam.internal"),
    (b"user-agent", b"billing/1.4"),
    (b"accept", b"application/json"),
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(BODY)),
]

# The warnings about `pairwise` and heap tables are expected.
warnings.simplefilter("ignore")
logging.getLogger("sealwire").addHandler(logging.NullHandler())

_count = itertools.count(1)


def ring() -> KeyRing:
    return KeyRing(pairs={("agent", "practices"): SECRET}, clients={CLIENT: SECRET}, issuer=SECRET)


def nonce() -> str:
    """Returns distinct nonces in UUID format."""
    return f"550e8400-e29b-41d4-a716-{next(_count):012x}"


def lines(signed: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Returns the headers of a signed request like an ASGI server."""
    return ORDINARY + [(name.lower().encode(), value.encode()) for name, value in signed.items()]


class Clock:
    """A clock that advances so that 5,000 requests are in a window of 300 s. It starts after the creation of
    tables."""

    def __init__(self) -> None:
        self.now_ms = (int(time.time()) + 3600) * 1000

    def tick(self) -> int:
        self.now_ms += 60
        return self.now_ms

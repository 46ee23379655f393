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

# What `pairwise` and a heap table warn of is known here.
warnings.simplefilter("ignore")
logging.getLogger("sealwire").addHandler(logging.NullHandler())

_count = itertools.count(1)


def ring() -> KeyRing:
    return KeyRing(pairs={("agent", "practices"): SECRET}, clients={CLIENT: SECRET}, issuer=SECRET)


def nonce() -> str:
    """Distinct, in the form of a UUID."""
    return f"550e8400-e29b-41d4-a716-{next(_count):012x}"


def lines(signed: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """A signed request's headers as an ASGI server hands them over."""
    return ORDINARY + [(name.lower().encode(), value.encode()) for name, value in signed.items()]


class Clock:
    """A time that moves so that 5,000 requests fall into a window of 300 s; ahead of a table's creation."""

    def __init__(self) -> None:
        self.now_ms = (int(time.time()) + 3600) * 1000

    def tick(self) -> int:
        self.now_ms += 60
        return self.now_ms

"""The keys and requests for all Python benchmarks."""

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
    """Returns a different nonce in UUID format for each call."""
    return f"550e8400-e29b-41d4-a716-{next(_count):012x}"


def lines(signed: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Returns the headers of a signed request in the form that an ASGI server passes them."""
    return ORDINARY + [(name.lower().encode(), value.encode()) for name, value in signed.items()]


class Clock:
    """A clock that advances by 60 ms for each request, so 5,000 requests are in a window of 300 s. The clock
    starts one hour in the future, because tables reject requests that were signed before their creation."""

    def __init__(self) -> None:
        self.now_ms = (int(time.time()) + 3600) * 1000

    def tick(self) -> int:
        self.now_ms += 60
        return self.now_ms

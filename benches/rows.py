"""The rows: what is compared with what, and what was set out to be reached."""

from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """How a row's figure is made of its rounds."""

    TIMES_FASTER = "times faster"  # peer / Sealwire; more is better
    TIMES_THE_COST = "times"  # Sealwire / peer; less is better
    TIMES_LESS_ADDED = "times less added"  # (peer - without) / (Sealwire - without); more is better
    SHARE_ADDED = "of a request"  # (Sealwire - without) / without; less is better

    @property
    def more_is_better(self) -> bool:
        return self in (Measure.TIMES_FASTER, Measure.TIMES_LESS_ADDED)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    work: str
    against: str
    source: str  # the measured row it is made of
    measure: Measure
    goal: float | None  # None where nothing was set: the row is there to be known
    ours: str = "sealwire"
    peers: tuple[str, ...] = ()  # the quickest of these counts; empty for all there are
    obstacle: str = ""  # what stands in the way of the goal, shown when it is missed


FASTER, COST = Measure.TIMES_FASTER, Measure.TIMES_THE_COST

NATIVE = [
    Row("sign, `client`, 98-byte input", "the SHA-256 floor", "sign", COST, 1.4, peers=("floor",)),
    Row("verify, `client`, all checks, 5,000 live nonces", "the SHA-256 floor", "verify", COST, 3.0),
    Row(
        "sign, `client`",
        "the `hmac` crate and ring by hand",
        "sign",
        FASTER,
        None,
        peers=("hmac crate", "ring"),
    ),
    Row("sign, `pairwise`", "the SHA-256 floor", "sign-pairwise", COST, None),
    Row("verify, `pairwise`", "the SHA-256 floor", "verify-pairwise", COST, None),
    Row("sign, `message`", "the SHA-256 floor", "sign-message", COST, None),
    Row("verify, `message`, all checks", "the SHA-256 floor", "verify-message", COST, None),
    Row("connection string, verify", "jsonwebtoken HS256", "verify-token", FASTER, None),
    Row("replay claim, 100,000 live", "moka", "replay-100k", FASTER, 4, peers=("moka",)),
    Row("replay claim, 1,000,000 live", "moka", "replay-1m", FASTER, 4, peers=("moka",)),
    Row(
        "replay claim, 1,000,000 live",
        "the `lru` crate, which forgets live nonces when it is full",
        "replay-1m",
        FASTER,
        None,
        peers=("lru crate",),
    ),
    Row("two threads, 5,000 live", "one thread", "threads", FASTER, 1.9, ours="two threads"),
    Row("MAC of a 64 KiB body", "OpenSSL", "body-mac-64k", COST, 1.05),
    Row("MAC of a 1 MiB body", "OpenSSL", "body-mac-1m", COST, 1.05),
    Row("digest of a 64 KiB body", "OpenSSL", "body-digest-64k", COST, 1.05),
]

PYTHON = [
    Row(
        "sign",
        "`hmac` of the standard library, as the documents write it",
        "python-sign",
        FASTER,
        10,
        peers=("stdlib",),
    ),
    Row("verify", "`hmac` and `compare_digest`, likewise", "python-verify", FASTER, 9, peers=("stdlib",)),
    Row(
        "`compat` sign",
        "the same",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row(
        "`compat` verify",
        "the same",
        "python-verify",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row("all checks with replay", "standard library and cachetools", "python-all-checks", FASTER, 12),
    Row("`message` sign", "http-message-signatures", "python-message-sign", FASTER, 100),
    Row("`message` verify", "http-message-signatures", "python-message-verify", FASTER, 100),
    Row("connection string, verify", "PyJWT HS256", "python-token", FASTER, 30),
    Row(
        "ASGI middleware on FastAPI, CPU added",
        "BaseHTTPMiddleware",
        "python-asgi",
        Measure.TIMES_LESS_ADDED,
        100,
    ),
    Row("ASGI middleware, CPU added", "a FastAPI request", "python-asgi", Measure.SHARE_ADDED, 0.05),
    Row(
        "ASGI middleware on a bare application, CPU added",
        "BaseHTTPMiddleware",
        "python-asgi-bare",
        Measure.TIMES_LESS_ADDED,
        None,
    ),
    Row("replay claim, 100,000 live", "cachetools", "python-replay-100k", FASTER, 4),
    Row("replay claim, 1,000,000 live", "cachetools", "python-replay-1m", FASTER, 4),
]

NODE = [
    Row("sign", "node:crypto", "node-sign", FASTER, 8, peers=("node:crypto",)),
    Row("all checks with replay", "node:crypto and lru-cache", "node-all-checks", FASTER, 6),
    Row("Express middleware, CPU added", "node:crypto and lru-cache middleware", "node-express", COST, 1 / 3),
    Row("`message` sign", "the quickest npm package", "node-message-sign", FASTER, 10),
    Row("`message` verify", "the quickest npm package", "node-message-verify", FASTER, 10),
    Row("connection string, verify", "jose HS256", "node-token", FASTER, 30),
    Row("a whole verification, 100,000 live", "the claim alone in lru-cache", "node-replay-100k", FASTER, 4),
    Row("a whole verification, 1,000,000 live", "the claim alone in lru-cache", "node-replay-1m", FASTER, 4),
]

LOOPBACK = [
    Row("FastAPI under uvicorn, requests a second", "BaseHTTPMiddleware", "loopback-fastapi", FASTER, None),
    Row("FastAPI under uvicorn, time added", "no middleware", "loopback-fastapi", Measure.SHARE_ADDED, None),
    Row("Express, requests a second", "node:crypto and lru-cache", "loopback-express", FASTER, None),
    Row("Express, time added", "no middleware", "loopback-express", Measure.SHARE_ADDED, None),
]

LANGUAGES = {"Native": NATIVE, "Python": PYTHON, "Node": NODE, "Services over loopback": LOOPBACK}

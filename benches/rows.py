"""The rows of the benchmark tables, with the compared implementations and the goals."""

from dataclasses import dataclass
from enum import Enum

import obstacles


class Measure(Enum):
    """How the result of a benchmark is computed from its rounds."""

    TIMES_FASTER = "times faster"  # peer / Sealwire; a larger figure is better
    TIMES_THE_COST = "times"  # Sealwire / peer; a smaller figure is better
    TIMES_LESS_ADDED = "times less added"  # (peer - none) / (Sealwire - none), where `none` is the time without middleware; a larger figure is better
    SHARE_ADDED = "of a request"  # (Sealwire - none) / none; a smaller figure is better

    @property
    def more_is_better(self) -> bool:
        return self in (Measure.TIMES_FASTER, Measure.TIMES_LESS_ADDED)


@dataclass(frozen=True)
class Row:
    """A row of a table on the page."""

    work: str
    against: str
    source: str  # the name of the measured benchmark
    measure: Measure
    goal: float | None  # None if the benchmark has no goal
    ours: str = "sealwire"
    peers: tuple[str, ...] = ()  # the fastest of these peers is used; if empty, all peers are considered
    obstacle: str = ""  # why the goal was missed


FASTER, COST = Measure.TIMES_FASTER, Measure.TIMES_THE_COST

NATIVE = [
    Row(
        "sign, `client`, 98-byte input",
        "the SHA-256 floor",
        "sign",
        COST,
        1.8,
        peers=("floor",),
        obstacle=obstacles.FEEDING,
    ),
    Row(
        "verify, `client`, all checks, 5,000 live nonces",
        "the SHA-256 floor",
        "verify",
        COST,
        3.0,
        obstacle=obstacles.LOOKING,
    ),
    Row(
        "verify, `client`, with limited shares for two senders",
        "the SHA-256 floor",
        "verify-two-senders",
        COST,
        None,
    ),
    Row(
        "sign, `client`",
        "hand-written code with the `hmac` crate or ring",
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
    Row(
        "added by a tower layer, `client`, all checks",
        "a hand-written layer with the `hmac` and `lru` crates",
        "tower-layer",
        Measure.TIMES_LESS_ADDED,
        None,
        peers=("hmac crate",),
    ),
    Row("replay claim, 100,000 live", "moka", "replay-100k", FASTER, 4, peers=("moka",)),
    Row(
        "replay claim, 1,000,000 live",
        "moka",
        "replay-1m",
        FASTER,
        4,
        peers=("moka",),
        obstacle=obstacles.WAITING,
    ),
    Row(
        "replay claim, 1,000,000 live",
        "the `lru` crate, which evicts live nonces when it is full",
        "replay-1m",
        FASTER,
        None,
        peers=("lru crate",),
    ),
    Row("MAC of a 64 KiB body", "OpenSSL", "body-mac-64k", COST, 1.05),
    Row("MAC of a 1 MiB body", "OpenSSL", "body-mac-1m", COST, 1.05),
    Row("digest of a 64 KiB body", "OpenSSL", "body-digest-64k", COST, 1.05),
]

PYTHON = [
    Row(
        "sign",
        "`hmac.new(...).hexdigest()`, as in the design documents",
        "python-sign",
        FASTER,
        10,
        peers=("hmac",),
        obstacle=obstacles.PYTHON_SCALARS,
    ),
    Row(
        "verify",
        "`hmac` and `compare_digest`, as in the design documents",
        "python-verify",
        FASTER,
        9,
        peers=("stdlib",),
        obstacle=obstacles.PYTHON_SCALARS,
    ),
    Row(
        "sign, headers as a mapping",
        "the complete function in the design documents",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.Signer",
        peers=("stdlib",),
    ),
    Row(
        "verify, headers to identity",
        "the complete function in the design documents",
        "python-verify",
        FASTER,
        None,
        ours="sealwire.Verifier",
        peers=("stdlib",),
    ),
    Row(
        "`compat` sign",
        "the complete function in the design documents",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row(
        "`compat` verify",
        "the complete function in the design documents",
        "python-verify",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row(
        "all checks with replay, from a server's header lines",
        "standard library and cachetools",
        "python-all-checks",
        FASTER,
        12,
        obstacle=obstacles.PYTHON_LINES,
    ),
    Row(
        "`message` sign",
        "http-message-signatures",
        "python-message-sign",
        FASTER,
        100,
        obstacle=obstacles.PARSING,
    ),
    Row(
        "`message` verify",
        "http-message-signatures",
        "python-message-verify",
        FASTER,
        100,
        obstacle=obstacles.PARSING,
    ),
    Row(
        "connection string, verify",
        "PyJWT HS256",
        "python-token",
        FASTER,
        30,
        obstacle=obstacles.PYTHON_TOKEN,
    ),
    Row(
        "ASGI middleware on FastAPI, CPU added",
        "BaseHTTPMiddleware",
        "python-asgi",
        Measure.TIMES_LESS_ADDED,
        100,
        obstacle=obstacles.MIDDLEWARE,
    ),
    Row(
        "ASGI middleware, CPU added",
        "a FastAPI request",
        "python-asgi",
        Measure.SHARE_ADDED,
        0.05,
        obstacle=obstacles.MIDDLEWARE,
    ),
    Row(
        "ASGI middleware on a bare application, CPU added",
        "BaseHTTPMiddleware",
        "python-asgi-bare",
        Measure.TIMES_LESS_ADDED,
        None,
    ),
    Row("replay claim, 100,000 live", "cachetools", "python-replay-100k", FASTER, 4),
    Row("replay claim, 1,000,000 live", "cachetools", "python-replay-1m", FASTER, 4),
    Row(
        "claim in Redis, 1 request at a time",
        "`await client.set(key, 1, nx=True, px=..)`",
        "python-store-1",
        FASTER,
        1,
        peers=("SET by hand",),
        obstacle=obstacles.STORE,
    ),
    Row(
        "claim in Redis, 32 requests at a time",
        "`await client.set(key, 1, nx=True, px=..)`",
        "python-store-32",
        FASTER,
        4,
        peers=("SET by hand",),
    ),
    Row(
        "claim in Redis, 32 requests at a time",
        "a claim in the heap table of one process",
        "python-store-32",
        COST,
        None,
        peers=("heap table",),
    ),
]

NODE = [
    Row("sign", "node:crypto", "node-sign", FASTER, 8, peers=("node:crypto",), obstacle=obstacles.NODE_SIGN),
    Row(
        "all checks with replay",
        "node:crypto and lru-cache",
        "node-all-checks",
        FASTER,
        6,
        obstacle=obstacles.NODE_CHECKS,
    ),
    Row(
        "Express middleware, CPU added",
        "node:crypto and lru-cache middleware",
        "node-express",
        COST,
        1 / 3,
        obstacle=obstacles.NODE_CROSSING,
    ),
    Row(
        "`message` sign",
        "the fastest npm package",
        "node-message-sign",
        FASTER,
        10,
        obstacle=obstacles.NODE_MESSAGE,
    ),
    Row(
        "`message` verify",
        "the fastest npm package",
        "node-message-verify",
        FASTER,
        10,
        obstacle=obstacles.NODE_MESSAGE,
    ),
    Row(
        "connection string, verify", "jose HS256", "node-token", FASTER, 30, obstacle=obstacles.NODE_CROSSING
    ),
    Row(
        "replay claim, 100,000 live",
        "lru-cache",
        "node-replay-100k",
        FASTER,
        4,
        obstacle=obstacles.NODE_CLAIM,
    ),
    Row(
        "replay claim, 1,000,000 live",
        "lru-cache",
        "node-replay-1m",
        FASTER,
        4,
        obstacle=obstacles.NODE_CLAIM,
    ),
    *(
        Row(
            f"claim in Redis with {client}, {requests} at a time",
            f"`SET` by {client}, by hand",
            f"node-store-{concurrent}",
            FASTER,
            None,
            ours=ours,
            peers=(peer,),
        )
        for concurrent, requests in ((1, "1 request"), (32, "32 requests"))
        for client, ours, peer in (
            ("node-redis", "sealwire", "SET by hand"),
            ("ioredis", "sealwire, ioredis", "SET by hand, ioredis"),
        )
    ),
    Row("edge build in Node, sign", "hand-written with WebCrypto", "edge-sign", FASTER, None),
    Row(
        "edge build in Node, all checks with replay",
        "hand-written with WebCrypto and a Map",
        "edge-verify",
        FASTER,
        None,
    ),
]

LOOPBACK = [
    Row("FastAPI under uvicorn, CPU per request", "BaseHTTPMiddleware", "loopback-fastapi", FASTER, None),
    Row("FastAPI under uvicorn, CPU added", "no middleware", "loopback-fastapi", Measure.SHARE_ADDED, None),
    Row("Express, CPU per request", "node:crypto and lru-cache", "loopback-express", FASTER, None),
    Row("Express, CPU added", "no middleware", "loopback-express", Measure.SHARE_ADDED, None),
]

# These rows compare two threads or processes that share a verifier or a replay file with two that share
# nothing.
CORES = [
    Row(
        f"{binding}: two {kind} that share {shared}",
        f"two {kind} that share nothing",
        source,
        FASTER,
        0.95,
        ours=f"two {kind}",
        peers=(f"two {kind} that share nothing",),
        obstacle=obstacles.SHARING,
    )
    for binding, kind, shared, source in (
        ("Core", "threads", "a verifier and a table", "threads"),
        ("Rust, tower layer", "threads", "a verifier and a table", "threads-tower"),
        ("C", "threads", "a verifier and a table", "threads-c"),
        ("Python", "processes", "a replay file", "threads-python"),
        ("Node", "threads", "a replay file", "threads-node"),
    )
]

START_UP = [
    Row(
        "Python: import `sealwire`",
        "import PyJWT",
        "python-import",
        Measure.TIMES_LESS_ADDED,
        None,
        peers=("PyJWT",),
    ),
    Row(
        "Python: import `sealwire`",
        "import PyJWT without cryptography",
        "python-import",
        Measure.TIMES_LESS_ADDED,
        1,
        peers=("PyJWT without cryptography",),
        obstacle=obstacles.START,
    ),
    Row(
        "Node: require `sealwire`",
        "require jose",
        "node-require",
        Measure.TIMES_LESS_ADDED,
        1,
        peers=("jose",),
        obstacle=obstacles.START,
    ),
]

LANGUAGES = {
    "Native": NATIVE,
    "Python": PYTHON,
    "Node": NODE,
    "Services over loopback": LOOPBACK,
    "More cores": CORES,
    "Start-up": START_UP,
}

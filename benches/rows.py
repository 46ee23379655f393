"""The rows of the benchmark tables: subjects, peers and goals."""

from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """How the figure of a row is computed from its rounds."""

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
    source: str  # the measured row that provides the rounds
    measure: Measure
    goal: float | None  # None for a row without a goal
    ours: str = "sealwire"
    peers: tuple[str, ...] = ()  # the fastest of these is compared; empty means all
    obstacle: str = ""  # why the goal was missed, shown only then


# The reasons why goals are missed, from profiles (callgrind for native rows, perf for others).
FEEDING = (
    "half of the time above the floor is the MAC itself: five parts are copied into the block, the inner "
    "and the outer hash are separate calls, and the states are wiped. The rest finds the key, writes the "
    "time and the digits of the MAC, and converts them to text. The checks run while the inner hash is "
    "computed ([decision 0009](decisions/0009-processor-stalls.md))"
)
LOOKING = (
    "finding four headers among eight lines, hashing the nonce with a secret key, reading two buckets of "
    "the table and claiming a slot take longer than the hash itself. The processor can overlap only about "
    "three hundred instructions with a hash ([decision 0009](decisions/0009-processor-stalls.md))"
)
SHARING = (
    "two threads that share no data do not reach the goal either (the row below). The rest of the "
    "difference is cache lines of the table that move between the processors: each claim reads two lines "
    "and writes one, and in a table of 5,000 live nonces the other thread wrote every second line last"
)
WAITING = (
    "at this size a claim waits for two cache lines from memory, and so does the peer. The ratio depends "
    "on the memory latency of the machine and on the load of its neighbours"
)
PYTHON_SCALARS = (
    "the hash takes a third to nearly half of the time, and the call into native code another third: an "
    "empty call, four or five strings that Python converts one by one, one or two numbers, and a string "
    "for the result. Hash, call and clock already use all the time that the goal allows. Key look-up and "
    "checks are added to it"
)
PYTHON_LINES = (
    "core takes more than half: the hash, finding four headers among nine lines, hashing the nonce, and "
    "reading its two buckets. The rest is a call with seven arguments, the header list, which is copied "
    "into a tuple and then read in place, and the creation and release of the identity. None of these "
    "dominates"
)
PYTHON_TOKEN = (
    "three SHA-512 compressions take nearly half of the call, and base64 decoding an eighth. The rest is "
    "the call, the beans and the returned object"
)
PARSING = (
    "core takes more than half: it reads the signature input and the signature once, as structured "
    "fields. That costs more than both hashes, because no part has a fixed position and the processor "
    "mispredicts the end of each part. The rest reads header lines and returns an identity"
)
MIDDLEWARE = (
    "two native calls take half of it, because the head of a request is checked before its body is read: "
    "reading the scope and its header lines, the checks, the hash, and an object that holds the "
    "verification until the body arrives. None of these dominates. The other half is Python: a coroutine "
    "around the application, one that passes the body on, and the checks whether logging or tracing is "
    "active"
)
NODE_SIGN = (
    "signing itself, its nonce and the clock take half, and the kernel's random bytes alone a tenth. The "
    "rest is one call, one string in, one string out and the result object, each at the minimum cost of "
    "napi's safe interface ([decision 0005](decisions/0005-node-calls.md))"
)
NODE_CHECKS = (
    "core's verification takes more than half, and a third of that waits for the memory of the replay "
    "table. A tenth finds four headers in the raw list. The peer uses a look-up instead, and does not "
    "detect repeated headers. The rest joins and copies the data that crosses into native code"
)
NODE_CROSSING = (
    "core's verification takes half. The rest joins and copies the data that crosses into native code, "
    "and the call, at the minimum cost of napi's safe interface ([decision 0005](decisions/0005-one- "
    "string-per-call.md))"
)
NODE_MESSAGE = (
    "core takes more than half, for hashing and for reading or writing structured fields. The rest joins "
    "and copies the data that crosses into native code. The quickest peer does not parse structured "
    "fields strictly, applies no policy and claims no nonces. Compared with peers that check as much, the "
    "ratio is larger (see the times below)"
)
NODE_CLAIM = (
    "the claim itself takes more than half, because it waits for the memory of the table. The rest is a "
    "call and one string argument, which costs a tenth of lru-cache's whole claim"
)

INTERRUPTED = (
    "a claim takes the same number of steps however full the table is. Longer claims were interrupted by "
    "the machine: in a virtual machine, the time of an interrupt or a neighbour counts as processor time "
    "of the program"
)

FASTER, COST = Measure.TIMES_FASTER, Measure.TIMES_THE_COST

NATIVE = [
    Row(
        "sign, `client`, 98-byte input",
        "the SHA-256 floor",
        "sign",
        COST,
        1.4,
        peers=("floor",),
        obstacle=FEEDING,
    ),
    Row(
        "verify, `client`, all checks, 5,000 live nonces",
        "the SHA-256 floor",
        "verify",
        COST,
        3.0,
        obstacle=LOOKING,
    ),
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
    Row(
        "added by a tower layer, `client`, all checks",
        "a layer written by hand with the `hmac` and `lru` crates",
        "tower-layer",
        Measure.TIMES_LESS_ADDED,
        None,
        peers=("hmac crate",),
    ),
    Row("replay claim, 100,000 live", "moka", "replay-100k", FASTER, 4, peers=("moka",)),
    Row("replay claim, 1,000,000 live", "moka", "replay-1m", FASTER, 4, peers=("moka",), obstacle=WAITING),
    Row(
        "replay claim, 1,000,000 live",
        "the `lru` crate, which evicts live nonces when it is full",
        "replay-1m",
        FASTER,
        None,
        peers=("lru crate",),
    ),
    Row(
        "two threads, 5,000 live",
        "one thread",
        "threads",
        FASTER,
        1.9,
        ours="two threads",
        peers=("one thread",),
        obstacle=SHARING,
    ),
    Row(
        "two threads that share no data, the limit of the machine",
        "one thread",
        "threads",
        FASTER,
        None,
        ours="two threads that share no data",
        peers=("one thread",),
    ),
    Row("MAC of a 64 KiB body", "OpenSSL", "body-mac-64k", COST, 1.05),
    Row("MAC of a 1 MiB body", "OpenSSL", "body-mac-1m", COST, 1.05),
    Row("digest of a 64 KiB body", "OpenSSL", "body-digest-64k", COST, 1.05),
]

PYTHON = [
    Row(
        "sign",
        "`hmac.new(...).hexdigest()`, as in the documents",
        "python-sign",
        FASTER,
        10,
        peers=("hmac",),
        obstacle=PYTHON_SCALARS,
    ),
    Row(
        "verify",
        "`hmac` and `compare_digest`, as in the documents",
        "python-verify",
        FASTER,
        9,
        peers=("stdlib",),
        obstacle=PYTHON_SCALARS,
    ),
    Row(
        "sign, headers as a mapping",
        "the complete function of the documents",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.Signer",
        peers=("stdlib",),
    ),
    Row(
        "verify, an identity from headers",
        "the complete function of the documents",
        "python-verify",
        FASTER,
        None,
        ours="sealwire.Verifier",
        peers=("stdlib",),
    ),
    Row(
        "`compat` sign",
        "the complete function of the documents",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row(
        "`compat` verify",
        "the complete function of the documents",
        "python-verify",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row(
        "all checks with replay, from the header lines of a server",
        "standard library and cachetools",
        "python-all-checks",
        FASTER,
        12,
        obstacle=PYTHON_LINES,
    ),
    Row("`message` sign", "http-message-signatures", "python-message-sign", FASTER, 100, obstacle=PARSING),
    Row(
        "`message` verify", "http-message-signatures", "python-message-verify", FASTER, 100, obstacle=PARSING
    ),
    Row("connection string, verify", "PyJWT HS256", "python-token", FASTER, 30, obstacle=PYTHON_TOKEN),
    Row(
        "ASGI middleware on FastAPI, CPU added",
        "BaseHTTPMiddleware",
        "python-asgi",
        Measure.TIMES_LESS_ADDED,
        100,
        obstacle=MIDDLEWARE,
    ),
    Row(
        "ASGI middleware, CPU added",
        "a FastAPI request",
        "python-asgi",
        Measure.SHARE_ADDED,
        0.05,
        obstacle=MIDDLEWARE,
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
        "a claim in the heap table, within one process",
        "python-store-32",
        COST,
        None,
        peers=("heap table",),
    ),
]

NODE = [
    Row("sign", "node:crypto", "node-sign", FASTER, 8, peers=("node:crypto",), obstacle=NODE_SIGN),
    Row(
        "all checks with replay",
        "node:crypto and lru-cache",
        "node-all-checks",
        FASTER,
        6,
        obstacle=NODE_CHECKS,
    ),
    Row(
        "Express middleware, CPU added",
        "node:crypto and lru-cache middleware",
        "node-express",
        COST,
        1 / 3,
        obstacle=NODE_CROSSING,
    ),
    Row("`message` sign", "the quickest npm package", "node-message-sign", FASTER, 10, obstacle=NODE_MESSAGE),
    Row(
        "`message` verify",
        "the quickest npm package",
        "node-message-verify",
        FASTER,
        10,
        obstacle=NODE_MESSAGE,
    ),
    Row("connection string, verify", "jose HS256", "node-token", FASTER, 30, obstacle=NODE_CROSSING),
    Row(
        "replay claim, 100,000 live",
        "lru-cache",
        "node-replay-100k",
        FASTER,
        4,
        obstacle=NODE_CLAIM,
    ),
    Row(
        "replay claim, 1,000,000 live",
        "lru-cache",
        "node-replay-1m",
        FASTER,
        4,
        obstacle=NODE_CLAIM,
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
    Row("edge build in Node, sign", "WebCrypto, by hand", "edge-sign", FASTER, None),
    Row(
        "edge build in Node, all checks with replay",
        "WebCrypto and a Map, by hand",
        "edge-verify",
        FASTER,
        None,
    ),
]

LOOPBACK = [
    Row("FastAPI under uvicorn, CPU of a request", "BaseHTTPMiddleware", "loopback-fastapi", FASTER, None),
    Row("FastAPI under uvicorn, CPU added", "no middleware", "loopback-fastapi", Measure.SHARE_ADDED, None),
    Row("Express, CPU of a request", "node:crypto and lru-cache", "loopback-express", FASTER, None),
    Row("Express, CPU added", "no middleware", "loopback-express", Measure.SHARE_ADDED, None),
]

LANGUAGES = {"Native": NATIVE, "Python": PYTHON, "Node": NODE, "Services over loopback": LOOPBACK}

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


# What stands in the way, by the profiles (callgrind for the native rows, perf for the others).
FEEDING = (
    "half of what is above the floor is the MAC itself: copying five parts into the block, an inner and an outer hash called apart, "
    "and wiping the states. The rest finds the key, writes the time and the digits of the MAC, and makes text of them; what checks "
    "there are run while the inner hash does (docs/decisions/0009)"
)
LOOKING = (
    "finding four headers among eight lines, hashing the nonce under a secret key, and looking into two buckets of the table and "
    "claiming there come to more than the hash itself, and the processor does only some three hundred instructions of it "
    "while a hash runs (docs/decisions/0009)"
)
SHARING = (
    "two threads that share nothing do not reach it either (the row below). What is missing beyond that are lines of the table "
    "going from one processor to the other: each claim reads two of them and writes one, and in a table of 5,000 live nonces "
    "every other line was last written by the other thread"
)
WAITING = (
    "at this size a claim is waiting for two lines of memory, as the peer's is for its own, and the ratio moves with how long a "
    "machine's memory takes and with what its neighbours do to it"
)
PYTHON_SCALARS = (
    "a third to nearly half of the time is the hash, and a third the crossing: an empty call, four or five texts which Python hands over "
    "by a function each, one or two numbers, and a string made for the answer. Hash and crossing, and the clock where it "
    "is read, take all the time that the goal allows; finding the key and the checks come on top"
)
PYTHON_LINES = (
    "more than half is core's: the hash, finding the four headers among nine lines, hashing the nonce and looking into its two "
    "buckets. The rest is a call of seven arguments, the header list, which is copied into a tuple and then read in place, and "
    "the identity that is made, returned and dropped; none of them stands out"
)
PYTHON_TOKEN = "three SHA-512 compressions are nearly half of the call, decoding Base64 is an eighth; the rest is a call, the beans and an object to return"
PARSING = (
    "more than half is core's: its input and signature are read once, as structured fields, which costs more than both hashes since "
    "nothing in them has a fixed place and the processor guesses wrong where each part ends. The rest reads header lines and returns "
    "an identity"
)
MIDDLEWARE = (
    "two native calls are half of it, since a request's head is judged before its body is asked for: reading the scope and its "
    "header lines, the checks, the hash, and a place where the verification waits for the body, none of which is most of it. The "
    "other half is Python: a coroutine around the application, one that hands the body on, and asking whether anybody logs or "
    "traces"
)
NODE_SIGN = (
    "signing itself, its nonce and the clock are half, the kernel's random bytes alone a tenth; the rest is one call, one string "
    "in, one out and the object made of it, each at the least that napi's safe interface costs (docs/decisions/0005)"
)
NODE_CHECKS = (
    "more than half is core's verification, a third of that waiting for the replay table's memory; a tenth is finding four headers "
    "in the list as it was sent, where the peer looks them up and does not see doubled ones; the rest is joining and copying what "
    "crosses"
)
NODE_CROSSING = (
    "half is core's verification; the rest is joining and copying what crosses, and the call, at the least that napi's safe "
    "interface costs (docs/decisions/0005)"
)
NODE_MESSAGE = (
    "more than half is core's, hashing and reading or writing structured fields; the rest is joining and copying what crosses. The "
    "quickest peer neither parses structured fields strictly nor holds a signature to a policy nor claims nonces; against those "
    "that check as much the ratio is larger (see the times below)"
)
NODE_CLAIM = (
    "more than half is the claim itself, waiting for the table's memory; the rest is a call and one string across, which costs a "
    "tenth of lru-cache's whole claim"
)

INTERRUPTED = (
    "a claim takes the same few dozens of steps however full the table is. What is longer was taken by the machine: inside of a "
    "virtual one, what an interrupt or a neighbour takes counts as the program's own processor time"
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
    Row("replay claim, 100,000 live", "moka", "replay-100k", FASTER, 4, peers=("moka",)),
    Row("replay claim, 1,000,000 live", "moka", "replay-1m", FASTER, 4, peers=("moka",), obstacle=WAITING),
    Row(
        "replay claim, 1,000,000 live",
        "the `lru` crate, which forgets live nonces when it is full",
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
        "two threads that share nothing, what the machine gives",
        "one thread",
        "threads",
        FASTER,
        None,
        ours="two threads that share nothing",
        peers=("one thread",),
    ),
    Row("MAC of a 64 KiB body", "OpenSSL", "body-mac-64k", COST, 1.05),
    Row("MAC of a 1 MiB body", "OpenSSL", "body-mac-1m", COST, 1.05),
    Row("digest of a 64 KiB body", "OpenSSL", "body-digest-64k", COST, 1.05),
]

PYTHON = [
    Row(
        "sign",
        "`hmac.new(...).hexdigest()`, as the documents write it",
        "python-sign",
        FASTER,
        10,
        peers=("hmac",),
        obstacle=PYTHON_SCALARS,
    ),
    Row(
        "verify",
        "`hmac` and `compare_digest`, likewise",
        "python-verify",
        FASTER,
        9,
        peers=("stdlib",),
        obstacle=PYTHON_SCALARS,
    ),
    Row(
        "sign, headers as a mapping",
        "the documents' whole function",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.Signer",
        peers=("stdlib",),
    ),
    Row(
        "verify, an identity from headers",
        "the documents' whole function",
        "python-verify",
        FASTER,
        None,
        ours="sealwire.Verifier",
        peers=("stdlib",),
    ),
    Row(
        "`compat` sign",
        "the documents' whole function",
        "python-sign",
        FASTER,
        None,
        ours="sealwire.compat",
        peers=("stdlib",),
    ),
    Row(
        "`compat` verify",
        "the documents' whole function",
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
]

LOOPBACK = [
    Row("FastAPI under uvicorn, CPU of a request", "BaseHTTPMiddleware", "loopback-fastapi", FASTER, None),
    Row("FastAPI under uvicorn, CPU added", "no middleware", "loopback-fastapi", Measure.SHARE_ADDED, None),
    Row("Express, CPU of a request", "node:crypto and lru-cache", "loopback-express", FASTER, None),
    Row("Express, CPU added", "no middleware", "loopback-express", Measure.SHARE_ADDED, None),
]

LANGUAGES = {"Native": NATIVE, "Python": PYTHON, "Node": NODE, "Services over loopback": LOOPBACK}

"""Explanations for missed goals. They were found with callgrind for the native benchmarks and with perf for
the others. The page shows an explanation only if its goal was missed."""

FEEDING = (
    "A third of the time above the floor is spent in the `hmac` crate, which copies the input into a block "
    "and clones two hash states. The rest of the time is used to find the key, to format the time and to "
    "encode the MAC in hex"
)
LOOKING = (
    "In addition to the hash, a verification searches eight header lines for four headers, hashes the nonce "
    "with a secret key and claims a slot of the table"
)
LOCKS = "The threads of the Python interpreter make these calls"
PIECES = (
    "The body is collected in blocks, which are joined at the end. For a short time, this requires twice as "
    "much memory as the body"
)
SHARING = (
    "Each claim writes to a cache line of the table, and the other thread often needs the same cache line. If "
    "the table has 5,000 live nonces, about half of the cache lines must be transferred between the two cores"
)
WAITING = "At this table size, each claim waits for two cache lines from memory, in Sealwire and in the peer"
PYTHON_SCALARS = (
    "The hash and an empty call with the same arguments use most of the time that the goal allows. The key "
    "lookup and the checks take additional time. See [the limits](#goals-out-of-reach)"
)
PYTHON_LINES = (
    "The checks in the core crate take more than half of the time. The rest of the time is used to convert the "
    "header list and the identity. See [the limits](#goals-out-of-reach)"
)
PYTHON_TOKEN = "Three SHA-512 compressions take nearly half of the call time"
PARSING = "Parsing the structured fields takes more time than both hashes"
MIDDLEWARE = (
    "Two native calls are necessary, because the head is checked before the body is received. They take a "
    "third of the time. The rest of the time is spent in Python code, which wraps the application and its "
    "functions `receive` and `send`"
)
NODE_SIGN = (
    "An empty call that takes and returns a string uses a quarter of the time. Random bytes from the "
    "kernel take a tenth of the time. See [the limits](#goals-out-of-reach)"
)
NODE_CHECKS = (
    "The checks in the core crate take more than half of the time. The rest of the time is used to join strings "
    "and to pass them to native code. See [the limits](#goals-out-of-reach)"
)
NODE_CROSSING = "Joining the header lines and passing them to native code takes half of the time"
NODE_MESSAGE = (
    "The fastest package does not parse structured fields strictly and does not claim nonces. Compared with "
    "packages that perform the same checks, the ratio is larger (see the times below)"
)
NODE_CLAIM = (
    "The claim waits for the memory of the table. A native call with a string takes a tenth of the time that "
    "lru-cache needs for a claim. See [the limits](#goals-out-of-reach)"
)
STORE = "Each claim sends one command and checks the reply. This takes as long as the hand-written command"
START = "The package loads its native module and validates its list of settings"
INTERRUPTED = (
    "The number of steps in a claim does not depend on the fill level of the table. The virtual machine was "
    "interrupted during the longest claim"
)

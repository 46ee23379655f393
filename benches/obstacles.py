"""The reasons why goals are missed. The reasons were found with callgrind for native rows and with perf for
other rows. The page contains a reason only if the goal is missed."""

FEEDING = (
    "A third of the time above the floor is spent in the `hmac` crate, which copies the input into a block "
    "and clones two hash states. The rest of the time is used to find the key, to format the time and to "
    "encode the MAC in hex"
)
LOOKING = (
    "In addition to the hash, a verification searches eight header lines for four headers, hashes the nonce "
    "with a secret key and claims a slot of the table"
)
LOCKS = "The threads of the interpreter make these calls"
PIECES = (
    "The body is collected in blocks, which are then joined. For a short time, this requires twice the size "
    "of the body"
)
SHARING = (
    "Each claim writes to a cache line of the table, and the other thread often needs the same cache line. If "
    "the table has 5,000 live nonces, about half of the cache lines must be transferred between the two cores"
)
WAITING = "At this size, each claim of Sealwire and of the peer waits for two cache lines from memory"
PYTHON_SCALARS = (
    "The hash and an empty call with the same arguments use most of the time that the goal allows. The key "
    "look-up and the checks need additional time. See [the limits](#goals-out-of-reach)"
)
PYTHON_LINES = (
    "The checks in core take more than half of the time. The rest of the time is used to convert the header "
    "list and the identity. See [the limits](#goals-out-of-reach)"
)
PYTHON_TOKEN = "Three SHA-512 compressions take nearly half of the time of the call"
PARSING = "Parsing the structured fields takes more time than both hashes"
MIDDLEWARE = (
    "Two native calls take a third of the time, because the head is checked before the body is received. The "
    "rest of the time is spent in Python code, which wraps the application and its functions `receive` and "
    "`send`"
)
NODE_SIGN = (
    "An empty call with a string as argument and result takes a quarter of the time. Random bytes from the "
    "kernel take a tenth of the time. See [the limits](#goals-out-of-reach)"
)
NODE_CHECKS = (
    "The checks in core take more than half of the time. The rest of the time is used to join strings and to "
    "pass them to native code. See [the limits](#goals-out-of-reach)"
)
NODE_CROSSING = "Joining the header lines and passing them to native code takes half of the time"
NODE_MESSAGE = (
    "The fastest package does not parse structured fields strictly and does not claim nonces. Compared with "
    "packages that perform the same checks, the ratio is larger (see the times below)"
)
NODE_CLAIM = (
    "The claim waits for the memory of the table. A native call with a string takes a tenth of the time of a "
    "claim in lru-cache. See [the limits](#goals-out-of-reach)"
)
STORE = (
    "Each claim sends one command and checks the reply. This takes as much time as the hand-written command"
)
START = "The package loads its native module and validates its list of settings"
INTERRUPTED = (
    "The number of steps of a claim does not depend on the fill level of the table. The virtual machine was "
    "interrupted during the longest claim"
)

"""Why goals are missed, from profiles: callgrind for native rows, perf for the others. Shown only for missed goals."""

FEEDING = (
    "A third of the time above the hash is the `hmac` crate, which copies the input into a block and keeps two states. The rest finds "
    "the key, writes the time and converts the MAC to text"
)
LOOKING = (
    "Besides the hash, a verification finds four headers among eight lines, hashes the nonce with a secret key and claims a slot "
    "of the table"
)
LOCKS = "The calls come from threads of the interpreter"
PIECES = "The body is collected in blocks and then joined, which needs its size twice for a moment"
SHARING = (
    "Each claim writes one cache line of the table, and the other thread needs it next. Two threads in a table of 5,000 nonces "
    "exchange about every second line"
)
WAITING = "At this size a claim waits for two cache lines from memory, and so does the peer"
PYTHON_SCALARS = (
    "The hash and an empty call with the same arguments use most of the time that the goal allows. Key look-up and checks come on top. "
    "See [the limits](#goals-out-of-reach)"
)
PYTHON_LINES = (
    "The checks in core take more than half of the time, and the call with its header list and the identity the rest. "
    "See [the limits](#goals-out-of-reach)"
)
PYTHON_TOKEN = "Three SHA-512 compressions take nearly half of the call"
PARSING = "Reading the structured fields costs more than both hashes"
MIDDLEWARE = (
    "Two native calls take a third of the time, because the head is checked before the body is received. The rest is Python: a "
    "coroutine around the application, and functions around its `receive` and `send`"
)
NODE_SIGN = (
    "An empty call with a string as argument and result takes a quarter of the time, and random bytes from the kernel a tenth. "
    "See [the limits](#goals-out-of-reach)"
)
NODE_CHECKS = (
    "The checks in core take more than half of the time. The rest joins strings and passes them to native code. "
    "See [the limits](#goals-out-of-reach)"
)
NODE_CROSSING = "Joining the header lines and passing them to native code takes half of the time"
NODE_MESSAGE = (
    "The quickest package does not parse structured fields strictly and claims no nonces. Compared with packages that check as "
    "much, the ratio is larger (see the times below)"
)
NODE_CLAIM = (
    "The claim waits for the memory of the table, and a native call with a string costs a tenth of lru-cache's whole claim. "
    "See [the limits](#goals-out-of-reach)"
)
STORE = "One command for each claim, with the checks of the reply, costs as much as the command by hand"
START = "The package loads its native module and checks its settings catalogue"
INTERRUPTED = "A claim takes the same number of steps however full the table is. The virtual machine was interrupted during the longest one"

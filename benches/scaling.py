"""Counts the system calls for locks while two threads or processes verify at the same time.

A thread that waits for a lock makes a `futex` call. File locks are `flock` and `fcntl` calls. Each program
runs twice with different numbers of requests, and the difference is used. The difference does not include the
calls at the start and the end of the program.
"""

import re
import subprocess
import tempfile

import obstacles
import peers
from absolute import Absolute

FEW, MANY = 2_000, 42_000
TRACED = "trace=futex,flock,fcntl"


def system_calls() -> list[Absolute]:
    """Returns the number of calls per request for each binding."""
    node = [
        "node",
        "--single-threaded",
        str(peers.HERE / "node/contend.mjs"),
    ]  # this option disables the garbage-collector threads
    programs = {
        "Rust, tower layer, two threads": [str(peers.NATIVE), "contend"],
        "C, two threads": [str(peers.C_THREADS), "contend"],
        "Python, two processes and one file": [str(peers.PYTHON), str(peers.HERE / "python/contend.py")],
        "Node, two worker threads and one file": node,
    }
    return [
        Absolute(
            f"{name}: lock system calls per request",
            "",
            {"sealwire": per_request(command)},
            0.01,
            obstacles.LOCKS,
        )
        for name, command in programs.items()
    ]


def per_request(command: list[str]) -> float:
    calls = [calls_of([*command, str(requests)]) for requests in (FEW, MANY)]
    return max(0, calls[1] - calls[0]) / (MANY - FEW)


def calls_of(command: list[str]) -> int:
    with tempfile.NamedTemporaryFile("r") as summary:
        traced = ["strace", "-f", "-qq", "-c", "-e", TRACED, "-o", summary.name, *command]
        subprocess.run(traced, check=True, stdout=subprocess.DEVNULL)
        total = re.search(r"^100\.00\s+\S+\s+\S*\s+(\d+).*total$", summary.read(), re.MULTILINE)
    return int(total[1]) if total else 0

"""The lowest times that the bindings can reach. Each limit is the time of the core crate plus the time of a
call that only converts the same arguments and results."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from figures import fastest
from judge import Verdict
from pace import Measured
from rows import Row

# The times, in nanoseconds, of calls that only convert their arguments and results. Decisions 0007 (Python)
# and 0005 (Node) describe the measurements.
PYTHON_SIGN = ("a call with five strings and a number, which returns a string", 60 + 12 + 21)
PYTHON_VERIFY = ("a call with six strings and two numbers", 69 + 24)
PYTHON_LINES = ("a call with nine header lines, which returns an object with two strings", 62 + 50)
NODE_SIGN = (
    "a call with a string, which returns a string, plus the time for a nonce and the clock",
    61 + 35 + 41 + 55,
)
NODE_CHECKS = ("a call with six strings", 197)
NODE_CLAIM = ("a call with a string and a number", 72 + 10)


@dataclass(frozen=True)
class Limit:
    """The limit for a benchmark of a binding. `core` is a native benchmark and one of its implementations,
    which does only the minimum work of the binding. `interface` describes a call that only converts the
    values, with its time."""

    section: str
    source: str
    core: tuple[str, str]
    interface: tuple[str, int]


LIMITS = [
    Limit("Python", "python-sign", ("sign-pairwise", "floor"), PYTHON_SIGN),
    Limit("Python", "python-verify", ("verify-pairwise", "floor"), PYTHON_VERIFY),
    Limit("Python", "python-all-checks", ("verify", "sealwire"), PYTHON_LINES),
    Limit("Node", "node-sign", ("sign", "sealwire"), NODE_SIGN),
    Limit("Node", "node-all-checks", ("verify", "sealwire"), NODE_CHECKS),
    Limit("Node", "node-replay-100k", ("replay-100k", "sealwire"), NODE_CLAIM),
]


def table(sections: dict[str, list[Verdict]], measured: dict[str, Measured]) -> Iterator[str]:
    """Yields a table with the best possible result of each benchmark that has a limit."""
    yield "## Goals out of reach"
    yield ""
    yield "A safe interface must convert each value that it passes and must check its type. The column `interface` contains the time of a call that"
    yield "only converts values ([Python](decisions/0007-python-calls.md), [Node](decisions/0005-node-calls.md)). The column before it contains the time"
    yield "of the core crate for the same work, or, for the `pairwise` calls in Python, the time of the hash without the key lookup and the checks. No"
    yield "binding can be faster than the sum of both times. A goal is therefore out of reach if it is greater than or equal to the value in the last column."
    yield ""
    yield "| benchmark | goal | time at the goal, ns | core crate or hash, ns | interface, ns | at most |"
    yield "|---|---|---:|---:|---|---|"
    for limit in LIMITS:
        verdict = next(v for v in sections[limit.section] if v.row.source == limit.source and v.row.goal)
        peer = peer_time(verdict.row, measured)
        row, subject = limit.core
        core = statistics.median(measured[row].counted[subject])
        values, cost = limit.interface
        best, goal = peer / (core + cost), verdict.row.goal
        mark = "" if round(best, 1) > goal else ", **out of reach**"
        yield (
            f"| {limit.section}: {verdict.row.work} | {goal:g} | {peer / goal:.0f} | {core:.0f} "
            f"| {cost}: {values} | {best:.1f}{mark} |"
        )
    yield ""


def peer_time(row: Row, measured: dict[str, Measured]) -> float:
    rounds = measured[row.source].counted
    names = row.peers or tuple(name for name in rounds if name not in (row.ours, "none"))
    return statistics.median(rounds[fastest(rounds, list(names))])

"""Rounds in turn, as benches/rust/src/harness.rs has them; one JSON line per row."""

import asyncio
import functools
import gc
import json
import time
from collections.abc import Awaitable, Callable
from timeit import Timer

Round = Callable[[], float]
AsyncRound = Callable[[], Awaitable[float]]


def calls(count: int, line: str, **names: object) -> Round:
    """A round of `count` runs of one line of Python, in nanoseconds of CPU time each."""
    return lambda: timed(line, names, count) / count


def prepared(count: int, prepare: Callable[[], object], given: str, line: str, **names: object) -> Round:
    """A round whose `count` inputs are made before the clock is started; the line has each of them as `given`."""
    repeated = f"for {given} in inputs:\n    {line}"

    def measured() -> float:
        inputs = [prepare() for _ in range(count)]
        return timed(repeated, {**names, "inputs": inputs}, 1) / count

    return measured


def timed(line: str, names: dict[str, object], count: int) -> float:
    """Compiles the line into the loop, where it stands as in a caller's code. Were it called through a function of the
    harness's, both sides would pay for that too, and the quicker of them the larger part. Garbage is collected, as in services.
    """
    return Timer(line, "gc.enable()", time.process_time_ns, {"gc": gc, **names}).timeit(count)


def run(row: str, rounds: int, subjects: dict[str, Round]) -> None:
    """Every subject in turn, Sealwire first in the list; who begins rotates. The first round of each only warms up."""

    async def soon(subject: Round) -> float:
        return subject()

    awaited = {name: functools.partial(soon, subject) for name, subject in subjects.items()}
    asyncio.run(run_async(row, rounds, awaited))


async def run_async(row: str, rounds: int, subjects: dict[str, AsyncRound], slices: int = 1) -> None:
    """As `run`, within a loop. A round may be cut in slices that take turns, where what is asked for is a small difference:
    whatever the machine does for longer than a slice then falls on all subjects alike."""
    names = list(subjects)
    measured: dict[str, list[float]] = {name: [] for name in names}
    paces: list[float] = []
    for turn in range(rounds + 1):
        before = pace()
        costs = dict.fromkeys(names, 0.0)
        for at in range(turn, turn + slices):
            for name in names[at % len(names) :] + names[: at % len(names)]:
                costs[name] += await subjects[name]()
        if turn > 0:
            paces.append(max(before, pace()))
            for name in names:
                measured[name].append(costs[name] / slices)
    line = {
        "row": row,
        "subjects": [{"name": name, "rounds": measured[name]} for name in names],
        "pace": paces,
    }
    print(json.dumps(line), flush=True)


def pace() -> float:
    """How much of a physical core there is: nanoseconds of a fixed piece of work. See benches/rust/src/pace.rs."""
    return timed("sum(range(20_000))", {}, 3)

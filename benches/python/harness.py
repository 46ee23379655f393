"""Runs the rounds of all implementations alternately, like benches/rust/src/harness.rs, and prints one line
of JSON per benchmark."""

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
    """Returns a round that runs a line of Python `count` times and returns the CPU time per run in
    nanoseconds."""
    return lambda: timed(line, names, count) / count


def prepared(count: int, prepare: Callable[[], object], given: str, line: str, **names: object) -> Round:
    """Returns a round that runs a line of Python for each of `count` inputs. The inputs are created before
    the clock starts. `given` lists the variables that each input is assigned to."""
    repeated = f"for {given} in inputs:\n    {line}"

    def measured() -> float:
        inputs = [prepare() for _ in range(count)]
        return timed(repeated, {**names, "inputs": inputs}, 1) / count

    return measured


def timed(line: str, names: dict[str, object], count: int) -> float:
    """Compiles the line into the measured loop. If the loop called a function instead, all implementations
    would become slower by the same time, and their ratio would change. Garbage collection is enabled, as it
    is in services."""
    return Timer(line, "gc.enable()", time.process_time_ns, {"gc": gc, **names}).timeit(count)


def run(row: str, rounds: int, subjects: dict[str, Round]) -> None:
    """Runs all implementations alternately. Each round starts with a different implementation. The first
    round is a warm-up."""

    async def soon(subject: Round) -> float:
        return subject()

    awaited = {name: functools.partial(soon, subject) for name, subject in subjects.items()}
    asyncio.run(run_async(row, rounds, awaited))


async def run_async(row: str, rounds: int, subjects: dict[str, AsyncRound], slices: int = 1) -> None:
    """Like `run`, but in an event loop. To measure a small difference, a round can be divided into `slices`,
    which alternate between the implementations. A disturbance then affects all implementations equally."""
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
    """Measures the speed of the processor core. Returns the time of a fixed workload in nanoseconds. See
    benches/rust/src/pace.rs."""
    return timed("sum(range(20_000))", {}, 3)

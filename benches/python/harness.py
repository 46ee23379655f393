"""Rounds in turn, as benches/rust/src/harness.rs has them; one JSON line per row."""

import gc
import json
import time
from collections.abc import Callable
from timeit import Timer

Round = Callable[[], float]


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
    names = list(subjects)
    measured: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds + 1):
        for at in range(len(names)):
            name = names[(at + turn) % len(names)]
            cost = subjects[name]()
            if turn > 0:
                measured[name].append(cost)
    line = {"row": row, "subjects": [{"name": name, "rounds": measured[name]} for name in names]}
    print(json.dumps(line), flush=True)

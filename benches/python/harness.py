"""Rounds in turn, as benches/rust/src/harness.rs has them; one JSON line per row."""

import json
import time
from collections.abc import Callable

Round = Callable[[], float]


def calls(count: int, call: Callable[[], object]) -> Round:
    """A round of `count` calls, in nanoseconds of CPU time each."""
    turns = range(count)

    def measured() -> float:
        started = time.process_time_ns()
        for _ in turns:
            call()
        return (time.process_time_ns() - started) / count

    return measured


def prepared(count: int, prepare: Callable[[], object], call: Callable[[object], object]) -> Round:
    """A round whose `count` inputs are made before the clock is started."""

    def measured() -> float:
        inputs = [prepare() for _ in range(count)]
        started = time.process_time_ns()
        for one in inputs:
            call(one)
        return (time.process_time_ns() - started) / count

    return measured


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

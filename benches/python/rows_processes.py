"""Compares two processes that share a replay file with two processes that share nothing."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness import Round, run
from workers import Workers

PER_ROUND = 4000
# The maximum number of attempts to measure a round without interruptions. If all attempts are interrupted,
# the last round is used.
TRIES = 10


def verify(rounds: int) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder, Workers(1) as one, Workers(2) as two:
        files = (Path(folder) / str(number) for number in itertools.count())
        run(
            "threads-python",
            rounds,
            {
                "two processes": subject(two, files, shared=True),
                "one process": subject(one, files, shared=True),
                "two processes that share nothing": subject(two, files, shared=False),
            },
        )


def subject(workers: Workers, files: Iterator[Path], *, shared: bool) -> Round:
    count = len(workers)

    def measured() -> float:
        for _ in range(TRIES):
            used = [next(files)] * count if shared else [next(files) for _ in range(count)]
            taken, interrupted = workers.wall(used, PER_ROUND)
            for file in set(used):
                file.unlink()
            if not interrupted:
                break
        return taken

    return measured

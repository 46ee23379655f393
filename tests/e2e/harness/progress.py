"""Progress messages."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(what: str, ms: float | None = None) -> None:
    took = "" if ms is None else f": {ms / 1000:.1f} s"
    print(f"    {what}{took}", file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints the name of a step when it starts, and its duration when it ends."""
    print(f"    {what} ...", file=sys.stderr, flush=True)
    started = time.perf_counter()
    yield
    say(what, (time.perf_counter() - started) * 1000)

"""What is going on, for whoever waits."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(what: str, ms: float | None = None) -> None:
    took = "" if ms is None else f": {ms / 1000:.1f} s"
    print(f"    {what}{took}", file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announces what takes long before it begins, and says how long it took."""
    print(f"    {what} ...", file=sys.stderr, flush=True)
    started = time.perf_counter()
    yield
    say(what, (time.perf_counter() - started) * 1000)

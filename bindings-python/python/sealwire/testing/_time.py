"""A clock for the setting `clock`."""

from __future__ import annotations

import time


class ManualClock:
    """A clock that moves only when a test moves it: `HMACAuthMiddleware(app, "practices", clock=clock, ...)`."""

    def __init__(self, now_ms: int | None = None) -> None:
        """`now_ms` is in Unix milliseconds. The default is the current time."""
        self.now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms

    def advance(self, seconds: float) -> None:
        """Moves the clock forward, or back if `seconds` is negative."""
        self.now_ms += round(seconds * 1000)

    def __call__(self) -> int:
        """Returns the time in Unix milliseconds."""
        return self.now_ms

    def __repr__(self) -> str:
        """Shows the time."""
        return f"<ManualClock {self.now_ms}>"

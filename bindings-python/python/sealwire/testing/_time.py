"""A clock for the setting `clock`."""

from __future__ import annotations

import math
import time

from sealwire._errors import ConfigError


class ManualClock:
    """A clock that moves only when a test moves it: `HMACAuthMiddleware(app, "practices", clock=clock, ...)`."""

    def __init__(self, now_ms: int | None = None) -> None:
        """`now_ms` is in Unix milliseconds. The default is the current time."""
        if now_ms is not None and (isinstance(now_ms, bool) or not isinstance(now_ms, int)):
            raise ConfigError(f"now_ms: give Unix milliseconds, an int, not {type(now_ms).__name__}")
        self.now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms

    def advance(self, seconds: float) -> None:
        """Moves the clock forward, or back if `seconds` is negative."""
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
            raise ConfigError(f"seconds: give a number of seconds, not {seconds!r}")
        self.now_ms += round(seconds * 1000)

    def __call__(self) -> int:
        """Returns the time in Unix milliseconds."""
        return self.now_ms

    def __repr__(self) -> str:
        """Shows the time."""
        return f"<ManualClock {self.now_ms}>"

"""A clock for tests, for the setting `clock`."""

from __future__ import annotations

import math
import time

from sealwire._errors import ConfigError


class ManualClock:
    """A clock whose time changes only when a test changes it. Pass it as
    `HMACAuthMiddleware(app, "practices", clock=clock, ...)`."""

    def __init__(self, now_ms: int | None = None) -> None:
        """`now_ms` is the start time in Unix milliseconds. The default is the current time."""
        if now_ms is not None and (isinstance(now_ms, bool) or not isinstance(now_ms, int)):
            raise ConfigError(f"now_ms: pass Unix milliseconds, an int, not {type(now_ms).__name__}")
        self.now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms

    def advance(self, seconds: float) -> None:
        """Advances the clock by `seconds`, or sets it back if `seconds` is negative."""
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
            raise ConfigError(f"seconds: pass a number of seconds, not {seconds!r}")
        self.now_ms += round(seconds * 1000)

    def __call__(self) -> int:
        """Returns the time in Unix milliseconds."""
        return self.now_ms

    def __repr__(self) -> str:
        """Returns a description that contains the time in Unix milliseconds."""
        return f"<ManualClock {self.now_ms}>"

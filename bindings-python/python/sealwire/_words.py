"""The valid words of settings."""

from collections.abc import Callable
from typing import Literal

Mode = Literal["off", "observe", "enforce"]
Scheme = Literal["message", "pairwise", "client"]

Strings = list[str] | tuple[str, ...] | set[str] | frozenset[str]
"""Several strings. `Sequence[str]` would include `str`, which is not a list of strings here."""

Clock = Callable[[], int]
"""Returns the time in Unix milliseconds."""

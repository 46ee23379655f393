"""The types of common settings."""

from collections.abc import Callable
from typing import Literal

Mode = Literal["off", "observe", "enforce"]
Scheme = Literal["message", "pairwise", "client"]

Strings = list[str] | tuple[str, ...] | set[str] | frozenset[str]
"""A collection of strings. `Sequence[str]` is not used, because it includes `str` itself."""

Clock = Callable[[], int]
"""A function that returns the current Unix time in milliseconds."""

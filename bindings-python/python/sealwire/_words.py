"""The words that settings accept."""

from typing import Literal

Mode = Literal["off", "observe", "enforce"]
Scheme = Literal["message", "pairwise", "client"]

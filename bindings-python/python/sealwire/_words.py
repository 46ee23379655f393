"""The valid words of settings."""

from typing import Literal

Mode = Literal["off", "observe", "enforce"]
Scheme = Literal["message", "pairwise", "client"]

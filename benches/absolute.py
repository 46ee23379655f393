"""Rows with a unit of their own: bytes, milliseconds, counts."""

from dataclasses import dataclass

import obstacles
from pace import Measured


@dataclass(frozen=True)
class Absolute:
    """A figure of Sealwire, and of others. The figure must not exceed the goal."""

    work: str
    unit: str
    figures: dict[str, float]
    goal: float | None = None
    obstacle: str = ""  # why the goal was missed, shown only then

    @property
    def own(self) -> float:
        return self.figures["sealwire"]

    @property
    def reached(self) -> bool | None:
        return None if self.goal is None else self.own <= self.goal


def longest_claim(measured: dict[str, Measured]) -> Absolute:
    """Returns the longest single claim of all rounds. A round is a million claims."""
    claims = measured["longest-claim"].rounds
    longest = {name: max(rounds) / 1e6 for name, rounds in claims.items()}
    work = f"longest of {len(claims['sealwire'])} million claims, 1,000,000 live"
    return Absolute(work, "ms", longest, 1, obstacles.INTERRUPTED)

"""Benchmarks whose result is a number with a unit, such as bytes or milliseconds, instead of a ratio."""

from dataclasses import dataclass

import obstacles
from pace import Measured


@dataclass(frozen=True)
class Absolute:
    """The results of Sealwire and its peers in one benchmark. The result of Sealwire must not exceed the
    goal."""

    work: str
    unit: str
    figures: dict[str, float]
    goal: float | None = None
    obstacle: str = ""  # why the goal was missed

    @property
    def own(self) -> float:
        return self.figures["sealwire"]

    @property
    def reached(self) -> bool | None:
        return None if self.goal is None else self.own <= self.goal


def longest_claim(measured: dict[str, Measured]) -> Absolute:
    """Returns the duration of the longest single claim in all rounds. Each round makes a million claims."""
    claims = measured["longest-claim"].rounds
    longest = {name: max(rounds) / 1e6 for name, rounds in claims.items()}
    work = f"longest of {len(claims['sealwire'])} million claims, 1,000,000 live"
    return Absolute(work, "ms", longest, 1, obstacles.INTERRUPTED)

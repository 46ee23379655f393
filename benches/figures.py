"""From rounds to figures: medians, ratios and how far they spread."""

import statistics
from dataclasses import dataclass

Rounds = dict[str, list[float]]


@dataclass(frozen=True)
class Figure:
    """A ratio of medians, and the quartiles of the rounds' own ratios."""

    value: float
    low: float
    high: float


def ratio(one: list[float], other: list[float]) -> Figure:
    """How many times `other` goes into `one`."""
    each = sorted(a / b for a, b in zip(one, other, strict=True) if b > 0)
    return Figure(statistics.median(one) / statistics.median(other), *quartiles(each))


def added(cost: list[float], bare: list[float]) -> list[float]:
    """The cost of each round minus that of the same round without."""
    return [a - b for a, b in zip(cost, bare, strict=True)]


def fastest(rounds: Rounds, names: list[str]) -> str:
    """The one with the least median."""
    return min(names, key=lambda name: statistics.median(rounds[name]))


def quartiles(sorted_values: list[float]) -> tuple[float, float]:
    """The first and the third; of fewer than four values, the extremes."""
    if len(sorted_values) < 4:
        return sorted_values[0], sorted_values[-1]
    low, _, high = statistics.quantiles(sorted_values, n=4)
    return low, high

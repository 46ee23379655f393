"""Calculates medians, ratios and their spread from rounds."""

import statistics
from dataclasses import dataclass

Rounds = dict[str, list[float]]


@dataclass(frozen=True)
class Figure:
    """A ratio of medians, with the quartiles of the ratios of single rounds."""

    value: float
    low: float
    high: float


def ratio(one: list[float], other: list[float]) -> Figure:
    """Returns the ratio of `other` to `one`."""
    each = sorted(a / b for a, b in zip(one, other, strict=True) if b > 0)
    return Figure(statistics.median(one) / statistics.median(other), *quartiles(each))


def added(cost: list[float], bare: list[float]) -> list[float]:
    """Returns the difference between each round and the same round of the baseline."""
    return [a - b for a, b in zip(cost, bare, strict=True)]


def fastest(rounds: Rounds, names: list[str]) -> str:
    """Returns the subject with the lowest median."""
    return min(names, key=lambda name: statistics.median(rounds[name]))


def quartiles(sorted_values: list[float]) -> tuple[float, float]:
    """Returns the first and third quartile, or the extremes for fewer than four values."""
    if len(sorted_values) < 4:
        return sorted_values[0], sorted_values[-1]
    low, _, high = statistics.quantiles(sorted_values, n=4)
    return low, high

"""Computes medians, ratios and their spread from the measured rounds."""

import statistics
from dataclasses import dataclass

Rounds = dict[str, list[float]]


@dataclass(frozen=True)
class Figure:
    """A ratio of two medians, with the quartiles of the ratios in the individual rounds."""

    value: float
    low: float
    high: float


def ratio(one: list[float], other: list[float]) -> Figure:
    """Returns the median of `one` divided by the median of `other`."""
    each = sorted(a / b for a, b in zip(one, other, strict=True) if b > 0)
    return Figure(statistics.median(one) / statistics.median(other), *quartiles(each))


def added(cost: list[float], bare: list[float]) -> list[float]:
    """Subtracts the baseline `bare` from the times, round by round."""
    return [a - b for a, b in zip(cost, bare, strict=True)]


def fastest(rounds: Rounds, names: list[str]) -> str:
    """Returns the name of the implementation with the lowest median."""
    return min(names, key=lambda name: statistics.median(rounds[name]))


def quartiles(sorted_values: list[float]) -> tuple[float, float]:
    """Returns the first and the third quartile, or the minimum and the maximum if there are fewer than four
    values."""
    if len(sorted_values) < 4:
        return sorted_values[0], sorted_values[-1]
    low, _, high = statistics.quantiles(sorted_values, n=4)
    return low, high

"""Compares the measured rounds with the benchmark goals."""

from dataclasses import dataclass

from figures import Figure, Rounds, added, fastest, ratio
from pace import Measured
from rows import LANGUAGES, Measure, Row


@dataclass(frozen=True)
class Verdict:
    """A benchmark with its result and the peer it was compared with."""

    row: Row
    peer: str
    figure: Figure
    chosen: bool = False  # True if the peer is the fastest of several peers

    @property
    def reached(self) -> bool | None:
        """Returns True if the goal was reached, or None if the benchmark has no goal."""
        if self.row.goal is None:
            return None
        if self.row.measure.more_is_better:
            return self.figure.value >= self.row.goal
        return self.figure.value <= self.row.goal


def judged(measured: dict[str, Measured]) -> dict[str, list[Verdict]]:
    """Returns the verdicts of each section, for the benchmarks that were run."""
    found = {
        section: [
            judge(row, measured[row.source].counted)
            for row in rows
            if row.source in measured and row.ours in measured[row.source].rounds
        ]
        for section, rows in LANGUAGES.items()
    }
    return {section: rows for section, rows in found.items() if rows}


def judge(row: Row, rounds: Rounds) -> Verdict:
    """Computes the result of a benchmark from the measured rounds."""
    ours = rounds[row.ours]
    if row.measure is Measure.SHARE_ADDED:
        bare = rounds["none"]
        return Verdict(row, "none", ratio(added(ours, bare), bare))
    candidates = row.peers or tuple(name for name in rounds if name not in (row.ours, "none"))
    peer = fastest(rounds, list(candidates))
    theirs = rounds[peer]
    if row.measure is Measure.TIMES_LESS_ADDED:
        bare = rounds["none"]
        return Verdict(row, peer, ratio(added(theirs, bare), added(ours, bare)))
    pair = (theirs, ours) if row.measure is Measure.TIMES_FASTER else (ours, theirs)
    return Verdict(row, peer, ratio(*pair), chosen=len(candidates) > 1)

"""Compares the results of each benchmark in two runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from judge import Verdict, judged
from results import Outcome
from rows import Measure

# In these sections, a benchmark must not become slower by more than this fraction.
WATCHED = ("Python", "Node")
TOLERATED = 0.08


@dataclass(frozen=True)
class Change:
    """The results of one benchmark in two runs."""

    before: Verdict
    after: Verdict

    @property
    def gain(self) -> float | None:
        """Returns the relative improvement of the later result (0.1 means 10 %), or None if a result is not
        positive."""
        one, other = self.before.figure.value, self.after.figure.value
        if one <= 0 or other <= 0:
            return None
        return (other / one if self.after.row.measure.more_is_better else one / other) - 1

    @property
    def is_certain(self) -> bool:
        """Returns True if the interquartile ranges of the two runs do not overlap."""
        one, other = self.before.figure, self.after.figure
        return one.high < other.low or other.high < one.low


class Changes:
    """The benchmarks of an earlier run, for comparison with a later run."""

    def __init__(self, before: Outcome | None) -> None:
        self.taken = before.taken if before else {}
        sections = judged(before.measured) if before else {}
        self._verdicts = {
            (section, verdict.row.work, verdict.row.against): verdict
            for section, verdicts in sections.items()
            for verdict in verdicts
        }
        self.absolutes = {row.work: row for row in before.absolutes} if before else {}

    def __bool__(self) -> bool:
        return bool(self._verdicts)

    def of(self, section: str, after: Verdict) -> Change | None:
        before = self._verdicts.get((section, after.row.work, after.row.against))
        return before and Change(before, after)

    def slower(self, sections: dict[str, list[Verdict]]) -> Iterator[tuple[str, Change]]:
        """Yields the watched benchmarks that became slower by more than the tolerance."""
        for section in WATCHED:
            for verdict in sections.get(section, []):
                change = self.of(section, verdict)
                # The share of a request varies too much to be watched, because it depends on the time of the
                # whole request.
                if change is None or change.gain is None or verdict.row.measure is Measure.SHARE_ADDED:
                    continue
                if change.gain < -TOLERATED:
                    yield section, change

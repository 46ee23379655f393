"""Leaves out the rounds during which another program used the same physical core.

On a rented machine another's program may run on the same core, for seconds to minutes. What is bound by how many instructions
the core gets through then takes half as long again and more, a hash takes the same, and a ratio of the two says nothing of either. So
every program times a fixed piece of work around each round, and a round that found it slow is left out, for all subjects alike.
"""

from dataclasses import dataclass

from figures import Rounds

# Clocks rise and fall with the heat by less; a shared core takes longer by more.
TOLERANCE = 1.15
# With fewer rounds on a whole core than this, a row counts them all.
ENOUGH = 9


@dataclass(frozen=True)
class Measured:
    """The measurements of a row: the rounds of all subjects, and the pace of the core during each round."""

    rounds: Rounds
    pace: list[float]
    quickest: float  # of all rows of the program

    @classmethod
    def unpaced(cls, rounds: Rounds) -> "Measured":
        """For programs that share the machine by design: services and their load generators."""
        taken = len(next(iter(rounds.values())))
        return cls(rounds, [1.0] * taken, 1.0)

    def joined(self, later: "Measured") -> "Measured":
        """With the rounds of another run of the same program."""
        rounds = {name: taken + later.rounds[name] for name, taken in self.rounds.items()}
        return Measured(rounds, self.pace + later.pace, min(self.quickest, later.quickest))

    @property
    def whole(self) -> list[bool]:
        """Which rounds had a core of their own."""
        return [pace <= self.quickest * TOLERANCE for pace in self.pace]

    @property
    def crowded(self) -> bool:
        """Whether too few had."""
        return sum(self.whole) < min(ENOUGH, len(self.pace))

    @property
    def counted(self) -> Rounds:
        """The rounds to judge by."""
        return self.rounds if self.crowded else self._those(True)

    @property
    def beside_neighbour(self) -> Rounds:
        """The rounds left out; none where all are counted."""
        return {} if self.crowded or all(self.whole) else self._those(False)

    def _those(self, whole: bool) -> Rounds:
        return {
            name: [cost for cost, own in zip(taken, self.whole, strict=True) if own is whole]
            for name, taken in self.rounds.items()
        }


def read(lines: list[dict]) -> dict[str, Measured]:
    """The rows that a program printed."""
    paces = sorted(pace for line in lines for pace in line["pace"])
    quickest = paces[len(paces) // 50]  # not the very first: clocks leap for moments
    return {
        line["row"]: Measured(
            {subject["name"]: subject["rounds"] for subject in line["subjects"]}, line["pace"], quickest
        )
        for line in lines
    }


def joined(before: dict[str, Measured], later: dict[str, Measured]) -> dict[str, Measured]:
    """Joins two runs of the same rows. Each row is compared with the fastest pace of both."""
    return {name: before[name].joined(row) if name in before else row for name, row in later.items()}

"""Excludes rounds during which another program used the same physical core.

On a virtual machine, another program may run on the same core for seconds to minutes. Code limited by
instruction throughput then takes more than 1.5 times as long, but hashing takes the same time, so the ratio
of both is meaningless. Therefore each program times a fixed workload around each round, and slow rounds are
excluded for all subjects.
"""

from dataclasses import dataclass

from figures import Rounds

# Larger than clock changes caused by temperature, and smaller than the effect of a shared core.
TOLERANCE = 1.15
# With fewer undisturbed rounds than this, all rounds of a row are used.
ENOUGH = 9


@dataclass(frozen=True)
class Measured:
    """The measurements of a row: the rounds of all subjects, and the speed of the core during each round."""

    rounds: Rounds
    pace: list[float]
    quickest: float  # the fastest of all rows of the program

    @classmethod
    def unpaced(cls, rounds: Rounds) -> "Measured":
        """Returns a measurement without speeds, for programs that share the machine by design: services and
        load generators."""
        taken = len(next(iter(rounds.values())))
        return cls(rounds, [1.0] * taken, 1.0)

    def joined(self, later: "Measured") -> "Measured":
        """Returns the measurement with the rounds of another run of the same program."""
        rounds = {name: taken + later.rounds[name] for name, taken in self.rounds.items()}
        return Measured(rounds, self.pace + later.pace, min(self.quickest, later.quickest))

    @property
    def whole(self) -> list[bool]:
        """Returns which rounds were undisturbed."""
        return [pace <= self.quickest * TOLERANCE for pace in self.pace]

    @property
    def crowded(self) -> bool:
        """Returns whether too few rounds were undisturbed."""
        return sum(self.whole) < min(ENOUGH, len(self.pace))

    @property
    def counted(self) -> Rounds:
        """Returns the rounds to use."""
        return self.rounds if self.crowded else self._those(True)

    @property
    def beside_neighbour(self) -> Rounds:
        """Returns the excluded rounds, or none if all rounds are used."""
        return {} if self.crowded or all(self.whole) else self._those(False)

    def _those(self, whole: bool) -> Rounds:
        return {
            name: [cost for cost, own in zip(taken, self.whole, strict=True) if own is whole]
            for name, taken in self.rounds.items()
        }


def read(lines: list[dict]) -> dict[str, Measured]:
    """Reads the rows that a program printed."""
    paces = sorted(pace for line in lines for pace in line["pace"])
    quickest = paces[len(paces) // 50]  # not the minimum, because the clock speed has short peaks
    return {
        line["row"]: Measured(
            {subject["name"]: subject["rounds"] for subject in line["subjects"]}, line["pace"], quickest
        )
        for line in lines
    }


def joined(before: dict[str, Measured], later: dict[str, Measured]) -> dict[str, Measured]:
    """Joins two runs of the same rows. Each row is compared with the fastest pace of both."""
    return {name: before[name].joined(row) if name in before else row for name, row in later.items()}

"""Excludes rounds during which another program used the same physical core.

On a virtual machine, another program may run on the same core for seconds or minutes. Code that is limited by
instruction throughput then takes more than 1.5 times as long, but hashing takes the same time. Ratios between
such times are therefore meaningless. To detect this, each program times a fixed workload before and after
each round. If the workload was slow, the round is excluded for all implementations.
"""

from dataclasses import dataclass

from figures import Rounds

# The tolerance is larger than changes of the clock frequency due to temperature, and smaller than the
# slowdown on a shared core.
TOLERANCE = 1.15
# If a benchmark has fewer undisturbed rounds than this, all of its rounds are used.
ENOUGH = 9


@dataclass(frozen=True)
class Measured:
    """The measurements of a benchmark: the rounds of all implementations, and the time of the fixed workload
    in each round."""

    rounds: Rounds
    pace: list[float]
    quickest: float  # the fastest time of the fixed workload in all benchmarks of the program

    @classmethod
    def unpaced(cls, rounds: Rounds) -> "Measured":
        """Returns a measurement without times of the fixed workload. It is used for services, because they
        share the machine with a load generator."""
        taken = len(next(iter(rounds.values())))
        return cls(rounds, [1.0] * taken, 1.0)

    def joined(self, later: "Measured") -> "Measured":
        """Returns a measurement that also contains the rounds of a later run of the same program."""
        rounds = {name: taken + later.rounds[name] for name, taken in self.rounds.items()}
        return Measured(rounds, self.pace + later.pace, min(self.quickest, later.quickest))

    @property
    def whole(self) -> list[bool]:
        """Returns a list that contains True for each round that was undisturbed."""
        return [pace <= self.quickest * TOLERANCE for pace in self.pace]

    @property
    def crowded(self) -> bool:
        """Returns True if too few rounds were undisturbed."""
        return sum(self.whole) < min(ENOUGH, len(self.pace))

    @property
    def counted(self) -> Rounds:
        """Returns the rounds that the results are computed from."""
        return self.rounds if self.crowded else self._those(True)

    @property
    def beside_neighbour(self) -> Rounds:
        """Returns the excluded rounds, or an empty result if all rounds are used."""
        return {} if self.crowded or all(self.whole) else self._those(False)

    def _those(self, whole: bool) -> Rounds:
        return {
            name: [cost for cost, own in zip(taken, self.whole, strict=True) if own is whole]
            for name, taken in self.rounds.items()
        }


def read(lines: list[dict]) -> dict[str, Measured]:
    """Parses the output of a benchmark program."""
    paces = sorted(pace for line in lines for pace in line["pace"])
    # The minimum is not used, because the clock frequency can be higher for a short time.
    quickest = paces[len(paces) // 50]
    return {
        line["row"]: Measured(
            {subject["name"]: subject["rounds"] for subject in line["subjects"]}, line["pace"], quickest
        )
        for line in lines
    }


def joined(before: dict[str, Measured], later: dict[str, Measured]) -> dict[str, Measured]:
    """Joins two runs of the same benchmarks. The faster of the two workload times is used."""
    return {name: before[name].joined(row) if name in before else row for name, row in later.items()}

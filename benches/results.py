"""Saves the measurements of each group to a folder. Groups can then be measured separately, and two runs can
be compared."""

import json
import os
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from absolute import Absolute
from pace import Measured

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Outcome:
    """The measurements of one or more groups. Some benchmarks have rounds, and some have a single result."""

    measured: dict[str, Measured] = field(default_factory=dict)
    absolutes: list[Absolute] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)  # the time and the commit of each group's measurement

    def add(self, other: "Outcome") -> None:
        """Adds the measurements from another group, or from another pass of the same group."""
        for name, row in other.measured.items():
            self.measured[name] = self.measured[name].joined(row) if name in self.measured else row
        replaced = {row.work for row in other.absolutes}
        self.absolutes = [row for row in self.absolutes if row.work not in replaced] + other.absolutes
        self.taken |= other.taken


def save(folder: Path, group: str, outcome: Outcome) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    saved = {
        "taken": state_of_tree(),
        "measured": {name: asdict(row) for name, row in outcome.measured.items()},
        "absolutes": [asdict(row) for row in outcome.absolutes],
    }
    (folder / f"{group}.json").write_text(json.dumps(saved) + "\n")


def load(folder: Path) -> Outcome:
    """Loads all groups that are saved in a folder."""
    found = Outcome()
    for path in sorted(folder.glob("*.json")):
        saved = json.loads(path.read_text())
        found.add(
            Outcome(
                {name: Measured(**row) for name, row in saved["measured"].items()},
                [Absolute(**row) for row in saved["absolutes"]],
                {path.stem: saved["taken"]},
            )
        )
    return found


def state_of_tree() -> str:
    """Returns the date, the commit and the load of the machine."""
    describe = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(describe, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, load {os.getloadavg()[0]:.1f}"

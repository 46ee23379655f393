"""Writes docs/benchmarks.md and its plot."""

import os
import platform
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import peers
from figures import Rounds
from judge import Verdict
from pace import ENOUGH, Measured
from rows import Measure

DOCS = peers.ROOT / "docs"
TEXT = (Path(__file__).parent / "introduction.md").read_text()

PLOT = "![Distance of each row from its goal](benchmarks.svg)"


@dataclass(frozen=True)
class Absolute:
    """A row with its own unit. The figure of Sealwire must not exceed the goal."""

    work: str
    unit: str
    figures: dict[str, float]
    goal: float
    obstacle: str = ""  # shown when the goal is missed

    @property
    def own(self) -> float:
        return self.figures["sealwire"]


def write(
    verdicts: dict[str, list[Verdict]], absolutes: list[Absolute], measured: dict[str, Measured]
) -> None:
    """Writes the page and the plot. The plot requires an interpreter with matplotlib."""
    lines = [TEXT.rstrip(), "", PLOT, "", *machine(), ""]
    for language, rows in verdicts.items():
        lines += [f"## {language}", "", *table(rows), ""]
    lines += ["## Memory and longest claim", "", *absolute_table(absolutes), ""]
    lines += [*missed(verdicts, absolutes), *costs(measured)]
    (DOCS / "benchmarks.md").write_text("\n".join(lines).rstrip() + "\n")
    bars = [
        f"{language}: {v.row.work}\t{v.attainment}"
        for language, rows in verdicts.items()
        for v in rows
        if v.row.goal
    ]
    plot = [str(peers.PYTHON), str(Path(__file__).parent / "plot.py"), str(DOCS / "benchmarks.svg")]
    subprocess.run(plot, input="\n".join(bars), check=True, text=True)


def machine() -> Iterator[str]:
    """Returns the machine and the versions."""
    yield f"Measured on {date.today().isoformat()} with load {os.getloadavg()[0]:.1f} at the end, on:"
    yield ""
    yield f"- {cpu()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}"
    yield f"- {first_line('rustc', '--version')}, Python {platform.python_version()}, Node {first_line('node', '--version')}"
    yield f"- {first_line('openssl', 'version')} (native row); peers as pinned in `benches/`"


def cpu() -> str:
    info = Path("/proc/cpuinfo")
    names = [
        line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
    ]
    return names[0] if names else platform.processor()


def first_line(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]


def table(rows: list[Verdict]) -> Iterator[str]:
    yield "| work | against | figure | middle half of rounds | goal | reached |"
    yield "|---|---|---|---|---|---|"
    for verdict in rows:
        row, figure = verdict.row, verdict.figure
        against = f"{row.against}: {verdict.peer}" if verdict.chosen else row.against
        goal = "" if row.goal is None else shown(row.measure, row.goal)
        reached = {True: "yes", False: "**no**", None: ""}[verdict.reached]
        spread = f"{number(row.measure, figure.low)} to {number(row.measure, figure.high)}"
        yield f"| {row.work} | {against} | {shown(row.measure, figure.value)} | {spread} | {goal} | {reached} |"


def shown(measure: Measure, value: float) -> str:
    return (
        number(measure, value)
        if measure is Measure.SHARE_ADDED
        else f"{number(measure, value)} {measure.value}"
    )


def number(measure: Measure, value: float) -> str:
    if measure is Measure.SHARE_ADDED:
        return f"{value * 100:.1f} %"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def absolute_table(rows: list[Absolute]) -> Iterator[str]:
    yield "| work | Sealwire | others | goal | reached |"
    yield "|---|---|---|---|---|"
    for row in rows:
        others = ", ".join(f"{name} {value:.3g}" for name, value in row.figures.items() if name != "sealwire")
        reached = "yes" if row.own <= row.goal else "**no**"
        yield f"| {row.work} | {row.own:.3g} {row.unit} | {others} | at most {row.goal:g} {row.unit} | {reached} |"


def missed(verdicts: dict[str, list[Verdict]], absolutes: list[Absolute]) -> Iterator[str]:
    """The missed goals, grouped by cause."""
    by_reason: dict[str, list[str]] = {}
    for language, verdict in ((language, v) for language, rows in verdicts.items() for v in rows):
        if verdict.reached is False:
            figure = shown(verdict.row.measure, verdict.figure.value)
            by_reason.setdefault(verdict.row.obstacle, []).append(
                f"{language}, {verdict.row.work} ({figure})"
            )
    for row in absolutes:
        if row.own > row.goal:
            by_reason.setdefault(row.obstacle, []).append(f"{row.work} ({row.own:.3g} {row.unit})")
    if not by_reason:
        return
    yield "## Missed goals and their causes"
    yield ""
    for reason, works in by_reason.items():
        yield f"- **{'; '.join(works)}**: {reason or 'not investigated yet'}."
    yield ""


def costs(measured: dict[str, Measured]) -> Iterator[str]:
    """The measured times behind the ratios."""
    yield "## Times"
    yield ""
    yield "Medians in nanoseconds per operation, on the machine above. Only the ratios apply to other machines. In rows marked *all*, fewer than"
    yield f"{ENOUGH} rounds had their own core, so all rounds are counted."
    yield ""
    yield "| row | rounds counted | subject and time | on a shared core, left out |"
    yield "|---|---|---|---|"
    for name, row in measured.items():
        counted, taken = len(next(iter(row.counted.values()))), len(row.pace)
        share = f"*all* {taken}" if row.crowded else f"{counted} of {taken}"
        yield f"| `{name}` | {share} | {times(row.counted)} | {times(row.beside_neighbour)} |"


def times(rounds: Rounds) -> str:
    return ", ".join(f"{name} {statistics.median(taken):,.0f}" for name, taken in rounds.items())

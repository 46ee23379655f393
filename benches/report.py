"""Writes docs/benchmarks.md and its chart."""

import os
import platform
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import limits
import peers
import summary
from absolute import Absolute, longest_claim
from changes import TOLERATED, Change, Changes
from figures import Rounds
from judge import Verdict, judged
from pace import ENOUGH, Measured
from results import Outcome
from rows import Measure

DOCS = peers.ROOT / "docs"
HERE = Path(__file__).parent
CHART = "![Charts that compare Sealwire with the code that it replaces: the time of a verification, of the middleware, of a claim in Redis and of loading, and the memory](benchmarks.svg)"


def write(outcome: Outcome, before: Outcome | None) -> None:
    sections, changes = judged(outcome.measured), Changes(before)
    asked, absolutes = summary.questions(outcome), [*outcome.absolutes, longest_claim(outcome.measured)]
    lines = [part("introduction.md"), "", CHART, "", *summary.table(asked), "", *machine(outcome), ""]
    lines += [*goals(sections, absolutes), *limits.table(sections, outcome.measured)]
    lines += compared(sections, changes)
    for section, verdicts in sections.items():
        lines += [f"## {section}", "", *table(verdicts, changes_of(section, verdicts, changes)), ""]
    lines += ["## Memory, sizes and counts", "", *absolute_table(absolutes, changes), ""]
    lines += [part("method.md"), "", *costs(outcome.measured)]
    (DOCS / "benchmarks.md").write_text("\n".join(lines).rstrip() + "\n")
    summary.draw(asked, DOCS / "benchmarks.svg")


def part(name: str) -> str:
    return (HERE / name).read_text().rstrip()


def machine(outcome: Outcome) -> Iterator[str]:
    """Yields a description of the machine, the versions, and when each group was measured."""
    yield "Measured on:"
    yield ""
    yield f"- {cpu()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}"
    yield f"- {first_line('rustc', '--version')}, Python {platform.python_version()}, Node {first_line('node', '--version')}"
    yield f"- {first_line('openssl', 'version')} (native rows). The versions of the peers are pinned in `benches/`"
    yield from (f"- {when}: {', '.join(groups)}" for when, groups in by_time(outcome.taken))


def by_time(taken: dict[str, str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for group, when in taken.items():
        found.setdefault(when, []).append(group)
    return sorted(found.items())


def cpu() -> str:
    info = Path("/proc/cpuinfo")
    names = [
        line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
    ]
    return names[0] if names else platform.processor()


def first_line(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]


def goals(sections: dict[str, list[Verdict]], absolutes: list[Absolute]) -> Iterator[str]:
    """Yields the number of goals that were reached, and a table that explains each missed goal."""
    judgements = [verdict.reached for verdicts in sections.values() for verdict in verdicts]
    judgements += [row.reached for row in absolutes]
    missed = [
        (
            f"{section}: {v.row.work}",
            shown(v.row.measure, v.figure.value),
            shown(v.row.measure, v.row.goal),
            v.row.obstacle,
        )
        for section, verdicts in sections.items()
        for v in verdicts
        if v.reached is False
    ]
    missed += [
        (row.work, with_unit(row.own, row.unit), with_unit(row.goal, row.unit), row.obstacle)
        for row in absolutes
        if row.reached is False
    ]
    yield "## Goals"
    yield ""
    yield f"{judgements.count(True)} of {len(judgements) - judgements.count(None)} goals are reached. The other goals are:"
    yield ""
    yield "| benchmark | result | goal | why the goal was missed |"
    yield "|---|---|---|---|"
    yield from (
        f"| {work} | {value} | {goal} | {reason or 'Not investigated yet'}. |"
        for work, value, goal, reason in missed
    )
    yield ""


def compared(sections: dict[str, list[Verdict]], changes: Changes) -> Iterator[str]:
    if not changes:
        return
    yield "## Before and after"
    yield ""
    yield from (f"- before: {when}: {', '.join(groups)}" for when, groups in by_time(changes.taken))
    slower = [
        f"{section}, {change.after.row.work} ({percent(change.gain)}{'' if change.is_certain else ', the spreads overlap'})"
        for section, change in changes.slower(sections)
    ]
    listed = "; ".join(slower) or "none"
    yield f"- Python and Node benchmarks that are more than {TOLERATED:.0%} slower than before: {listed}."
    for work, goal in (("sign", 1.8), ("verify", 3.0)):
        found = next(v for v in sections["Native"] if v.row.source == work and v.row.goal == goal)
        reached = "reached" if found.reached else "not reached"
        yield f"- Native {work}: {found.figure.value:.2f} times the floor; at most {goal} is {reached}."
    yield ""


def changes_of(section: str, verdicts: list[Verdict], changes: Changes) -> dict[int, Change | None]:
    """Returns the change of each benchmark, keyed by its position, or an empty result if there is no earlier
    run."""
    return {at: changes.of(section, verdict) for at, verdict in enumerate(verdicts)} if changes else {}


def table(rows: list[Verdict], changes: dict[int, Change | None]) -> Iterator[str]:
    added = ("| before | change ", "|---|---") if changes else ("", "")
    yield f"| benchmark | compared with | result | middle half of rounds {added[0]}| goal | reached |"
    yield f"|---|---|---|---{added[1]}|---|---|"
    for at, verdict in enumerate(rows):
        row, figure = verdict.row, verdict.figure
        against = f"{row.against}: {verdict.peer}" if verdict.chosen else row.against
        goal = "" if row.goal is None else shown(row.measure, row.goal)
        spread = f"{number(row.measure, figure.low)} to {number(row.measure, figure.high)}"
        change = change_cells(row.measure, changes.get(at)) if changes else ""
        yield (
            f"| {row.work} | {against} | {shown(row.measure, figure.value)} | {spread} {change}"
            f"| {goal} | {WORDS[verdict.reached]} |"
        )


WORDS = {True: "yes", False: "**no**", None: ""}


def change_cells(measure: Measure, change: Change | None) -> str:
    if change is None:
        return "| | "
    return f"| {number(measure, change.before.figure.value)} | {percent(change.gain)} "


def percent(gain: float | None) -> str:
    return "" if gain is None else f"{gain * 100:+.0f} %"


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


def absolute_table(rows: list[Absolute], changes: Changes) -> Iterator[str]:
    added = ("| before ", "|---") if changes else ("", "")
    yield f"| | Sealwire | others {added[0]}| goal | reached |"
    yield f"|---|---|---{added[1]}|---|---|"
    for row in rows:
        others = ", ".join(
            f"{name} {plain(value)}" for name, value in row.figures.items() if name != "sealwire"
        )
        goal = "" if row.goal is None else f"at most {with_unit(row.goal, row.unit)}"
        earlier = changes.absolutes.get(row.work)
        before = f"| {plain(earlier.own) if earlier else ''} " if changes else ""
        yield f"| {row.work} | {with_unit(row.own, row.unit)} | {others} {before}| {goal} | {WORDS[row.reached]} |"


def with_unit(value: float, unit: str) -> str:
    return f"{plain(value)} {unit}".rstrip()


def plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def costs(measured: dict[str, Measured]) -> Iterator[str]:
    """Yields a table with the measured times that the ratios are computed from."""
    yield "## Times"
    yield ""
    yield "The times are medians in nanoseconds per operation on the machine above. On other machines, only the ratios are similar. For benchmarks with *all*,"
    yield f"fewer than {ENOUGH} rounds were undisturbed, so all rounds are used."
    yield ""
    yield "| benchmark | rounds counted | implementation and time | excluded, on a shared core |"
    yield "|---|---|---|---|"
    for name, row in measured.items():
        counted, taken = len(next(iter(row.counted.values()))), len(row.pace)
        share = f"*all* {taken}" if row.crowded else f"{counted} of {taken}"
        yield f"| `{name}` | {share} | {times(row.counted)} | {times(row.beside_neighbour)} |"


def times(rounds: Rounds) -> str:
    return ", ".join(f"{name} {statistics.median(taken):,.0f}" for name, taken in rounds.items())

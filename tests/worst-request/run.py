"""Finds the rejected request that needs the most instructions, relative to a valid request of the same size.

run.py                           checks the catalogue; the exit code is 1 if a ratio is above the limit
run.py --search [GENERATIONS]    also runs a random search, and writes the figures to docs/security.md

The valid request has the same method, target and other headers. Its signature covers only the default components, and
its padding is in an unsigned header. It therefore needs fewer instructions than other valid requests of this size.
"""

import re
import sys
from pathlib import Path

from catalogue import catalogue
from measure import Cost, build, measure
from search import search

LIMIT = 10.0
PAGE = Path(__file__).resolve().parents[2] / "docs/security.md"
SHOWN, GENERATIONS, SEED = 8, 25, 1


def main(arguments: list[str]) -> int:
    build()
    cases = catalogue()
    costs = dict(zip(cases, measure(list(cases.values())), strict=True))
    ranked = sorted(costs.items(), key=lambda case: -case[1].ratio)
    for name, cost in ranked[:SHOWN]:
        print(line(name, cost))
    accepted = [name for name, cost in costs.items() if cost.reason == "accepted"]
    assert not accepted, f"{accepted} were accepted, but must be rejected"
    worst = ranked[0][1].ratio
    if arguments[:1] == ["--search"]:
        found = best(int(arguments[1]) if arguments[1:] else GENERATIONS)
        worst = max(worst, found.ratio)
        write(ranked, found)
    if worst > LIMIT:
        print(
            f"a rejected request needs {worst:.1f} times the instructions of a valid one; "
            f"the limit is {LIMIT:.0f}"
        )
    return int(worst > LIMIT)


def line(name: str, cost: Cost) -> str:
    return (
        f"{cost.ratio:6.2f} {cost.rejected:9,} {cost.accepted:9,} instructions, {cost.size:6,} bytes: {name}"
    )


def best(generations: int) -> Cost:
    found = None
    for generation, (cost, request) in enumerate(search(generations, SEED)):
        if found is None or cost.ratio > found.ratio:
            found = cost
            print(line(f"generation {generation}, {cost.reason}: {request.headers[-2][1][:120]!r}", cost))
    assert found, "the search has at least one generation"
    return found


def write(ranked: list[tuple[str, Cost]], found: Cost) -> None:
    rows = [
        "| request | bytes | instructions | accepted request of that size | ratio |",
        "|---|---|---|---|---|",
    ]
    for name, cost in [*ranked[:SHOWN], ("the worst of the random search", found)]:
        rows.append(f"| {name} | {cost.size:,} | {cost.rejected:,} | {cost.accepted:,} | {cost.ratio:.1f} |")
    table = "\n".join(rows)
    marks = r"(<!-- worst-request -->\n).*?(<!-- /worst-request -->)"
    page, replaced = re.subn(marks, lambda it: f"{it[1]}{table}\n{it[2]}", PAGE.read_text(), flags=re.DOTALL)
    assert replaced == 1, "docs/security.md has no markers for the table"
    PAGE.write_text(page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

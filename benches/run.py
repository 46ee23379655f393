"""Implements `make bench`, which runs all benchmarks on this machine and writes docs/benchmarks.md and its
chart.

The network is used only to install the pinned peers. The measurements are saved in .cache/bench-results, so
groups can be measured separately. The page is written when all groups have been measured.
"""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import peers
import results
from groups import GROUPS, Scale
from judge import judged
from report import table, write
from results import Outcome

RESULTS = peers.ROOT / ".cache/bench-results"


def main() -> int:
    options = arguments()
    scale = Scale(options.quick)
    if not options.page:
        peers.install(options.quick)
        measure(options.groups or list(GROUPS), scale)
    if scale.quick:
        return 0
    before = results.load(options.before) if options.before else None
    saved = results.load(RESULTS)
    missing = [group for group in GROUPS if group not in saved.taken]
    if missing:
        print(
            f"docs/benchmarks.md is not written, because these groups have no results: {', '.join(missing)}"
        )
    else:
        write(saved, before)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"run only these groups: {', '.join(GROUPS)}"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="check that each benchmark runs, with the builds of `make build` and without saving the results",
    )
    parser.add_argument(
        "--page", action="store_true", help="write the page from saved results without measuring"
    )
    parser.add_argument(
        "--before",
        type=Path,
        metavar="FOLDER",
        help="a folder with saved results to compare with, such as a copy of .cache/bench-results",
    )
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"unknown group {', '.join(sorted(unknown))}: use {', '.join(GROUPS)}")
    return options


def measure(groups: list[str], scale: Scale) -> None:
    """Measures all groups several times in turn, because the machine load changes within minutes."""
    outcomes = {group: Outcome() for group in groups}
    for number, group in product(range(1, scale.passes + 1), groups):
        measured: Callable[[Scale, int], Outcome] = GROUPS[group]
        print(f"measuring: {group}, pass {number} of {scale.passes}", flush=True)
        started = time.monotonic()
        outcomes[group].add(measured(scale, number))
        print(f"    {time.monotonic() - started:.0f} s", flush=True)
        if not scale.quick:
            results.save(RESULTS, group, outcomes[group])
    for group, outcome in outcomes.items():
        rows = judged(outcome.measured)
        if scale.quick:
            print(
                f"{group}: {sum(map(len, rows.values()))} benchmarks run; the results of such a short run are not reliable"
            )
        else:
            print("\n".join(line for section in rows.values() for line in table(section, {})))


if __name__ == "__main__":
    sys.exit(main())

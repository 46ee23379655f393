"""Sends the catalogue to real servers: `run.py [--short] [--only SERVER]`. Prints a table, fails on any fault."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from requests_sent import Case, attempt, fault
from servers import BEHIND_A_PROXY, COMMANDS, PREFIX, running

T = TypeVar("T")

HERE = Path(__file__).resolve().parent
SHORT = ("uvicorn httptools", "gunicorn threads", "Express 5")
HONEST = ("accepted", "public")


def main() -> int:
    arguments = parsed()
    cases = json.loads((HERE / "catalogue.json").read_text())["cases"]
    honest = [case for case in cases if case["expect"] in HONEST]
    faults: list[str] = []
    rows = []
    for name, command in chosen(arguments, COMMANDS):
        rows.append((name, *sent(name, command, {}, cases, "", faults)))
    if not arguments.short:
        for name, proxied in chosen(arguments, BEHIND_A_PROXY):
            environment = {**proxied.environment, "BOUNDARY_ROOT_PATH": PREFIX}
            routed = [case for case in honest if proxied.mounts or not case["target"].startswith("/inner")]
            published = [{**case, "target": PREFIX + case["target"]} for case in routed]
            cases_sent, removed = (routed, PREFIX) if proxied.strips else (published, "")
            rows.append((name, *sent(name, proxied.command, environment, cases_sent, removed, faults)))
    print(table(rows))
    for each in faults:
        print(each, file=sys.stderr)
    return 1 if faults else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="three servers, without proxies")
    parser.add_argument("--only", help="one server, by name")
    return parser.parse_args()


def chosen(arguments: argparse.Namespace, servers: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    for name, server in servers.items():
        if arguments.only not in (None, name) or (arguments.short and name not in SHORT):
            continue
        yield name, server


def sent(
    name: str,
    command: list[str],
    environment: dict[str, str],
    cases: list[Case],
    prefix: str,
    faults: list[str],
) -> tuple[int, int, int]:
    """How many hostile and honest requests went as expected, and how many did not."""
    good = {True: 0, False: 0}
    wrong = 0
    with running(command, environment) as port:
        for case in cases:
            outcome = attempt(port, case, prefix)
            found = fault(case, outcome)
            if found is None:
                good[case["expect"] in HONEST] += 1
            else:
                wrong += 1
                faults.append(f"{name}: {case['name']}: expected {case['expect']}, got {found}")
    return good[False], good[True], wrong


def table(rows: list[tuple[str, int, int, int]]) -> str:
    total = tuple(sum(row[at] for row in rows) for at in (1, 2, 3))
    lines = ["| server | hostile requests stopped | honest requests accepted | wrong |", "|---|---|---|---|"]
    lines += [f"| {row[0]} | {row[1]} | {row[2]} | {row[3]} |" for row in (*rows, ("all", *total))]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

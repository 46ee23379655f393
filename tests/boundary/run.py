"""Sends the requests of catalogue.json to real servers, and prints a table. The exit code is 1 if a response is wrong.

Usage: run.py [--short] [--only SERVER] [--write]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from http2 import CASES as HTTP2_CASES
from http2 import attempt_http2
from requests_sent import Case, Outcome, attempt, fault
from servers import BEHIND_A_PROXY, COMMANDS, HTTP2, PREFIX, running

T = TypeVar("T")

HERE = Path(__file__).resolve().parent
SHORT = ("uvicorn httptools", "hypercorn HTTP/2", "gunicorn threads", "Express 5")
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
    if arguments.write:
        write(table(rows))
    for each in faults:
        print(each, file=sys.stderr)
    return 1 if faults else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="test only four servers, without proxies")
    parser.add_argument("--only", help="the name of one server to test")
    parser.add_argument("--write", action="store_true", help="write the table to README.md")
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
    """Sends all requests to a server. Returns three counts: hostile and valid requests with the expected
    outcome, and requests with any other outcome."""
    good = {True: 0, False: 0}
    wrong = 0
    send, probe = sender(name)
    if name in HTTP2:
        cases = [*cases, *HTTP2_CASES]
    with running(command, environment, probe) as port:
        for case in cases:
            outcome = send(port, case, prefix)
            found = fault(case, outcome)
            if found is None:
                good[case["expect"] in HONEST] += 1
            else:
                wrong += 1
                faults.append(f"{name}: {case['name']}: expected {case['expect']}, got {found}")
    return good[False], good[True], wrong


Send = Callable[[int, Case, str], Outcome]


def sender(name: str) -> tuple[Send, Callable[[int], bool] | None]:
    """Returns the function that sends requests to a server, and the function that checks its readiness, if
    any."""
    if name not in HTTP2:
        return attempt, None
    send = partial(attempt_http2, tls=HTTP2[name])

    def is_ready(port: int) -> bool:
        return send(port, {"target": "/ready"}).status is not None

    return send, is_ready


def table(rows: list[tuple[str, int, int, int]]) -> str:
    total = tuple(sum(row[at] for row in rows) for at in (1, 2, 3))
    lines = ["| server | hostile requests stopped | valid requests accepted | wrong |", "|---|---|---|---|"]
    lines += [f"| {row[0]} | {row[1]} | {row[2]} | {row[3]} |" for row in (*rows, ("all", *total))]
    return "\n".join(lines)


def write(text: str) -> None:
    readme = HERE / "README.md"
    before, begin, rest = readme.read_text().partition("<!-- table -->\n")
    _, end, after = rest.partition("<!-- /table -->")
    readme.write_text(f"{before}{begin}{text}\n{end}{after}")


if __name__ == "__main__":
    sys.exit(main())

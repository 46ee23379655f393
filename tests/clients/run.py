"""Tests each client library and scheme against real servers, and prints a table. The exit code is 1 if a
result is wrong."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from cases import CASES, CLIENT, PAIR, SCHEMES, Recorder, Service, over_http1, over_http2, protected

HERE = Path(__file__).resolve().parent
PROGRAMS = [[sys.executable, HERE / "python_clients.py"], [HERE.parents[1] / ".cache/clients/libcurl_client"]]
SECONDS = 120


def main() -> None:
    """Runs all programs and checks their results."""
    recorder = Recorder()
    subprocess.run(["sh", HERE / "c/build.sh"], check=True)
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(over_http1(recorder))
        services = {
            "services": {
                scheme: stack.enter_context(over_http1(protected(Service(other), scheme)))
                for scheme in SCHEMES
            },
            "http2": {
                scheme: stack.enter_context(over_http2(protected(Service(other), scheme)))
                for scheme in SCHEMES
            },
            "other": other,
            "pair": PAIR,
            "client": CLIENT,
        }
        file = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".json"))
        json.dump(services, file)
        file.flush()
        cells = [cell for program in PROGRAMS for cell in run([*program, file.name])]
    show(cells)
    wrong = [cell for cell in cells if cell["cell"] not in wanted(cell["case"])]
    for cell in wrong:
        print("WRONG:", json.dumps(cell))
    if recorder.seen:
        print("WRONG: the other origin received", json.dumps(recorder.seen))
    if wrong or recorder.seen or not cells:
        sys.exit(1)


def wanted(case: str) -> tuple[str, ...]:
    """Returns the accepted results of a test case."""
    return ("refused",) if case == "other origin" else ("ok", "-") if case == "http2" else ("ok",)


def run(command: list) -> list[dict]:
    """Runs a program and returns the results that it prints."""
    name = Path(command[-2]).name
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=SECONDS, cwd=HERE)
    if done.returncode:
        sys.exit(f"{name} failed")
    return [json.loads(line) for line in done.stdout.splitlines()]


def show(cells: list[dict]) -> None:
    """Prints a table with a row for each client and scheme, and a column for each test case."""
    rows = {(cell["client"], cell["scheme"]): {} for cell in cells}
    for cell in cells:
        rows[cell["client"], cell["scheme"]][cell["case"]] = cell["cell"]
    print(f"{'client':14}{'scheme':10}" + "".join(f"{case:14}" for case in CASES))
    for (client, scheme), row in rows.items():
        print(f"{client:14}{scheme:10}" + "".join(f"{row.get(case, '')[:12]:14}" for case in CASES))


if __name__ == "__main__":
    main()

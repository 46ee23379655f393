"""Writes the results of `make cross`, `make dist` and `make test-install` into the tables in docs/platforms.md.

Usage: tests/cross/page.py [--check]      --check only checks that the page is up to date.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/platforms.md"
CROSS = ROOT / "tests/cross/records"
INSTALL = ROOT / "tests/install/records"


def record_path(target: str) -> Path:
    """Returns the path of the file that contains the results for a platform."""
    return CROSS / f"{target}.json"


def read(path: Path) -> Any:
    """Returns the contents of a file with results."""
    return json.loads(path.read_text())


def table(head: list[str], rows: Iterable[list[Any]]) -> str:
    """Returns a table in Markdown."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [head, *rows]]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def cross() -> str:
    """Returns the table with the results of `make cross`."""
    rows = []
    for record in map(read, sorted(CROSS.glob("*.json"))):
        suites = "<br>".join(record["suites"])
        ran = f"{record['date']}, {record['minutes']} min"
        command = f"`{record['command']}`"
        rows.append([record["name"], f"`{record['target']}`", record["run_by"], suites, ran, command])
    return table(["platform", "target", "run by", "passed", "when", "command"], sorted(rows))


def dist() -> str:
    """Returns the table with the results of `make dist`."""
    record = read(INSTALL / "dist.json")
    rows = [[f"`{item['name']}`", f"{item['bytes']:,}", item["installed"]] for item in record["artefacts"]]
    head = f"Built on {record['date']} for `{record['platform']}`."
    return f"{head}\n\n{table(['artefact', 'bytes', 'installed from it in an empty folder'], rows)}"


def install() -> str:
    """Returns the table with the results of `make test-install`."""
    record = read(INSTALL / "install.json")
    rows = [[way["name"], way["does"], f"{way['seconds'] / 60:.1f}"] for way in record["ways"]]
    head = f"Measured on {record['date']} on a machine with {record['processors']} processors that also did other work."
    return f"{head}\n\n{table(['way', 'commands', 'minutes'], rows)}"


def written() -> str:
    """Returns the text of the page, updated with the current results."""
    text = PAGE.read_text()
    for name, part in {"cross": cross, "dist": dist, "install": install}.items():
        try:
            content = part()
        except FileNotFoundError:
            content = "Not recorded yet."
        marks = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text, found = re.subn(marks, lambda it, new=content: f"{it[1]}{new}\n{it[2]}", text, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"docs/platforms.md has no marker for {name}")
    return text


def write() -> None:
    """Writes the page."""
    PAGE.write_text(written())


def main() -> int:
    """Updates or checks the page."""
    if "--check" not in sys.argv[1:]:
        write()
    elif PAGE.read_text() != written():
        print("docs/platforms.md does not match the records: run tests/cross/page.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

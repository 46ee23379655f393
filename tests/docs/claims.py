"""Checks the tables in docs/threat-model.md and docs/security.md. Each table row must contain the name of an
existing test."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The heading of the column that lists the tests, for each document.
TABLES = {"docs/threat-model.md": "tested by", "docs/security.md": "run by"}
TOKEN = re.compile(r"`([^`]+)`")


def rows(text: str, heading: str) -> Iterator[tuple[str, str]]:
    """Yields the first cell and the cell in the column `heading` for each row, in all tables that have this
    column."""
    at = None
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            at = None
        elif heading in cells and cells[0] in ("attack", "claim"):
            at = cells.index(heading)
        elif at is not None and not set(cells[0]) <= set("-: "):
            yield cells[0], cells[at]


@cache
def files() -> list[str]:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


@cache
def vectors() -> str:
    return "".join(path.read_text() for path in sorted((ROOT / "tests/vectors").glob("*.json")))


def is_target(name: str) -> bool:
    return re.search(rf"^{re.escape(name)}:", (ROOT / "Makefile").read_text(), re.MULTILINE) is not None


def names_test(token: str) -> bool | None:
    """Returns whether a test with the name `token` exists, or None if the token does not look like the name
    of a test."""
    if token.startswith("make "):
        return is_target(token.removeprefix("make "))
    if re.fullmatch(r"[\w./-]+/[\w./-]*|[\w.-]+\.(json|py|rs|mjs|js|sh)", token):
        ending = token.rstrip("/")
        return any(f"/{name}".endswith(f"/{ending}") or f"/{ending}/" in f"/{name}" for name in files())
    if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", token):
        return f'"{token}"' in vectors()
    return None


def faults(document: str, heading: str) -> Iterator[str]:
    found = list(rows((ROOT / document).read_text(), heading))
    if not found:
        yield f"{document}: no table has a column '{heading}'"
    for claim, tests in found:
        results = {token: names_test(token) for token in TOKEN.findall(tests)}
        yield from (
            f"{document}: {claim}: {token} does not exist"
            for token, known in results.items()
            if known is False
        )
        if not any(results.values()) and "vector" not in tests and "cases of all schemes" not in tests:
            yield f"{document}: {claim}: no existing test is mentioned"


def main() -> int:
    found = [fault for document, heading in TABLES.items() for fault in faults(document, heading)]
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

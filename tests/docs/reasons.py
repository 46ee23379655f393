"""Checks that docs/reasons.md has the same names, numbers and HTTP statuses as include/sealwire.h and the
core crate."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "core/src/wire/reason.rs"
PAGE = ROOT / "docs/reasons.md"


def of_header() -> dict[str, int]:
    """Returns the numbers of the reasons in the C header, by name."""
    header = (ROOT / "include/sealwire.h").read_text()
    found = re.findall(r"\bSEALWIRE_REASON_([A-Z_]+) = (\d+),", header)
    return {name.lower(): int(number) for name, number in found}


def of_page() -> dict[str, tuple[int, int]]:
    """Returns the number and the HTTP status of each reason on the page, by name."""
    rows = re.findall(r"^\| (\d+) \| \[`([a-z_]+)`\]\([^)]*\) \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    return {name: (int(number), int(status)) for number, name, status in rows}


def statuses() -> dict[str, int]:
    """Returns the reasons in the core crate whose HTTP status is not 401, with their statuses."""
    body = SOURCE.read_text().split("fn http_status")[1].split("_ => 401")[0]
    found = {}
    for variants, status in re.findall(r"((?:\s*\|?\s*Self::\w+)+) => (\d+),", body):
        for variant in re.findall(r"Self::(\w+)", variants):
            found[re.sub(r"(?<=[a-z])(?=[A-Z])", "_", variant).lower()] = int(status)
    return found


def main() -> int:
    """Prints the differences. The exit code is 1 if there are any."""
    reasons, rows, other = of_header(), of_page(), statuses()
    wrong = [f"{name} is missing" for name in sorted(reasons.keys() - rows.keys())]
    wrong += [f"{name} is not a reason" for name in sorted(rows.keys() - reasons.keys())]
    for name in sorted(reasons.keys() & rows.keys()):
        expected = (reasons[name], other.get(name, 401))
        if rows[name] != expected:
            wrong.append(f"{name}: number and status are {rows[name]}, expected {expected}")
    for complaint in wrong:
        print(f"{PAGE.relative_to(ROOT)}: {complaint}", file=sys.stderr)
    print(f"reasons: {len(reasons)} in core, {len(rows)} in the document")
    return 1 if wrong or not reasons or not other else 0


if __name__ == "__main__":
    sys.exit(main())

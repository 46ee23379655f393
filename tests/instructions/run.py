"""Counts the instructions per request without hashing, and compares them with expected.json.

Times are not reliable on a busy machine, but instruction counts under Valgrind are deterministic. Hashing is
excluded, because Valgrind has no SHA instructions and would count a slow implementation. Use --write to
replace the figures for an intended change, and give the reason in the commit.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "target/instructions"
PROBE = TARGET / "release/sealwire-instructions"
EXPECTED = HERE / "expected.json"
# The same values as in src/main.rs.
CALLS = 200
PATHS = [
    "sign_client",
    "verify_client",
    "sign_pairwise",
    "verify_pairwise",
    "sign_message",
    "verify_message",
    "verify_token",
    "claim",
]
# The tolerance for other compilers and C libraries. It is small enough to detect an additional check or copy.
SLACK = 0.10
LINE = re.compile(r"^\s*([\d,]+) \(.*?%\)\s+[^:]*:(.*?)(?: \[.*)?$")


def main() -> int:
    """Returns exit code 1 if a path exceeds its figure by more than the tolerance."""
    build()
    counts = {path: count(path) for path in PATHS}
    if sys.argv[1:] == ["--write"]:
        EXPECTED.write_text(json.dumps(counts, indent=2) + "\n")
        return 0
    return report(counts, json.loads(EXPECTED.read_text()))


def build() -> None:
    shutil.copy(HERE.parents[1] / "Cargo.lock", HERE)  # uses the released versions of dependencies
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, env=environment, check=True)


def count(path: str) -> int:
    """Returns the instructions per call of a path without the compression function of the hash."""
    profile = TARGET / f"{path}.callgrind"
    valgrind = ["valgrind", "--tool=callgrind", "--quiet", "--collect-atstart=no"]
    options = [f"--toggle-collect=*counted::{path}", f"--callgrind-out-file={profile}"]
    subprocess.run([*valgrind, *options, PROBE], check=True)
    annotate = ["callgrind_annotate", "--inclusive=yes", "--threshold=100", profile]
    listing = subprocess.run(annotate, check=True, capture_output=True, text=True).stdout
    costs = {name: int(cost.replace(",", "")) for cost, name in cost_lines(listing)}
    whole = next((cost for name, cost in costs.items() if name.endswith(f"counted::{path}")), 0)
    hashing = sum(cost for name, cost in costs.items() if re.search(r"::compress(256|512)$", name))
    if whole <= hashing:
        raise SystemExit(
            f"{path}: Valgrind counted nothing; is there still a function of this name in src/main.rs?"
        )
    return round((whole - hashing) / CALLS)


def cost_lines(listing: str) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for line in listing.splitlines() if (match := LINE.match(line))]


def report(counts: dict[str, int], expected: dict[str, int]) -> int:
    """Prints a line per path."""
    worse = 0
    for path, counted in counts.items():
        figure = expected.get(path, 0)
        grown = counted > figure * (1 + SLACK)
        worse += grown
        note = "MORE than its figure" if grown else ""
        if counted < figure * (1 - SLACK):
            note = "fewer: record the new figure with --write"
        print(f"{path:16} {counted:6} instructions besides hashing, figure {figure:6} {note}".rstrip())
    if worse:
        print(
            f"{worse} paths cost more than their figures allow; fix them, or run with --write and give the reason."
        )
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())

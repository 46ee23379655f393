"""Counts the instructions that signing and verification need, and compares the counts with expected.json.

Instruction counts under Valgrind are deterministic, whereas times are unreliable on a busy machine. The
counts exclude hashing, because Valgrind has no SHA instructions and would count a slow implementation. After
an intended change, update the figures with --write and give the reason in the commit message.
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
# CALLS and PATHS must match src/main.rs.
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
# The relative tolerance for other compilers and C libraries. An additional check or copy would exceed it.
SLACK = 0.10
LINE = re.compile(r"^\s*([\d,]+) \(.*?%\)\s+[^:]*:(.*?)(?: \[.*)?$")


def main() -> int:
    """Returns 1 if a function needs more instructions than expected, otherwise 0."""
    build()
    counts = {path: count(path) for path in PATHS}
    if sys.argv[1:] == ["--write"]:
        EXPECTED.write_text(json.dumps(counts, indent=2) + "\n")
        return 0
    return report(counts, json.loads(EXPECTED.read_text()))


def build() -> None:
    shutil.copy(HERE.parents[1] / "Cargo.lock", HERE)  # the versions of the release
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, env=environment, check=True)


def count(path: str) -> int:
    """Returns the number of instructions per call of a function, without the hash compression function."""
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
    """Prints a line for each function. Returns 1 if a count is too high, otherwise 0."""
    worse = 0
    for path, counted in counts.items():
        figure = expected.get(path, 0)
        grown = counted > figure * (1 + SLACK)
        worse += grown
        note = "MORE than expected" if grown else ""
        if counted < figure * (1 - SLACK):
            note = "fewer; record the new count with --write"
        print(f"{path:16} {counted:6} instructions without hashing, expected {figure:6} {note}".rstrip())
    if worse:
        print(
            f"{worse} functions need more instructions than expected; "
            "fix them, or run with --write and give the reason in the commit message"
        )
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())

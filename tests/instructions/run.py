"""Counts the instructions a request costs besides hashing, and holds them to the figures in expected.json.

Times on a busy machine say little; instructions under Valgrind are the same every time. The hash is left out: Valgrind
has no SHA instructions, so it would count a slow way that no server takes. With --write the figures are replaced: do
that when a change is meant to cost or to save, and say why in the commit.
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
# As in src/main.rs.
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
# Room for another compiler and another C library; a check or a copy more on a path is found all the same.
SLACK = 0.10
LINE = re.compile(r"^\s*([\d,]+) \(.*?%\)\s+[^:]*:(.*?)(?: \[.*)?$")


def main() -> int:
    """Exit code 1 when a path costs more than its figure and the slack."""
    build()
    counts = {path: count(path) for path in PATHS}
    if sys.argv[1:] == ["--write"]:
        EXPECTED.write_text(json.dumps(counts, indent=2) + "\n")
        return 0
    return report(counts, json.loads(EXPECTED.read_text()))


def build() -> None:
    shutil.copy(HERE.parents[1] / "Cargo.lock", HERE)  # the versions that ship, not the newest
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, env=environment, check=True)


def count(path: str) -> int:
    """Instructions per call of one path, those of the hash's compression function left out."""
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
    """A line per path."""
    worse = 0
    for path, counted in counts.items():
        figure = expected.get(path, 0)
        grown = counted > figure * (1 + SLACK)
        worse += grown
        note = "MORE than its figure" if grown else ""
        if counted < figure * (1 - SLACK):
            note = "less: write the new figure with --write"
        print(f"{path:16} {counted:6} instructions besides hashing, figure {figure:6} {note}".rstrip())
    if worse:
        print(
            f"{worse} paths cost more than their figures allow; mend them, or run with --write and say why."
        )
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())

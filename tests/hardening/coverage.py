#!/usr/bin/env python3
"""Summarises the results of coverage runs.

Usage: coverage.py FOLDER RECORD
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# For each part of the project, a function that returns whether a path belongs to its source code. Tests and
# third-party packages do not count.
PARTS = {
    "core": lambda path: "/core/src/" in path and "/tests/" not in path,
    "python": lambda path: "sealwire/" in path and "/tests/" not in path and "/.cache/" not in path,
    "node": lambda path: "node_modules" not in path and "test/" not in path and "scripts/" not in path,
}


def main() -> None:
    folder, record = map(pathlib.Path, sys.argv[1:])
    figures = json.loads(record.read_text()) if record.exists() else {}
    for part, is_own in PARTS.items():
        if not (folder / f"{part}.lcov").exists():
            continue  # not measured in this run, so the old figures are kept
        files = {path: hits for path, hits in lines_of(folder / f"{part}.lcov").items() if is_own(path)}
        covered = sum(1 for hits in files.values() for count in hits.values() if count)
        total = sum(map(len, files.values()))
        missed = {
            path: sorted(line for line, count in hits.items() if not count) for path, hits in files.items()
        }
        listing = "".join(
            f"{path}: {', '.join(map(str, lines))}\n" for path, lines in sorted(missed.items()) if lines
        )
        (folder / f"{part}.missed").write_text(listing)
        figures[part] = {"covered": covered, "lines": total, "percent": round(100 * covered / total, 1)}
        print(f"    coverage: {part}: {covered} of {total} lines, {figures[part]['percent']} %")
    record.write_text(json.dumps(figures, indent=2) + "\n")


def lines_of(file: pathlib.Path) -> dict[str, dict[int, int]]:
    """Returns how often each line was executed, by file and line number. If a file occurs more than once, the
    higher number counts."""
    found: dict[str, dict[int, int]] = {}
    for line in file.read_text().splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            hits = found.setdefault(rest, {})
        elif kind == "DA":
            number, count = map(int, rest.split(",")[:2])
            hits[number] = max(hits.get(number, 0), count)
    return found


if __name__ == "__main__":
    main()

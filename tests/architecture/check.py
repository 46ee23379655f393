"""Checks that no other source file repeats a value that the core crate defines.

Only core/src defines header names, separators, time windows, HTTP statuses, and the names, numbers and
messages of rejections. All other code must use these definitions. This check calls each of these values a
rule. allowed.toml lists the allowed exceptions and the reason for each.

Usage: check.py [ROOT]
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import rules
import sources

# The directories to check. Tests and examples are excluded, because they contain literal header names and
# signatures.
SCANNED = (
    "host/src",
    "ffi-c/src",
    "bindings-rust/src",
    "bindings-python/src",
    "bindings-python/python",
    "bindings-node",
)
GENERATED = {"native.d.ts"}
SHORTEST_REASON = 20


@dataclass(frozen=True)
class Allowed:
    """An exception: a file, the rule it may repeat, and the reason."""

    path: str
    rule: str
    reason: str


def files(root: Path) -> Iterator[Path]:
    """Returns the files to check, in a stable order."""
    for directory in SCANNED:
        for path in sorted((root / directory).rglob("*")):
            inside = path.relative_to(root / directory)
            skipped = sources.NOT_SOURCE.intersection(inside.parts) or path.name in GENERATED
            if path.suffix in sources.READERS and not skipped and path.is_file():
                yield path


def allowances(path: Path) -> list[Allowed]:
    """Reads the exceptions from a file. Exits with a message if the reason for an exception is too short."""
    entries = tomllib.loads(path.read_text()).get("allowed", [])
    allowed = [Allowed(**entry) for entry in entries]
    for entry in allowed:
        if len(entry.reason) < SHORTEST_REASON:
            raise SystemExit(
                f"{path.name}: {entry.path} may contain {entry.rule!r}, but the reason is missing"
            )
    return allowed


def complaints(root: Path, allowed: list[Allowed]) -> Iterator[str]:
    """Returns a message for each repeated rule without an exception and for each unused exception. Also
    reports each kind of rule that was not found in the core crate."""
    known = rules.of_core(root / "core/src")
    for kind in known.empty_kinds():
        yield f"core/src: no {kind} found; adapt this check to the source code of the core crate"
    used = set()
    scanned = 0
    for path in files(root):
        scanned += 1
        name = path.relative_to(root).as_posix()
        for leak in rules.leaks(known, name, sources.read(path)):
            match = next((entry for entry in allowed if (entry.path, entry.rule) == (name, leak.rule)), None)
            if match is None:
                yield str(leak)
            used.add(match)
    for entry in allowed:
        if entry not in used:
            yield f"allowed.toml: {entry.path} no longer contains {entry.rule!r}; remove the exception"
    if scanned == 0:
        yield "no source file found outside the core crate; check the root directory"


def main(root: Path) -> int:
    """Prints all messages and returns the exit code: 1 if there is a message, otherwise 0."""
    found = sorted(set(complaints(root, allowances(Path(__file__).with_name("allowed.toml")))))
    for complaint in found:
        print(complaint, file=sys.stderr)
    print(
        f"architecture: {len(found)} violations"
        if found
        else "architecture: only the core crate contains rules"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()))

#!/usr/bin/env python3
"""Tests all mutations of core that cargo-mutants finds. Usage: run.py FOLDER RECORD [PART-OF-A-NAME]

Core is built once with all mutations (switch.py); mutations that cannot be combined are built separately.
Earlier results for the same text of core are kept, except for survivors, because tests may have been added.
"""

import hashlib
import json
import pathlib
import sys

import explained
import judges
import switch
from listing import ROOT, Mutation, Span, mutations

NOTICED = ("caught", "unviable")


class Found:
    """The outcomes by mutation, stored so that a run can be resumed."""

    def __init__(self, file: pathlib.Path) -> None:
        self.file = file
        self.outcomes: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def keep(self, mutation: Mutation, outcome: str) -> None:
        self.outcomes[mutation.name] = outcome
        self.file.write_text(json.dumps(self.outcomes, indent=0))
        if outcome not in NOTICED:
            print(f"    mutants: {outcome}: {mutation.name}", flush=True)


def main() -> None:
    folder, record, part = (
        pathlib.Path(sys.argv[1]).resolve(),
        pathlib.Path(sys.argv[2]),
        "".join(sys.argv[3:4]),
    )
    folder.mkdir(parents=True, exist_ok=True)
    every = mutations()
    found = Found(folder / f"outcomes-{fingerprint()}.json")
    wanted = [each for each in every if part in each.name and found.outcomes.get(each.name) not in NOTICED]
    copy = together(folder, every)
    print(
        f"    mutants: {len(copy.switched)} of {len(every)} in one build, {len(wanted)} to be tried",
        flush=True,
    )
    own = judges.Judge([*judges.vectors(copy), *judges.tests(copy)])
    others = judges.Judge(judges.c_programs(copy))
    racing = judges.Judge(judges.replay(copy))
    for each in (it for it in wanted if it.number in copy.unviable):
        found.keep(each, "unviable")
    for each in (it for it in wanted if it.number in copy.switched):
        asked = [own, others, *([racing] if is_raced(each) else [])]
        found.keep(each, "caught" if any(judge.notices(each.number) for judge in asked) else "survived")
    for each in (it for it in wanted if it.number not in copy.unviable | copy.switched.keys()):
        found.keep(each, alone(each, folder, own.right | others.right))
    explained.record([each.name for each in every], found.outcomes, record)


def together(folder: pathlib.Path, every: list[Mutation]) -> switch.Copy:
    """Creates the copy of core with as many mutations as possible. The selection requires several builds, so
    it is stored."""
    copy, remembered = switch.Copy(folder, every), folder / f"built-{fingerprint()}.json"
    if remembered.exists():
        together, unviable = json.loads(remembered.read_text())
        copy.only(set(together))
        copy.unviable = set(unviable)
    copy.settle()
    remembered.write_text(json.dumps([list(copy.switched), list(copy.unviable)]))
    return copy


def alone(mutation: Mutation, folder: pathlib.Path, right: dict[str, bytes]) -> str:
    """Builds a single mutation, and only the programs that test it."""
    copy = switch.Copy(folder / "alone", [])
    switch.copy(copy.tree)
    text = (ROOT / mutation.file).read_text()
    copy.write({mutation.file: mutation.applied(text, Span(0, len(text)))})
    if copy.errors():
        return "unviable"
    racing = [judges.replay] if is_raced(mutation) else []
    for programs in (judges.vectors, judges.tests, judges.c_programs, *racing):
        try:
            if judges.Judge(programs(copy), right).notices(0):
                return "caught"
        except AssertionError:  # fails if there is no reference output
            return "caught"
    return "survived"


def is_raced(mutation: Mutation) -> bool:
    """Returns whether the mutation is tested with threads and the model checker."""
    return "/replay/" in mutation.file


def fingerprint() -> str:
    """Returns a hash of the mutated text."""
    hasher = hashlib.sha256()
    for path in sorted((ROOT / "core/src").rglob("*.rs")):
        hasher.update(path.read_bytes())
    return hasher.hexdigest()[:16]


if __name__ == "__main__":
    main()

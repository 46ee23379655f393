#!/usr/bin/env python3
"""Tries every mutation of core, and sees whether its tests or the vectors notice. Usage: run.py FOLDER RECORD [PART-OF-A-NAME]

Core is built once with all of them in it (switch.py); those that cannot be are built one by one. What was tried of the same
text before is not tried again.
"""

import hashlib
import json
import pathlib
import resource
import subprocess
import sys
import time

import switch
from listing import ROOT, Mutation, Span, mutations

# What measures rates and races threads would fail by chance on a busy machine.
SKIPPED = ["--skip", "rates", "--skip", "threads", "--skip", "model"]
FILES = "pairwise client message answer multi policy replay bypass keys connection_string rfc4231".split()
# Of processor time; the slowest of the tests takes a few. A mutation may well make a loop endless, or a list.
MOST_SECONDS, MOST_BYTES = 10, 4 << 30


class Judge:
    """The vectors, then each of core's test programs, the quickest first."""

    def __init__(self, said: list[dict], right: bytes | None = None) -> None:
        programs = [each["executable"] for each in said if each.get("executable")]
        self.vectors = next(it for it in programs if it.endswith("/sealwire-conformance"))
        self.right = right or self.answers(0)
        assert self.right, "the vectors are not answered without a mutation"
        if right:
            self.tests = sorted(set(programs) - {self.vectors})
            return
        timed = []
        for program in sorted(set(programs) - {self.vectors}):
            started = time.process_time(), time.monotonic()
            assert self.passes(program, 0), f"{program} fails without a mutation"
            timed.append((time.monotonic() - started[1], program))
        self.tests = [program for _, program in sorted(timed)]

    def notices(self, number: int) -> bool:
        return self.answers(number) != self.right or not all(self.passes(it, number) for it in self.tests)

    def answers(self, number: int) -> bytes | None:
        files = [str(ROOT / f"tests/vectors/{name}.json") for name in FILES]
        return ran([self.vectors, *files], number)

    def passes(self, program: str, number: int) -> bool:
        return ran([program, "--quiet", *SKIPPED], number) is not None


def ran(command: list[str], number: int) -> bytes | None:
    """What it printed, or nothing when it failed, hung, or asked for all memory."""
    try:
        done = subprocess.run(
            command,
            env={"MUTANT": str(number), "PROPTEST_CASES": "64", "PROPTEST_FAILURE_PERSISTENCE": "off"},
            cwd=ROOT / "core",
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30 * MOST_SECONDS,
            preexec_fn=limit,
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Found:
    """Outcomes by mutation, kept so that a run can be taken up again."""

    def __init__(self, file: pathlib.Path) -> None:
        self.file = file
        self.outcomes: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def keep(self, mutation: Mutation, outcome: str) -> None:
        self.outcomes[mutation.name] = outcome
        self.file.write_text(json.dumps(self.outcomes, indent=0))


def main() -> None:
    folder, part = pathlib.Path(sys.argv[1]).resolve(), "".join(sys.argv[2:3])
    every = mutations()
    found = Found(folder / f"outcomes-{fingerprint()}.json")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [each for each in every if part in each.name and each.name not in found.outcomes]
    copy = switch.Copy(folder, every)
    built = folder / f"built-{fingerprint()}.json"
    if built.exists():
        copy.only(set(json.loads(built.read_text())))
    judge = Judge(copy.build())
    built.write_text(json.dumps([each.name for each in copy.switched.values()]))
    print(f"    mutants: {len(copy.switched)} of {len(every)} in one build", flush=True)
    for each in wanted:
        if each.number in copy.switched:
            found.keep(each, "caught" if judge.notices(each.number) else "survived")
            if found.outcomes[each.name] == "survived":
                print(f"    mutants: survived: {each.name}", flush=True)
    for each in wanted:
        if each.number not in copy.switched:
            found.keep(each, alone(each, copy, judge.right))
            if found.outcomes[each.name] == "survived":
                print(f"    mutants: survived: {each.name}", flush=True)


def alone(mutation: Mutation, copy: switch.Copy, right: bytes) -> str:
    """Builds the one, and judges it."""
    own = switch.Copy(copy.tree.parent / "alone", [])
    switch.copy(own.tree)
    text = (ROOT / mutation.file).read_text()
    own.write({mutation.file: mutation.applied(text, Span(0, len(text)))})
    said = switch.cargo(own.tree, own.target)
    if any(each.get("message", {}).get("level") == "error" for each in said):
        return "unviable"
    return "caught" if Judge(said, right).notices(0) else "survived"


def fingerprint() -> str:
    """Of the text that is mutated and of what judges it."""
    hasher = hashlib.sha256()
    for path in sorted((ROOT / "core/src").rglob("*.rs")):
        hasher.update(path.read_bytes())
    return hasher.hexdigest()[:16]


if __name__ == "__main__":
    main()

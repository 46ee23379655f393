"""Writes a copy of core that contains all mutations. `MUTANT=number` in the environment selects a mutation at
run time.

Each function becomes a `match` over its mutated bodies, so that core is compiled once instead of once per
mutation. Mutations that cannot be selected at run time are built separately: constants, functions that
constants call, and bodies with other types.
"""

import json
import os
import pathlib
import re
import subprocess
from collections import defaultdict

from listing import ROOT, Mutation, Span

CHOICE = """
extern crate std as the_environment;
/// Which mutation is on; none when it is not said.
#[inline]
pub fn mutant() -> u32 {
    use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
    static CHOSEN: AtomicU32 = AtomicU32::new(u32::MAX);
    match CHOSEN.load(Relaxed) {
        u32::MAX => {
            let said = the_environment::env::var("MUTANT").ok().and_then(|said| said.parse().ok()).unwrap_or(0);
            CHOSEN.store(said, Relaxed);
            said
        }
        chosen => chosen,
    }
}
"""


class Copy:
    def __init__(self, folder: pathlib.Path, mutations: list[Mutation]) -> None:
        self.tree, self.target = folder / "tree", folder / "target"
        self.switched = {each.number: each for each in mutations if each.function}
        self.constant: set[str] = set()  # names of functions that constants call
        self.unviable: set[int] = set()  # mutations that do not compile on their own
        self.lines: dict[str, list[tuple[int, int, int]]] = {}

    def only(self, numbers: set[int]) -> None:
        """Keeps only the mutations that compiled together in an earlier run."""
        self.switched = {number: each for number, each in self.switched.items() if number in numbers}

    def settle(self) -> None:
        """Removes as few mutations as possible until the copy compiles."""
        copy(self.tree)
        while True:
            self.write()
            errors = self.errors()
            if not errors:
                return
            self.leave_out(errors)

    def errors(self) -> list[dict]:
        """Returns the compiler errors in core, its tests and its dependents."""
        said = self.cargo("check", "-p", "sealwire-ffi", "-p", "sealwire-conformance")
        said = said if failed(said) else self.cargo("check", "-p", "sealwire-core", "--lib", "--tests")
        return [each["message"] for each in said if each.get("message", {}).get("level") == "error"]

    def cargo(self, *command: str, within: str = ".", flags: str = "") -> list[dict]:
        """Returns the messages of cargo."""
        # Slightly optimised, because tests run once per mutation. Overflow checks are enabled as in tests.
        settings = ["profile.dev.opt-level=1", "profile.dev.debug=0"]
        options = [word for each in settings for word in ("--config", each)]
        target = self.target / flags.replace("--", "").replace(
            " ", "-"
        )  # a separate folder for each set of flags
        environment = {
            **os.environ,
            "CARGO_TARGET_DIR": str(target),
            "RUSTFLAGS": f"--cap-lints=allow {flags}",
        }
        command = ("cargo", *command, "--message-format=json", *options)
        said = subprocess.run(
            command, cwd=self.tree / within, env=environment, capture_output=True, text=True
        ).stdout
        return [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    def write(self, instead: dict[str, str] | None = None) -> None:
        """Writes all files of core. `instead` contains replaced files."""
        by_file = defaultdict(list)
        for each in self.switched.values():
            by_file[each.file].append(each)
        for path in (ROOT / "core/src").rglob("*.rs"):
            name = str(path.relative_to(ROOT))
            text = (instead or {}).get(name) or self.switching(name, path.read_text(), by_file[name])
            write(self.tree / name, text + (CHOICE if name == "core/src/lib.rs" else ""))

    def switching(self, name: str, text: str, mutations: list[Mutation]) -> str:
        by_function = defaultdict(list)
        for each in mutations:
            by_function[each.function].append(each)
        functions = sorted(outermost(by_function), key=lambda it: it.start)
        written, at = "", 0
        self.lines[name] = []
        for function in functions:
            head = text[function.start : body(text, function).start]
            called = re.search(r"\bfn\s+(\w+)", head)[1]
            if called in self.constant and re.search(r"\bconst fn\b", head):
                for each in by_function[function]:
                    del self.switched[each.number]
                continue
            written += (
                text[at : function.start]
                + re.sub(r"\bconst fn\b", "fn", head)
                + "{ match crate::mutant() {\n"
            )
            for each in by_function[function]:
                arm = f"{each.number} => {each.applied(text, body(text, function))}\n"
                first = written.count("\n") + 1
                self.lines[name].append((first, first + arm.count("\n") - 1, each.number))
                written += arm
            inner = body(text, function)
            written += f"_ => {text[inner.start : inner.end]} }} }}"
            at = function.end
        return written + text[at:]

    def leave_out(self, errors: list[dict]) -> None:
        before = len(self.switched), len(self.constant)
        for error in errors:
            code = (error.get("code") or {}).get("code")
            if code == "E0015":
                self.constant.add(
                    re.findall(r"`([^`]+)`", error["message"])[-1].split("::")[-1].split("<")[0]
                )
                continue
            for place in error["spans"]:
                for first, last, number in self.lines.get(place["file_name"], []):
                    if first <= place["line_start"] <= last:
                        self.switched.pop(number, None)
                        if place["is_primary"] and is_own(code, error["message"]):
                            self.unviable.add(number)
        if (len(self.switched), len(self.constant)) == before:
            raise SystemExit("mutants: " + "\n".join(each["rendered"] for each in errors[:5]))


def is_own(code: str | None, message: str) -> bool:
    """Returns whether an error is independent of other mutations, such as an unknown name, a missing trait or
    a wrong return type. Arms with different types are not independent."""
    named = ("E0061", "E0277", "E0423", "E0425", "E0433", "E0560", "E0599")
    return code in named or (code == "E0308" and message == "mismatched types")


def copy(tree: pathlib.Path) -> None:
    tree.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        # Mutated functions are written separately.
        if (ROOT / name).is_file() and not name.startswith("core/src/"):
            write(tree / name, (ROOT / name).read_text(errors="surrogateescape"))


def write(file: pathlib.Path, text: str) -> None:
    """Writes a file only if its contents differ, to avoid rebuilding."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text(errors="surrogateescape") != text:
        file.write_text(text, errors="surrogateescape")


def failed(said: list[dict]) -> bool:
    """Returns whether cargo reported a failure."""
    return not said[-1].get("success", False)


def programs(said: list[dict]) -> list[str]:
    """Returns the built programs, or an error if one is missing."""
    if failed(said):
        raise SystemExit(
            f"mutants: {[each['message']['rendered'] for each in said if 'message' in each][:3]}"
        )
    return sorted({each["executable"] for each in said if each.get("executable")})


def outermost(functions: dict[Span, list[Mutation]]) -> list[Span]:
    return [it for it in functions if not any(other != it and other.holds(it) for other in functions)]


def body(text: str, function: Span) -> Span:
    """Returns the position of the brace that opens the body: the first outside of brackets after the name."""
    depth, at = 0, re.compile(r"\bfn\b").search(text, function.start).end()
    while text[at] != "{" or depth:
        if text[at : at + 2] == "//":
            at = text.index("\n", at)
        depth += (text[at] in "([") - (text[at] in ")]")
        at += 1
    return Span(at, function.end)

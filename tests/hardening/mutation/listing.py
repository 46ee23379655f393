"""Lists the mutations of core that cargo-mutants finds, with their positions."""

import json
import pathlib
import re
import subprocess
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[3]
# cargo-mutants treats tests that are excluded under the model checker as code.
NO_TESTS = ["-e", "core/src/replay/tests/**", "-E", "tests::"]
LIST = ["cargo", "mutants", "-p", "sealwire-core", "--list", "--json", *NO_TESTS]


@dataclass(frozen=True)
class Span:
    start: int
    end: int

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Mutation:
    number: int
    name: str
    file: str
    place: Span
    replacement: str
    function: Span | None

    def applied(self, text: str, within: Span) -> str:
        """Returns the part of the text with this mutation."""
        return text[within.start : self.place.start] + self.replacement + text[self.place.end : within.end]


def mutations() -> list[Mutation]:
    said = json.loads(subprocess.run(LIST, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    texts: dict[str, str] = {}
    return [mutation(number, each, texts) for number, each in enumerate(said, start=1)]


def mutation(number: int, said: dict, texts: dict[str, str]) -> Mutation:
    text = texts.setdefault(said["file"], (ROOT / said["file"]).read_text())
    function = said["function"] and span(text, said["function"]["span"])
    return Mutation(
        number, said["name"], said["file"], span(text, said["span"]), said["replacement"], function or None
    )


def span(text: str, said: dict) -> Span:
    """Returns the position. Lines and columns count from one, columns in characters."""
    starts = [0, *(at.end() for at in re.finditer("\n", text))]
    return Span(*(starts[said[end]["line"] - 1] + said[end]["column"] - 1 for end in ("start", "end")))

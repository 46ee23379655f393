"""Finds values of the core crate that other source files repeat.

A rule is a value that only the core crate may define, such as a header name. The rules are read from its
source code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sources
from sources import HOLE, Source

CONSTANT_TEXT = re.compile(r'\bconst \w+: &(?:\'static )?(?:str|\[u8\]) = b?"([^"\n]+)"')
WINDOW_MS = re.compile(r"\b(?:past|future)_ms: (\d[\d_]*)")
STATUSES = re.compile(r"fn http_status\(.*?\n    \}", re.DOTALL)
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
# Smaller numbers are ignored, because they also occur as sizes and indices.
SMALLEST_TELLING_NUMBER = 100
LONG_FOR_CHANCE = 20


@dataclass
class Rules:
    """The rules of the core crate, grouped by kind."""

    fields: set[str] = field(default_factory=set)  # header names, in lower case
    reasons: dict[str, int] = field(default_factory=dict)  # the name and the number of each rejection
    texts: set[str] = field(default_factory=set)  # public and internal error messages
    codes: set[str] = field(default_factory=set)  # error codes of connection strings
    separators: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)  # HTTP statuses and time windows

    def empty_kinds(self) -> list[str]:
        """Returns the kinds without any rule. Their patterns no longer match the source code of the core
        crate."""
        return [kind for kind, found in vars(self).items() if not found]


@dataclass(frozen=True)
class Leak:
    """A rule that was found in another file."""

    path: str
    line: int
    rule: str
    kind: str

    def __str__(self) -> str:
        """Returns a message that starts with the path and the line, so that editors can open the location."""
        return f"{self.path}:{self.line}: {self.kind} {self.rule!r} is defined in the core crate; use its definition"


def of_core(core: Path) -> Rules:
    """Reads the rules from the source directory of the core crate."""
    rules = Rules()
    for path in sorted(core.rglob("*.rs")):
        source = sources.read(path)
        gather_texts(rules, source)
        gather_constants(rules, source)
        if path.name == "reason.rs":
            gather_reasons(rules, source)
    return rules


def gather_texts(rules: Rules, source: Source) -> None:
    """Adds the messages in a file, and its error codes such as MYC00030."""
    for literal in source.strings:
        text = literal.text.strip()
        if HOLE not in text and " " in text and len(text) > 8:
            rules.texts.add(text)
        if re.fullmatch(r"[A-Z]{3}\d{5}", text):
            rules.codes.add(text)


def gather_constants(rules: Rules, source: Source) -> None:
    """Adds the constants of a file: header names, separators, HTTP statuses and time windows."""
    for value in CONSTANT_TEXT.findall(source.code):
        if FIELD_NAME.fullmatch(value) and is_header(value):
            rules.fields.add(value.lower())
        elif len(value) == 1 and not value.isalnum():
            rules.separators.add(value)
    windows = [int(number.replace("_", "")) for number in WINDOW_MS.findall(source.code)]
    statuses = [
        int(status) for body in STATUSES.findall(source.code) for status in re.findall(r"=> (\d+)", body)
    ]
    # Other files could repeat a window in seconds.
    numbers = [*statuses, *windows, *(window // 1000 for window in windows)]
    rules.numbers.update(number for number in numbers if number >= SMALLEST_TELLING_NUMBER)


def is_header(value: str) -> bool:
    """Returns True if the value contains a hyphen or starts with a capital letter."""
    return "-" in value or value[0].isupper()


def gather_reasons(rules: Rules, source: Source) -> None:
    """Adds the name and number of each rejection reason."""
    numbers = dict(re.findall(r"^ {4}(\w+) = (\d+),$", source.code, re.MULTILINE))
    names = dict(re.findall(r'Self::(\w+) => "(\w+)"', source.code))
    rules.reasons.update(
        {names[variant]: int(number) for variant, number in numbers.items() if variant in names}
    )


def leaks(rules: Rules, path: str, source: Source) -> Iterator[Leak]:
    """Yields all rules that a file repeats."""
    for literal in source.strings:
        for kind, rule in rules_in(rules, literal.text):
            yield Leak(path, literal.line, rule, kind)
    for line, number in source.numbers:
        if number in rules.numbers:
            yield Leak(path, line, str(number), "number")
    yield from numbered_reasons(rules, path, source)
    yield from separators(rules, path, source)


def rules_in(rules: Rules, text: str) -> Iterator[tuple[str, str]]:
    """Yields each rule that a string literal contains, together with its kind."""
    lowered = text.lower()
    found = {
        "header name": (name for name in rules.fields if states(lowered, name)),
        "rejection name": (reason for reason in rules.reasons if states(text, reason)),
        "text": (sentence for sentence in rules.texts if repeats(text, sentence)),
        "code": (code for code in rules.codes if contains(text, code)),
        "separator": (separator for separator in rules.separators if HOLE + separator + HOLE in text),
    }
    for kind, stated in found.items():
        yield from ((kind, rule) for rule in stated)


def states(text: str, name: str) -> bool:
    """Returns True if a string contains this name. A name that is a common word, such as `signature`, must be
    the whole string."""
    return text == name or (("-" in name or "_" in name) and contains(text, name))


def repeats(text: str, sentence: str) -> bool:
    """Returns True if a string repeats a message of the core crate. Public messages start with a capital
    letter and are also found inside longer strings. Other messages must match the whole string, because short
    ones can occur in other strings by chance."""
    return (
        sentence in text
        if sentence[0].isupper()
        else sentence == text.strip() and len(text) >= LONG_FOR_CHANCE
    )


def contains(text: str, word: str) -> bool:
    """Returns True if the text contains `word` as a whole word."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def numbered_reasons(rules: Rules, path: str, source: Source) -> Iterator[Leak]:
    """Yields each place where a file repeats the number of a rejection reason, such as `UNKNOWN_CLIENT = 20`,
    `unknownClient: 20` or `20 => UnknownClient`."""
    for reason, number in rules.reasons.items():
        words = reason.split("_")
        spellings = "|".join({reason, reason.upper(), "".join(map(str.title, words)), "-".join(words)})
        spelled = rf"(?i:\b\w*(?:{spellings})\b)"
        pattern = rf"{spelled}['\"]?\s*(?:=>|[=:,])\s*{number}\b|\b{number}['\"]?\s*(?:=>|[:,])\s*['\"]?[\w:.]*{spelled}"
        for match in re.finditer(pattern, source.code):
            yield Leak(
                path,
                source.code.count("\n", 0, match.start()) + 1,
                f"{reason} = {number}",
                "rejection number",
            )


def separators(rules: Rules, path: str, source: Source) -> Iterator[Leak]:
    """Yields each place where a file joins strings with a signing-input separator, such as `parts.join(':')`,
    `":".join(parts)` or `id + ':' + ts`."""
    for separator in rules.separators:
        quoted = rf"b?['\"`]{re.escape(separator)}['\"`]"
        pattern = rf"\.join\(\s*{quoted}\s*\)|{quoted}\.join\(|\+\s*{quoted}\s*\+"
        for match in re.finditer(pattern, source.code):
            yield Leak(path, source.code.count("\n", 0, match.start()) + 1, separator, "separator")

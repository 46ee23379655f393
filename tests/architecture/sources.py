"""Reads the string literals and numbers in a source file. Comments and docstrings are ignored.

Contains simple parsers for Rust, JavaScript and Python. `HOLE` replaces each interpolated value in a string
literal.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HOLE = "\0"
# The folders with tests, examples, and files that a build creates.
NOT_SOURCE = {
    "node_modules",
    "test",
    "tests",
    "__test__",
    "examples",
    "npm",
    "dist",
    "dist-explain",
    "target",
    "pkg",
    "__pycache__",
}


@dataclass(frozen=True)
class Literal:
    """The text of a string literal, and the line where it starts."""

    line: int
    text: str


@dataclass(frozen=True)
class Source:
    """The parsed content of a file: its code without comments, its string literals, and each integer with its
    line."""

    code: str
    strings: tuple[Literal, ...]
    numbers: tuple[tuple[int, int], ...]


def read(path: Path) -> Source:
    """Reads a file with the parser for its file extension."""
    text = path.read_text(encoding="utf-8")
    return READERS[path.suffix](text)


RUST_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | [bc]?r(?P<hashes>\#*)"(?P<raw>.*?)"(?P=hashes)
  | [bc]?"(?P<string>(?:[^"\\]|\\.)*)"
  | b?'(?P<char>[^'\\\n]|\\.[^'\n]*)'
    """,
    re.VERBOSE | re.DOTALL,
)

JAVASCRIPT_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | "(?P<double>(?:[^"\\\n]|\\.)*)"
  | '(?P<single>(?:[^'\\\n]|\\.)*)'
  | `(?P<template>(?:[^`\\]|\\.)*)`
  | (?<=[(,=:!&|?;{}\n])\s*/(?![/*])(?P<regex>(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/
    """,
    re.VERBOSE | re.DOTALL,
)

TEST_MODULE = re.compile(r"#\[cfg\((?:test|all\(test, [^\n]*)\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{")
ATTRIBUTE = re.compile(r"#!?\[(?:allow|expect|doc|cfg_attr)\b[^\]]*\]")

NUMBER = re.compile(r"(?<![\w.])(\d[\d_]*)(?:_?[ui](?:8|16|32|64|128|size)|n)?(?![\w.]*[\w])")


def rust(text: str) -> Source:
    """Parses a Rust file. Unit tests and attributes are ignored."""
    text = ATTRIBUTE.sub(lambda match: "\n" * match[0].count("\n"), without_tests(text))
    return lexed(text, RUST_TOKEN, re.compile(r"\{[^{}]*\}"))


def javascript(text: str) -> Source:
    """Parses a JavaScript or TypeScript file."""
    return lexed(text, JAVASCRIPT_TOKEN, re.compile(r"\$\{[^{}]*\}"))


def without_tests(text: str) -> str:
    """Removes the test module, which is always at the end of a file."""
    return TEST_MODULE.split(text, maxsplit=1)[0]


def lexed(text: str, token: re.Pattern[str], interpolation: re.Pattern[str]) -> Source:
    """Parses a file. `token` matches comments and string literals."""
    strings: list[Literal] = []

    def keep(match: re.Match[str]) -> str:
        blank = "\n" * match[0].count("\n")
        if match["comment"] is not None:
            return blank
        groups = match.groupdict()
        body = next(
            value for name, value in groups.items() if name not in ("comment", "hashes") and value is not None
        )
        line = text.count("\n", 0, match.start()) + 1
        strings.append(Literal(line, interpolation.sub(HOLE, unescaped(body))))
        return match[0]

    code = token.sub(keep, text)
    numbers = numbers_of(token.sub(lambda match: "\n" * match[0].count("\n"), text))
    return Source(code, tuple(strings), tuple(numbers))


def unescaped(body: str) -> str:
    """Decodes the escape sequences in a string literal that could hide a rule."""
    body = re.sub(r"\\x([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), body)
    return re.sub(r"\\(['\"`\\])", r"\1", body)


def numbers_of(code: str) -> Iterator[tuple[int, int]]:
    """Yields the line and the value of each integer. `code` contains no comments or string literals."""
    for number, line in enumerate(code.split("\n"), start=1):
        for match in NUMBER.finditer(line):
            yield number, int(match[1].replace("_", ""))


def python(text: str) -> Source:
    """Parses a Python file or stub. Docstrings are ignored."""
    tree = ast.parse(text)
    skipped = {id(node) for node in docstrings(tree)}
    strings: list[Literal] = []
    numbers: list[tuple[int, int]] = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
            parts = (str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
            strings.append(Literal(node.lineno, "".join(parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
            strings.append(Literal(node.lineno, value))
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            numbers.append((node.lineno, node.value))
    return Source(without_python_comments(text), tuple(strings), tuple(numbers))


def docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    """Yields all docstrings: string literals that are statements."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def without_python_comments(text: str) -> str:
    """Removes comments. If a string literal contains `#`, the rest of its line is removed too. This does not
    affect the check, which reads string literals from the syntax tree."""
    return re.sub(r"#[^\n]*", "", text)


READERS: dict[str, Callable[[str], Source]] = {
    ".rs": rust,
    ".py": python,
    ".pyi": python,
    **dict.fromkeys((".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"), javascript),
}

"""Converts include/sealwire.h to a page, which contains every constant, type and function with its comment."""

import re
from collections.abc import Iterator

KINDS = ("Functions", "Types", "Constants")
# Matches the start of an enumeration. The header has two variants, because some compilers do not support underlying types.
OPENING = re.compile(r"#if .*\nenum (\w+) : \w+ \{\n#else\nenum \{\n#endif\n")
COMMENT = re.compile(r"/\*\*(.*?)\*/\s*", re.DOTALL)


def page(header: str) -> str:
    """Returns the page in Markdown."""
    header = OPENING.sub(r"enum \1 {\n", header)
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for comment, declaration in declarations(header):
        kind, name = classify(declaration)
        found[kind].append(f"### `{name}`\n\n```c\n{declaration}\n```\n\n{comment}\n")
    parts = [
        "# C API\n\nGenerated from `include/sealwire.h`. The [guide](../languages/c.md) documents the conventions for "
        "status codes, ownership and NULL.\n"
    ]
    for kind in KINDS:
        parts += [f"## {kind}\n", *sorted(found[kind])]
    return "\n".join(parts)


def declarations(header: str) -> Iterator[tuple[str, str]]:
    """Returns the comment and the text of each top-level declaration that has a comment."""
    position = 0
    while match := COMMENT.search(header, position):
        end = _end(header, match.end())
        declaration = header[match.end() : end].strip()
        position = end
        if declaration:
            yield _text(match[1]), _without_comments(declaration)


def classify(declaration: str) -> tuple[str, str]:
    """Returns the kind and the name of a declaration."""
    if define := re.match(r"#define (\w+)", declaration):
        return "Constants", define[1]
    if alias := re.search(r"typedef .*?\(\*(\w+)\)", declaration):
        return "Types", alias[1]
    if named := re.search(r"\}\s*(?:SEALWIRE_\w+\s+)?(\w+);\s*$", declaration):
        return "Types", named[1]
    if enum := re.match(r"enum (\w+)", declaration):
        return "Types", enum[1]
    if opaque := re.match(r"typedef (?:struct )?\w+ (\w+);", declaration):
        return "Types", opaque[1]
    if function := re.search(r"(\w+)\s*\(", declaration.replace("SEALWIRE_MUST_USE", "")):
        return "Functions", function[1]
    raise ValueError(f"unknown declaration in the C header: {declaration[:80]}")


def _end(header: str, start: int) -> int:
    """Returns the position after the declaration at `start`.

    A macro ends at the end of its line. Other declarations end with a semicolon or a closing brace.
    """
    if header.startswith("#define", start):
        return header.find("\n", start) + 1
    depth = 0
    for position in range(start, len(header)):
        depth += {"{": 1, "}": -1}.get(header[position], 0)
        inline = header.startswith("}\n", position) and depth == 0
        if (header[position] == ";" and depth == 0) or inline:
            return position + 1
    return len(header)


def _text(comment: str) -> str:
    lines = [re.sub(r"^\s*\* ?", "", line) for line in comment.strip().splitlines()]
    return "\n".join(lines).strip()


def _without_comments(declaration: str) -> str:
    """Puts each member's comment on a single line."""

    def line(match: re.Match[str]) -> str:
        return "/* " + " ".join(_text(match[1]).split()) + " */\n    "

    return COMMENT.sub(line, declaration)

"""Prints the table. Each row shows the caller, the receiver, the scheme, the expected and the actual
response, and the duration."""

import os
import sys
from dataclasses import dataclass

HEADINGS = ("", "who", "called whom", "with", "scheme", "expected", "got", "ms")
LONG = 28  # if a correct response is longer, the table prints "the same" instead


@dataclass(frozen=True)
class Row:
    """A row of the table. `exchanges` is the number of calls that the row combines."""

    who: str
    whom: str
    what: str
    scheme: str
    expected: str
    got: str
    ms: float | None
    exchanges: int = 1

    @property
    def right(self) -> bool:
        return self.expected == self.got

    def cells(self) -> tuple[str, ...]:
        got = "the same" if self.right and len(self.got) > LONG else self.got
        mark = "ok" if self.right else "WRONG"
        took = "" if self.ms is None else f"{self.ms:.1f}"
        return mark, self.who, self.whom, self.what, self.scheme, self.expected, got, took


def show(parts: dict[str, list[Row]]) -> bool:
    """Prints all parts of the table and the number of passed and failed rows. Returns True if all rows are
    correct."""
    rows = [row for part in parts.values() for row in part]
    cells = [row.cells() for row in rows]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells, strict=True)]
    print("\n" + painted(line(HEADINGS, widths), "1"))
    for title, part in parts.items():
        print(painted(f"-- {title} ".ljust(sum(widths) + 2 * len(widths) - 2, "-"), "2"))
        for row in part:
            print(painted(line(row.cells(), widths), "32" if row.right else "1;31", len(row.cells()[0])))
    passed = sum(row.exchanges for row in rows if row.right)
    failed = sum(row.exchanges for row in rows if not row.right)
    print("\n" + painted(f"{passed} passed, {failed} failed", "1;31" if failed else "1;32"))
    return failed == 0 and passed > 0


def line(cells: tuple[str, ...], widths: list[int]) -> str:
    *texts, last = cells
    left = "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=False))
    return f"{left}  {last.rjust(widths[-1])}"


def painted(text: str, colour: str, length: int | None = None) -> str:
    """Colours the first `length` characters of the text. Returns the text unchanged if the output is not a
    terminal."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    head, rest = text[:length], text[length:] if length is not None else ""
    return f"\033[{colour}m{head}\033[0m{rest}"

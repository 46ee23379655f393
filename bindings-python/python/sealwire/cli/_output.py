"""What the command says: lines for people, JSON for programs, and an exit code for both."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import click

from sealwire._errors import SealwireError

P = ParamSpec("P")
R = TypeVar("R")


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Adds `--json`, and turns Sealwire's own errors into one sentence and exit code 1."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except SealwireError as error:
            fail(str(error))

    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(run)


def say(as_json: bool, data: object, lines: Sequence[str]) -> None:
    """The same said twice: `data` for programs, or `lines` for people."""
    for line in [json.dumps(data, indent=2)] if as_json else lines:
        click.echo(line)  # colours only on a terminal: click strips them elsewhere


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Ends with a sentence on standard error."""
    click.secho(f"sealwire: {sentence}", fg="red", err=True)
    raise SystemExit(code)


def good(text: str) -> str:
    """Green."""
    return click.style(text, fg="green")


def bad(text: str) -> str:
    """Red."""
    return click.style(text, fg="red")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Columns as wide as their widest cell."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(click.unstyle(row[at])) for row in cells) for at in range(len(head))]
    return [
        "  ".join(
            cell + " " * (width - len(click.unstyle(cell))) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]

"""Prints the output of commands as text or JSON, and sets the exit code."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Final, NoReturn, ParamSpec, TypeVar

import click

from sealwire._errors import SealwireError

P = ParamSpec("P")
R = TypeVar("R")

TRACEBACK_VARIABLE: Final = "SEALWIRE_TRACEBACK"


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Adds the option `--json` to a command. Converts all errors to an error message and exit code 1."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except SealwireError as error:
            fail(str(error))
        except OSError as error:
            fail(of_system(error))
        except UnicodeEncodeError:
            fail("an argument contains bytes that are not UTF-8")
        except Exception as error:
            if os.environ.get(TRACEBACK_VARIABLE):
                raise
            # The message of an unexpected error is not printed, because it could contain a secret.
            fail(
                f"unexpected {type(error).__name__}; this is a bug in the command. "
                f"Set {TRACEBACK_VARIABLE}=1 to see where, and report it"
            )

    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(run)


def of_system(error: OSError) -> str:
    """Returns a message for an operating-system error, including the file name."""
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else reason


def say(as_json: bool, data: object, lines: Sequence[str]) -> None:
    """Prints `data` as JSON, or `lines` as text."""
    for line in [json.dumps(data, indent=2)] if as_json else lines:
        click.echo(line)  # click removes colours if standard output is not a terminal


def fail(message: str, code: int = 1) -> NoReturn:
    """Prints an error message to standard error and exits."""
    click.secho(f"sealwire: {message}", fg="red", err=True)
    raise SystemExit(code)


def good(text: str) -> str:
    """Formats text in green."""
    return click.style(text, fg="green")


def bad(text: str) -> str:
    """Formats text in red."""
    return click.style(text, fg="red")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Returns the lines of a text table. Each column is as wide as its widest cell."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(click.unstyle(row[at])) for row in cells) for at in range(len(head))]
    return [
        "  ".join(
            cell + " " * (width - len(click.unstyle(cell))) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]

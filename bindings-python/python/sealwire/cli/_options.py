"""The command-line option types that several commands share, with their valid ranges."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import click

MAX_VERSION: Final = 0xFFFF_FFFF
MAX_DAYS: Final = 36_500
MAX_MINUTES: Final = 100 * 365 * 24 * 60
MAX_SECONDS: Final = 100 * 365 * 86_400

FILE: Final = click.Path(path_type=Path, dir_okay=False)
FILE_OR_INPUT: Final = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
VERSION: Final = click.IntRange(0, MAX_VERSION)
DAYS: Final = click.IntRange(0, MAX_DAYS)
MINUTES: Final = click.IntRange(1, MAX_MINUTES)


class Seconds(click.FloatRange):
    """An option type for a number of seconds, which rejects `nan`."""

    def __init__(self) -> None:
        """Allows values from 0 to `MAX_SECONDS`."""
        super().__init__(0, MAX_SECONDS)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click defines the signature
        """Parses the value of an option."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return number


SECONDS: Final = Seconds()
WINDOW: Final = click.IntRange(0, MAX_SECONDS)


def table(function: click.decorators.FC) -> click.decorators.FC:
    """Adds the option `--table` to a command."""
    help_text = "If FILE is a larger configuration file, its table with the issuer's keys, such as core.accountLifeCycle."
    return click.option("--table", metavar="NAME", help=help_text)(function)

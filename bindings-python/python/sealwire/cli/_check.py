"""`sealwire check`: validates a key file."""

from __future__ import annotations

from pathlib import Path

import click

from sealwire._native import KeyFile
from sealwire.cli import _options
from sealwire.cli._output import command, fail, good, say
from sealwire.cli._ring import sources
from sealwire.secrets import load_modes
from sealwire.secrets._file import is_open_to_others, resolved


@click.command()
@click.argument("file", type=_options.FILE)
@click.option("--offline", is_flag=True, help="Do not resolve references.")
@click.option("--service", metavar="NAME", help="Check what this service would load: its own pairs.")
@_options.table
@click.option("--allow-weak", is_flag=True, help="Accept secrets under 32 bytes.")
@command
def check(
    file: Path, offline: bool, service: str | None, table: str | None, allow_weak: bool, as_json: bool
) -> None:
    """Validate a key FILE as a service does when it starts, every reference resolved.

    One check is stricter: a file that holds secrets and that other users can read fails here, and is a warning in the
    log of a service.
    """
    read = KeyFile.read(file, table, service)
    if table is None:
        load_modes(file)
    ring = read.check(allow_weak) if offline else read.ring(resolved(read, sources(read)), allow_weak)
    if read.holds_secrets and is_open_to_others(file):
        fail(f"{file} holds secrets and is readable by others; run: chmod 600 {file}")
    entries = [{"entry": key.name, "version": key.version, "primary": key.primary} for key in ring.status()]
    lines = [
        f"{each['entry']} version {each['version']}{', signs' * bool(each['primary'])}" for each in entries
    ]
    say(as_json, entries, [*lines, good(f"{file} is in order")])

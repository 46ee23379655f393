"""`sealwire check`: is a configuration fit to start with?"""

from __future__ import annotations

from pathlib import Path

import click

from sealwire.cli._documents import open_document
from sealwire.cli._output import command, fail, good, say
from sealwire.cli._ring import ring_of
from sealwire.secrets import load, load_modes

FILE = click.Path(path_type=Path, dir_okay=False)
OTHERS_BITS = 0o077


@click.command()
@click.argument("file", type=FILE)
@click.option("--offline", is_flag=True, help="Do not ask where references lead.")
@click.option(
    "--table", metavar="NAME", help="The table of a larger TOML file, such as core.accountLifeCycle."
)
@click.option("--allow-weak", is_flag=True, help="Accept secrets under 32 bytes.")
@command
def check(file: Path, offline: bool, table: str | None, allow_weak: bool, as_json: bool) -> None:
    """Validate a key FILE as a service would at its start, every secret read from where it is kept."""
    if table is None:
        load_modes(file)
        ring = open_document(file).check() if offline else ring_of(file, allow_weak=allow_weak)
    else:
        ring = load(file, table=table, allow_weak=allow_weak)
    if file.stat().st_mode & OTHERS_BITS:
        fail(f"{file} is readable by others; make it yours alone with: chmod 600 {file}")
    entries = [{"entry": key.name, "version": key.version, "primary": key.primary} for key in ring.status()]
    lines = [
        f"{each['entry']} version {each['version']}{', signs' * bool(each['primary'])}" for each in entries
    ]
    say(as_json, entries, [*lines, good(f"{file} is in order")])

"""The command `sealwire mode`, which shows and changes the modes in a file that services watch."""

from __future__ import annotations

from pathlib import Path

import click

from sealwire._native import MODES, change_mode_file, read_mode_file
from sealwire.cli._files import rewrite
from sealwire.cli._options import FILE
from sealwire.cli._output import command, fail, say


@click.command()
@click.argument("file", type=FILE)
@click.argument("mode", type=click.Choice(MODES), required=False)
@click.option(
    "--sender", metavar="NAME", help="Show or change the mode of this sender instead of the service's mode."
)
@click.option("--remove", is_flag=True, help="Remove the sender's mode, so that the service's mode applies.")
@click.option("--rollback", is_flag=True, help="Change every mode enforce to observe.")
@click.option("--resume", is_flag=True, help="End a rollback: the modes apply again.")
@command
def mode(
    file: Path,
    mode: str | None,
    sender: str | None,
    remove: bool,
    rollback: bool,
    resume: bool,
    as_json: bool,
) -> None:
    """Show or change the modes in FILE. Services that watch the file reload it at once.

    `off` accepts all requests without verification. `observe` accepts requests that would be rejected, and
    counts and logs them. `enforce` rejects them. FILE is a key file or a separate mode file, in TOML or
    JSON. A `.env` file supports only --rollback and --resume.
    """
    asked = [mode is not None, remove, rollback, resume]
    fits = not remove if sender is None else remove or mode is not None
    if sum(asked) > 1 or not fits:
        fail(
            "pass one change: a mode, a mode of a --sender, a --sender to --remove, --rollback or --resume", 2
        )
    if rollback or resume:
        rewrite(file, change_mode_file(file, rollback=rollback))
    elif any(asked):
        rewrite(file, change_mode_file(file, mode=mode, sender=sender))
    show(file, as_json)


def show(file: Path, as_json: bool) -> None:
    """Prints the modes in a file."""
    modes, rolled_back = read_mode_file(file)
    data = {"file": str(file), "mode": modes.mode, "senders": modes.senders, "rolledBack": rolled_back}
    lines = [f"{file}: {modes.mode}", *(f"{name}: {own}" for name, own in modes.senders.items())]
    say(as_json, data, [*lines, *["rolled back: no request is rejected until --resume"] * rolled_back])

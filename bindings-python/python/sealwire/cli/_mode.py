"""`sealwire mode`: what becomes of rejected requests, in the file that services watch."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import click
import tomlkit
from dotenv.parser import Binding, parse_stream

from sealwire._errors import ConfigError
from sealwire._guard import ENABLED_VARIABLE
from sealwire._native import MODES
from sealwire.cli._documents import ended, made
from sealwire.cli._files import rewrite
from sealwire.cli._output import command, fail, say
from sealwire.secrets import load_modes
from sealwire.secrets._file import MODE, SENDERS, existing, parse
from sealwire.secrets._modes import modes_in

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
@click.argument("mode", type=click.Choice(MODES), required=False)
@click.option("--sender", metavar="NAME", help="For this sender alone, in place of the service's mode.")
@click.option("--remove", is_flag=True, help="Have the sender follow the service's mode again.")
@command
def mode(file: Path, mode: str | None, sender: str | None, remove: bool, as_json: bool) -> None:
    """Show what becomes of rejected requests by FILE, or change it to MODE: services that watch the file follow.

    observe is the rollback: everything passes, and what enforcing would turn away is counted and logged. FILE is the
    key file or one of modes alone, TOML or JSON; or a .env file, which only knows observe and enforce.
    """
    if remove and (mode is not None or sender is None):
        fail("--remove takes a --sender and no mode", 2)
    if sender is not None and mode is None and not remove:
        fail("name the mode of the sender, or --remove it", 2)
    if mode is not None or remove:
        rewrite(file, changed(file, mode, sender))
    modes = load_modes(file)
    lines = [f"{file}: {modes.mode}", *(f"{name}: {own}" for name, own in modes.senders.items())]
    say(as_json, {"file": str(file), "mode": modes.mode, "senders": modes.senders}, lines)


def changed(file: Path, mode: str | None, sender: str | None) -> str:
    """The file as it is to be written, everything else in it left as it stood. Core is asked before it is written."""
    text = existing(file).read_text(encoding="utf-8")
    if file.suffix == ".json":
        data = parse(file)
        put(data, mode, sender)
        modes_in(str(file), data)
        return json.dumps(data, indent=2) + "\n"
    if file.suffix == ".toml":
        parse(file)
        document = tomlkit.parse(text)
        put(document, mode, sender)
        modes_in(str(file), document.unwrap())
        return tomlkit.dumps(document)
    return switched(text, mode, sender)


def put(data: Any, mode: str | None, sender: str | None) -> None:  # noqa: ANN401 - tomlkit's document, or JSON's
    """Sets a mode, or takes a sender's away."""
    if sender is None:
        data[MODE] = mode
    elif mode is None:
        data.get(SENDERS, {}).pop(sender, None)
    else:
        if SENDERS not in data:
            data[SENDERS] = tomlkit.inline_table() if isinstance(data, tomlkit.TOMLDocument) else {}
        data[SENDERS][sender] = mode


def switched(text: str, mode: str | None, sender: str | None) -> str:
    """A `.env` file with its switch turned."""
    if sender is not None or mode == "off":
        raise ConfigError(
            "a .env file knows observe and enforce; use a TOML or JSON file for off and for senders"
        )
    line = made(ENABLED_VARIABLE, "true" if mode == "enforce" else "false")
    lines: list[Binding] = [ended(each) for each in parse_stream(io.StringIO(text))]
    places = [at for at, each in enumerate(lines) if each.key == ENABLED_VARIABLE]
    for at in places:
        lines[at] = line
    return "".join(each.original.string for each in ([*lines, line] if not places else lines))

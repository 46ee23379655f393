"""`sealwire mode`: what becomes of rejected requests, in the file that services watch."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
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
from sealwire.secrets._file import MODE, OBSERVE_ONLY, SENDERS, existing, parse
from sealwire.secrets._modes import is_structured, modes_in

FILE = click.Path(path_type=Path, dir_okay=False)
Change = Callable[[Any], None]  # of tomlkit's document, or of what JSON holds


@click.command()
@click.argument("file", type=FILE)
@click.argument("mode", type=click.Choice(MODES), required=False)
@click.option("--sender", metavar="NAME", help="For this sender alone, in place of the service's mode.")
@click.option("--remove", is_flag=True, help="Have the sender follow the service's mode again.")
@click.option("--rollback", is_flag=True, help="Turn every enforce into observe, whatever the modes say.")
@click.option("--resume", is_flag=True, help="End a rollback: the modes are again what they say.")
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
    """Show what becomes of rejected requests by FILE, or change it: services that watch the file follow at once.

    off lets them pass unseen, observe counts and logs them, enforce turns them away. FILE is the key file or one of
    modes alone, TOML or JSON; of a .env file only --rollback and --resume can be had.
    """
    asked = [mode is not None, remove, rollback, resume]
    fits = not remove if sender is None else remove or mode is not None
    if sum(asked) > 1 or not fits:
        fail(
            "name one change: a mode, a mode of a --sender, a --sender to --remove, --rollback or --resume", 2
        )
    if rollback or resume:
        rewrite(file, switched(file, rollback))
    elif any(asked):
        rewrite(file, changed(file, lambda data: put(data, mode, sender)))
    show(file, as_json)


def show(file: Path, as_json: bool) -> None:
    """The modes as services take them over."""
    modes, rolled_back = load_modes(file), is_rolled_back(file)
    data = {"file": str(file), "mode": modes.mode, "senders": modes.senders, "rolledBack": rolled_back}
    lines = [f"{file}: {modes.mode}", *(f"{name}: {own}" for name, own in modes.senders.items())]
    say(as_json, data, [*lines, *["rolled back: nobody is turned away until --resume"] * rolled_back])


def is_rolled_back(file: Path) -> bool:
    """Whether every `enforce` is held to `observe`."""
    if is_structured(file):
        return bool(parse(file).get(OBSERVE_ONLY, False))
    return load_modes(file).mode != "enforce"


def changed(file: Path, change: Change) -> str:
    """The file as it is to be written, everything else in it left as it stood. Core is asked before it is written."""
    data = parse(existing(file)) if is_structured(file) else None
    if data is None:
        raise ConfigError(
            "a .env file knows --rollback and --resume alone; use a TOML or JSON file for modes"
        )
    if file.suffix == ".json":
        change(data)
        modes_in(str(file), data)
        return json.dumps(data, indent=2) + "\n"
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    change(document)
    modes_in(str(file), document.unwrap())
    return tomlkit.dumps(document)


def put(data: Any, mode: str | None, sender: str | None) -> None:  # noqa: ANN401 - see Change
    """Sets a mode, or takes a sender's away."""
    if sender is None:
        data[MODE] = mode
    elif mode is None:
        data.get(SENDERS, {}).pop(sender, None)
    else:
        if SENDERS not in data:
            data[SENDERS] = tomlkit.inline_table() if isinstance(data, tomlkit.TOMLDocument) else {}
        data[SENDERS][sender] = mode


def switched(file: Path, off: bool) -> str:
    """The file with enforcement off, or on again."""
    if not is_structured(file):
        return with_variable(existing(file).read_text(encoding="utf-8"), "false" if off else "true")
    return changed(file, lambda data: hold(data, off))


def hold(data: Any, off: bool) -> None:  # noqa: ANN401 - see Change
    """Adds the switch, or takes it away."""
    if off:
        data[OBSERVE_ONLY] = True
    else:
        data.pop(OBSERVE_ONLY, None)


def with_variable(text: str, value: str) -> str:
    """A `.env` file with its switch turned."""
    line = made(ENABLED_VARIABLE, value)
    lines: list[Binding] = [ended(each) for each in parse_stream(io.StringIO(text))]
    if not any(each.key == ENABLED_VARIABLE for each in lines):
        lines.append(line)
    turned = [line if each.key == ENABLED_VARIABLE else each for each in lines]
    return "".join(each.original.string for each in turned)

"""The command `sealwire check`, which validates a key file, a file of settings or the environment."""

from __future__ import annotations

from pathlib import Path

import click

from sealwire._native import KeyFile, KeyRing, is_open_to_others
from sealwire.cli import _options, _settings
from sealwire.cli._output import command, fail, good, say
from sealwire.cli._ring import sources
from sealwire.secrets import load_modes
from sealwire.secrets._file import resolved


@click.command()
@click.argument("file", type=_options.FILE, required=False)
@click.option("--offline", is_flag=True, help="Do not resolve references.")
@click.option(
    "--service", metavar="NAME", help="Skip the pairs of other services, which this service does not load."
)
@click.option(
    "--settings",
    "kind",
    type=click.Choice(list(_settings.KINDS)),
    help="FILE contains the settings of a server or client integration, or the argument of configuration().",
)
@click.option(
    "--language",
    type=click.Choice(_settings.LANGUAGES),
    default="python",
    show_default=True,
    help="The language of the settings.",
)
@click.option(
    "--environment",
    "variables",
    is_flag=True,
    help="Check the environment variables of --service instead of a FILE.",
)
@_options.table
@click.option("--allow-weak", is_flag=True, help="Accept secrets under 32 bytes.")
@command
def check(
    file: Path | None,
    offline: bool,
    service: str | None,
    kind: str | None,
    language: str,
    variables: bool,
    table: str | None,
    allow_weak: bool,
    as_json: bool,
) -> None:
    """Validate a key FILE as a service does when it starts, with all references resolved.

    If other users can read a file that contains secrets, this command fails, whereas a service only logs a
    warning. With --settings, validate each setting in a TOML or JSON FILE with the rules of the integration
    that uses them. Rules that concern several settings are only checked when the service starts. With
    --environment, validate the environment variables of a service.
    """
    if variables:
        if service is None or file is not None:
            fail("--environment needs --service NAME, and no FILE", 2)
        show(_settings.check_environment(service), f"the environment of {service}", as_json=as_json)
    elif file is None:
        fail("pass a key file, a file of settings with --settings, or --environment", 2)
    elif kind is not None:
        _settings.KINDS[kind](_settings.read(file), language)
        say(as_json, {"file": str(file), "settings": kind}, [good(f"{file} is valid")])
    else:
        show(ring_of(file, offline, service, table, allow_weak), str(file), as_json=as_json)


def ring_of(file: Path, offline: bool, service: str | None, table: str | None, allow_weak: bool) -> KeyRing:
    """Validates a key file and returns its keys."""
    read = KeyFile.read(file, table, service)
    if table is None:
        load_modes(file)
    ring = read.check(allow_weak) if offline else read.ring(resolved(read, sources(read)), allow_weak)
    if read.holds_secrets and is_open_to_others(file):
        fail(f"{file} contains secrets and other users can read it; run: chmod 600 {file}")
    return ring


def show(ring: KeyRing, name: str, *, as_json: bool) -> None:
    """Prints the versions of each key."""
    entries = [{"entry": key.name, "version": key.version, "primary": key.primary} for key in ring.status()]
    lines = [
        f"{each['entry']} version {each['version']}{', signs' * bool(each['primary'])}" for each in entries
    ]
    say(as_json, entries, [*lines, good(f"{name} is valid")])

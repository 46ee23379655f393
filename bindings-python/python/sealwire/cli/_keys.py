"""`sealwire keys`: generating and rotating."""

from __future__ import annotations

import importlib
import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from sealwire._errors import ConfigError
from sealwire.cli import _generate as made
from sealwire.cli import _usage as usage
from sealwire.cli._documents import Document, open_document
from sealwire.cli._files import refuse_overwrite, write_private
from sealwire.cli._output import bad, command, fail, good, say, table
from sealwire.secrets._sources import Client

FILE = click.Path(path_type=Path, dir_okay=False)
FORMATS = {"dotenv": made.as_dotenv, "json": made.as_json, "toml": made.as_toml}


@click.group()
def keys() -> None:
    """Generate keys and rotate them: rotate adds, promote switches, retire removes.

    A key file is TOML or JSON in the shape of sealwire.secrets, or a .env file of pair secrets.
    """


def stores(function: click.decorators.FC) -> click.decorators.FC:
    """The options that say where secrets go, when not into the key file."""
    for option in (
        click.option("--google", "project", metavar="PROJECT", help="Keep secrets in Google Secret Manager."),
        click.option("--mount", default="secret", show_default=True, help="Where Vault's engine is mounted."),
        click.option("--vault", metavar="PATH", help="Keep secrets in Vault or OpenBao, below this path."),
    ):
        function = option(function)
    return function


@keys.command()
@click.argument("services", nargs=-1)
@click.option("--client", "clients", multiple=True, metavar="ID", help="A client id; repeatable.")
@click.option("--issuer", is_flag=True, help="Also a key that signs connection strings.")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="toml", show_default=True)
@click.option("--output", "-o", type=FILE, help="Write this file, owner-only; else print.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@stores
@command
def generate(
    services: tuple[str, ...],
    clients: tuple[str, ...],
    issuer: bool,
    form: str,
    output: Path | None,
    force: bool,
    vault: str | None,
    mount: str,
    project: str | None,
    as_json: bool,
) -> None:
    """Make a fresh key for every pair of SERVICES, and for clients and the issuer if asked."""
    if len(services) == 1 or not (services or clients or issuer):
        fail("name two services or more, or a --client, or --issuer", 2)
    if output is not None:
        refuse_overwrite(output, force)
    secrets = made.generate(services, clients, issuer=issuer, store=store(vault, mount, project))
    text = FORMATS[form](secrets)
    if output is None:
        click.echo(text, nl=False)
        return
    write_private(output, text)
    names = [name for section in secrets.values() for name in section]
    say(
        as_json,
        {"file": str(output), "entries": names},
        [f"{output}: {len(names)} keys, readable by you alone"],
    )


@keys.command()
@click.argument("file", type=FILE)
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every entry.")
@stores
@command
def rotate(
    file: Path,
    names: tuple[str, ...],
    every: bool,
    vault: str | None,
    mount: str,
    project: str | None,
    as_json: bool,
) -> None:
    """Add a new version, which is accepted but does not sign yet. Roll it out everywhere, then promote it."""
    document = open_document(file)
    keep = store(vault, mount, project)
    added = {}
    for entry in chosen(document, names, every):
        added[entry] = max(document.versions(entry)) + 1
        document.add(entry, added[entry], keep.keep(entry, added[entry], made.fresh()))
    write(file, document)
    lines = [
        f"{name}: version {version} added; {document.primary(name)} still signs"
        for name, version in added.items()
    ]
    say(as_json, {"file": str(file), "added": added}, lines)


@keys.command()
@click.argument("file", type=FILE)
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every entry.")
@click.option("--version", type=int, help="The version that is to sign; the newest unless given.")
@click.option("--retire-after", type=int, metavar="DAYS", help="Note by when the others are to be gone.")
@command
def promote(
    file: Path,
    names: tuple[str, ...],
    every: bool,
    version: int | None,
    retire_after: int | None,
    as_json: bool,
) -> None:
    """Have another version sign; the others stay accepted. Naming the old version takes a promotion back."""
    document = open_document(file)
    date = None if retire_after is None else day(retire_after)
    done = []
    for entry in chosen(document, names, every):
        wanted = max(document.versions(entry)) if version is None else version
        document.known(entry, wanted)
        done.append({"entry": entry, "primary": wanted, "before": document.primary(entry)})
        document.promote(entry, wanted, date)
    write(file, document)
    lines = [
        f"{each['entry']}: version {each['primary']} signs now, {each['before']} did before" for each in done
    ]
    say(as_json, {"file": str(file), "promoted": done}, lines)


@keys.command()
@click.argument("file", type=FILE)
@click.argument("name")
@click.option(
    "--version", type=int, help="The version to remove; needed when there is more than one old one."
)
@click.option("--quiet-for", type=float, metavar="SECONDS", help="How long it must have been unused.")
@click.option("--force", is_flag=True, help="Remove it though it may be in use, or nobody can say.")
@usage.options
@command
def retire(
    file: Path,
    name: str,
    version: int | None,
    quiet_for: float | None,
    force: bool,
    metrics_url: tuple[str, ...],
    prometheus: str | None,
    status_dir: Path | None,
    as_json: bool,
) -> None:
    """Remove an old version, once no running service signs with it or has accepted it of late."""
    document = open_document(file)
    entry = document.known(name, version)
    gone = old_version(document, entry, version)
    where = usage.Where(metrics_url, prometheus, status_dir)
    if not force:
        quiet = usage.quiet_for(entry, quiet_for)
        reasons = usage.objections(where.uses(), sorted_name(entry), gone, quiet, time.time())
        if reasons:
            hint = "" if where.named else "; say where with --metrics-url, --prometheus or --status-dir"
            fail(
                f"{entry} version {gone} stays: {'; '.join(reasons)}{hint}. To remove it all the same: --force"
            )
    document.remove(entry, gone)
    write(file, document)
    data = {"file": str(file), "entry": entry, "retired": gone}
    say(as_json, data, [f"{entry}: version {gone} is gone; reload, then destroy its secret where it is kept"])


@keys.command()
@click.argument("file", type=FILE, required=False)
@click.option(
    "--quiet-for", type=float, metavar="SECONDS", help="How long an old version must have been unused."
)
@usage.options
@command
def status(
    file: Path | None,
    quiet_for: float | None,
    metrics_url: tuple[str, ...],
    prometheus: str | None,
    status_dir: Path | None,
    as_json: bool,
) -> None:
    """Show each key version: in the file, in running services, when last accepted, and whether it may be retired."""
    where = usage.Where(metrics_url, prometheus, status_dir)
    if file is None and not where.named:
        fail("name a key file, or where services are asked: --metrics-url, --prometheus or --status-dir", 2)
    uses = where.uses()
    rows = [row(*key, uses, quiet_for) for key in versions_of(file, uses)]
    head = ("entry", "version", "signs", "services", "accepted", "last accepted", "retire")
    say(as_json, rows, table(head, [shown(each, asked=where.named) for each in rows]))


def versions_of(file: Path | None, uses: list[usage.Use]) -> list[tuple[str, int, bool]]:
    """Entry, version and whether it signs: as the file has it, else as the services do."""
    if file is not None:
        document = open_document(file)
        names = document.names()
        return [
            (sorted_name(name), version, version == document.primary(name))
            for name in names
            for version in document.versions(name)
        ]
    signing = {
        (use.name, use.version): any(
            other.primary for other in uses if (other.name, other.version) == (use.name, use.version)
        )
        for use in uses
    }
    return [(name, version, primary) for (name, version), primary in sorted(signing.items())]


def row(name: str, version: int, primary: bool, uses: list[usage.Use], asked: float | None) -> dict[str, Any]:
    """One line of the status."""
    own = [use for use in uses if (use.name, use.version) == (name, version)]
    last = max((use.last_accepted for use in own if use.last_accepted is not None), default=None)
    try:
        quiet = usage.quiet_for(name, asked)
        reasons = usage.objections(uses, name, version, quiet, time.time())
    except ConfigError as unknown:
        reasons = [str(unknown)]
    return {
        "entry": name,
        "version": version,
        "primary": primary,
        "services": len({use.instance for use in own}),
        "signedBy": sorted(use.instance for use in own if use.primary),
        "accepted": sum(use.accepted for use in own),
        "lastAccepted": last,
        "retirable": not primary and not reasons,
        "objections": [] if primary else reasons,
    }


def shown(found: dict[str, Any], *, asked: bool) -> list[str]:
    """The same for people."""
    last = found["lastAccepted"]
    when = "never" if last is None else f"{usage.ago(time.time() - last)} ago"
    if found["primary"]:
        verdict = ""
    elif found["retirable"]:
        verdict = good("safe")
    else:
        verdict = bad("; ".join(found["objections"])) if asked else "unknown: no service was asked"
    signs = "yes" if found["primary"] else ""
    counted = [str(found["services"]), str(found["accepted"]), when] if asked else ["-", "-", "-"]
    return [found["entry"], str(found["version"]), signs, *counted, verdict]


def chosen(document: Document, names: tuple[str, ...], every: bool) -> list[str]:
    """The entries that are meant."""
    if every == bool(names):
        fail("name the entries, or pass --all", 2)
    return document.names() if every else [document.known(name) for name in names]


def old_version(document: Document, entry: str, version: int | None) -> int:
    """The version that is meant, which must not be the one that signs."""
    primary = document.primary(entry)
    old = [each for each in document.versions(entry) if each != primary]
    if version == primary:
        raise ConfigError(f"{entry} version {version} signs; promote another version first")
    if version is None and len(old) != 1:
        raise ConfigError(f"{entry} has {len(old)} old versions; name the one to remove with --version")
    return old[0] if version is None else version


def write(file: Path, document: Document) -> None:
    """Writes what core accepts, and nothing else."""
    text = document.text()
    document.check()
    write_private(file, text)


def store(vault: str | None, mount: str, project: str | None) -> made.Store:
    """Where new secrets go."""
    if vault and project:
        raise ConfigError("name one place for secrets: --vault or --google")
    if vault:
        return made.InVault(vault_client(), vault, mount)
    if project:
        return made.InGoogle(
            client_of("google.cloud.secretmanager", "google").SecretManagerServiceClient(), project
        )
    return made.Written()


def vault_client() -> Client:
    """Vault's client, from the variables its own tools read: VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT."""
    if not os.environ.get("VAULT_ADDR"):
        raise ConfigError("VAULT_ADDR is not set; name the Vault server, and a token in VAULT_TOKEN")
    return client_of("hvac", "vault").Client()


def client_of(module: str, extra: str) -> Client:
    """A client library that is installed if asked for."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise ConfigError(
            f"{module} is not installed; install it with: pip install sealwire[{extra}]"
        ) from None


def sorted_name(entry: str) -> str:
    """The entry as services report it."""
    return "/".join(sorted(entry.split("/")))


def day(days: int) -> date:
    """The day this many days from now, in UTC as everywhere."""
    return (datetime.now(UTC) + timedelta(days=days)).date()

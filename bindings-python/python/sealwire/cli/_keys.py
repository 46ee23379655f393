"""The command `sealwire keys`, which generates and rotates keys."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from sealwire._errors import ConfigError
from sealwire._native import KeyDocument, generate_key_file, key_file_format
from sealwire.cli import _generate as made
from sealwire.cli import _options
from sealwire.cli import _usage as usage
from sealwire.cli._files import refuse_overwrite, rewrite, write_private
from sealwire.cli._options import DAYS, FILE, SECONDS, VERSION
from sealwire.cli._output import bad, command, fail, good, say
from sealwire.cli._output import table as output_table
from sealwire.cli._stores import (
    InEnvironment,
    InGoogle,
    InVault,
    Secret,
    Store,
    Written,
    google_client,
    vault_client,
)

FORMATS: Final = ("dotenv", "json", "toml")
DIRECTORY: Final = click.Path(path_type=Path, file_okay=False)


@click.group()
def keys() -> None:
    """Generate and rotate keys. `rotate` adds a new version, `promote` makes it the primary, and `retire`
    removes the old version.

    A key file is TOML or JSON in the format of sealwire.secrets, or a .env file with pair secrets.
    """


def stores(function: click.decorators.FC) -> click.decorators.FC:
    """Adds the options that select a store for new secrets."""
    for option in (
        click.option(
            "--google",
            "project",
            metavar="PROJECT",
            help="Store secrets in Google Secret Manager, in this project.",
        ),
        click.option(
            "--mount", default="secret", show_default=True, help="The mount path of Vault's key-value engine."
        ),
        click.option("--vault", metavar="PATH", help="Store secrets in Vault or OpenBao, below this path."),
    ):
        function = option(function)
    return function


@keys.command()
@click.argument("services", nargs=-1)
@click.option("--client", "clients", multiple=True, metavar="ID", help="A client id; repeatable.")
@click.option("--issuer", is_flag=True, help="Also create a key that signs connection strings.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="The format; default: from the file name in --output.",
)
@click.option(
    "--output", "-o", type=FILE, help="Write this file, readable by its owner only; default: print."
)
@click.option(
    "--per-service",
    type=DIRECTORY,
    metavar="DIR",
    help="Write one file per service, which contains only the pairs of that service.",
)
@click.option("--force", is_flag=True, help="Overwrite the file.")
@stores
@command
def generate(
    services: tuple[str, ...],
    clients: tuple[str, ...],
    issuer: bool,
    form: str | None,
    output: Path | None,
    per_service: Path | None,
    force: bool,
    vault: str | None,
    mount: str,
    project: str | None,
    as_json: bool,
) -> None:
    """Create a new key for each pair of SERVICES, and optionally for clients and the issuer."""
    if len(services) == 1 or not (services or clients or issuer):
        fail("pass two services or more, or a --client, or --issuer", 2)
    if per_service and (output or clients or issuer or not services):
        fail("--per-service writes only the pairs of SERVICES; omit --output, --client and --issuer", 2)
    form = format_of(form, output)
    files = files_of(services, output, per_service, form)
    for file in files:
        refuse_overwrite(file, force)
    secrets = made.generate(
        services, clients, issuer=issuer, store=store(vault, mount, project) or Written(), form=form
    )
    if not files:
        click.echo(generate_key_file(secrets, form), nl=False)
        return
    for file, service in files.items():
        write_private(file, generate_key_file(of_file(secrets, service), form))
    names = [each.name for each in secrets]
    written = [str(file) for file in files]
    data = {"file": written[0], "files": written, "entries": names}
    say(
        as_json,
        data,
        [f"{file}: {len(of_file(secrets, own))} keys, readable only by you" for file, own in files.items()],
    )


def format_of(form: str | None, output: Path | None) -> str:
    """Returns the format of the key file. If a file is written, `--format` must match its name."""
    if output is None:
        return form or "toml"
    by_name = key_file_format(str(output))
    if form not in (None, by_name):
        fail(
            f"{output} is read as {by_name} by its name; omit --format, or end the name in .{'env' if form == 'dotenv' else form}",
            2,
        )
    return by_name


def files_of(
    services: Sequence[str], output: Path | None, directory: Path | None, form: str
) -> dict[Path, str | None]:
    """Returns the files to write. Each file is mapped to the service whose pairs it contains, or to None if
    it contains all keys."""
    if directory is None:
        return {} if output is None else {output: None}
    if not directory.is_dir():
        fail(f"{directory} is not a directory; create it first")
    suffix = "env" if form == "dotenv" else form
    return {directory / f"{service}.{suffix}": service for service in services}


def of_file(secrets: Sequence[made.New], service: str | None) -> Sequence[made.New]:
    """Returns the keys to write to a file."""
    return secrets if service is None else made.of_service(secrets, service)


@keys.command()
@click.argument("file", type=FILE)
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every entry.")
@_options.table
@stores
@command
def rotate(
    file: Path,
    names: tuple[str, ...],
    every: bool,
    table: str | None,
    vault: str | None,
    mount: str,
    project: str | None,
    as_json: bool,
) -> None:
    """Add a new version, which is accepted but does not sign yet. Deploy the file to all services, and then
    promote the version.

    The new secret is stored in the same place as the previous secret: in the file, in Vault or in Google
    Secret Manager. If the previous secret is in an environment variable, the new variable is printed, and you
    must set it.
    """
    document = KeyDocument.open(file, table)
    keeper = Keeper(document, store(vault, mount, project), mount)
    added = {}
    for entry in chosen(document, names, every):
        added[entry] = newest(document, entry) + 1
        if added[entry] > _options.MAX_VERSION:
            raise ConfigError(f"{entry} has the highest possible version; remove it first")
        document.add(entry, added[entry], keeper.keep(entry, added[entry]))
    write(file, document)
    lines = [
        f"{name}: version {version} added; {document.primary(name)} still signs"
        for name, version in added.items()
    ]
    lines += [f"set it before you roll the file out: {name}={value}" for name, value in keeper.to_set.items()]
    say(as_json, {"file": str(file), "added": added, "setVariables": keeper.to_set}, lines)


class Keeper:
    """Stores each new version in the same store as its previous version."""

    def __init__(self, document: KeyDocument, named: Store | None, mount: str) -> None:
        """`named` is the store selected on the command line, or None."""
        self._document = document
        self._named = named
        self._mount = mount
        self._environment = InEnvironment()

    @property
    def to_set(self) -> dict[str, str]:
        """The environment variables that the operator must set."""
        return self._environment.to_set

    def keep(self, entry: str, version: int) -> Secret:
        """Stores a new secret as a version of an entry."""
        kept = self._document.kept(entry)
        section = self._document.section(entry)
        kind, reference = (None, None) if kept is None else (kept[0], json.loads(kept[1]))
        where = self._named or self._of_kind(entry, kind)
        same = kind == {InVault: "vault", InGoogle: "google", InEnvironment: "env"}.get(type(where))
        return where.keep(section, entry, version, made.fresh(), reference if same else None)

    def _of_kind(self, entry: str, kind: str | None) -> Store:
        if kind is None:
            return Written()
        if kind == "vault":
            return InVault(vault_client(), None, self._mount)
        if kind == "env":
            return self._environment
        if kind == "google":
            raise ConfigError(
                f"{entry} is stored in Google Secret Manager; pass the project: --google PROJECT"
            )
        raise ConfigError(
            f"{entry} is stored in {kind}, where this command cannot write; pass --vault or --google"
        )


@keys.command()
@click.argument("file", type=FILE)
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every entry.")
@click.option("--version", type=VERSION, help="The version that will sign; default: the newest.")
@click.option(
    "--retire-after",
    type=DAYS,
    metavar="DAYS",
    help="The number of days after which the other versions should be retired.",
)
@_options.table
@command
def promote(
    file: Path,
    names: tuple[str, ...],
    every: bool,
    version: int | None,
    retire_after: int | None,
    table: str | None,
    as_json: bool,
) -> None:
    """Make another version the primary. The other versions are still accepted. To undo a promotion, promote
    the old version."""
    document = KeyDocument.open(file, table)
    date = None if retire_after is None else day(retire_after).isoformat()
    done = []
    for entry in chosen(document, names, every):
        wanted = newest(document, entry) if version is None else version
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
    "--version", type=VERSION, help="The version to remove; required if there are several old versions."
)
@click.option(
    "--quiet-for",
    type=SECONDS,
    metavar="SECONDS",
    help="The time for which the version must have been unused.",
)
@click.option("--force", is_flag=True, help="Remove it even if it may be in use.")
@_options.table
@usage.options
@command
def retire(
    file: Path,
    name: str,
    version: int | None,
    quiet_for: float | None,
    force: bool,
    table: str | None,
    metrics_url: tuple[str, ...],
    prometheus: str | None,
    status_dir: Path | None,
    as_json: bool,
) -> None:
    """Remove an old version, unless a running service signs with it or has accepted it recently.

    A version is old if its number is lower than the primary's. A version with a higher number has not been
    promoted yet.
    """
    document = KeyDocument.open(file, table)
    entry = document.known(name)
    gone = old_version(document, entry, version, force)
    where = usage.Where(metrics_url, prometheus, status_dir)
    if not force:
        quiet = usage.quiet_for(entry, quiet_for)
        reasons = usage.objections(where.uses(quiet), entry, gone, quiet, time.time())
        if reasons:
            hint = "" if where.named else "; pass --metrics-url, --prometheus or --status-dir"
            fail(
                f"{entry} version {gone} is not removed: {'; '.join(reasons)}{hint}. To remove it anyway: --force"
            )
    document.remove(entry, gone)
    write(file, document)
    data = {"file": str(file), "entry": entry, "retired": gone}
    say(
        as_json,
        data,
        [f"{entry}: version {gone} is removed; reload, then destroy its secret where it is stored"],
    )


@keys.command()
@click.argument("file", type=FILE, required=False)
@click.option(
    "--quiet-for",
    type=SECONDS,
    metavar="SECONDS",
    help="The time for which an old version must have been unused.",
)
@_options.table
@usage.options
@command
def status(
    file: Path | None,
    quiet_for: float | None,
    table: str | None,
    metrics_url: tuple[str, ...],
    prometheus: str | None,
    status_dir: Path | None,
    as_json: bool,
) -> None:
    """Show the key versions in the file and in the running services, when each version was last accepted,
    and whether it can be retired."""
    where = usage.Where(metrics_url, prometheus, status_dir)
    if file is None and not where.named:
        fail("pass a key file, or a source of usage data: --metrics-url, --prometheus or --status-dir", 2)
    uses = where.uses(usage.QUIET_FOR_S if quiet_for is None else quiet_for)
    rows = rows_of(versions_of(file, table, uses), uses, quiet_for)
    head = ("entry", "version", "signs", "services", "accepted", "last accepted", "retire")
    say(as_json, rows, output_table(head, [shown(each, asked=where.named) for each in rows]))


Listed = tuple[str, int, bool]  # the entry, the version, and whether it signs


def versions_of(file: Path | None, table: str | None, uses: list[usage.Use]) -> list[Listed]:
    """Returns all versions in the file, or without a file the versions that the services report."""
    if file is not None:
        document = KeyDocument.open(file, table)
        return [
            (name, version, version == document.primary(name))
            for name in document.names()
            for version in document.versions(name)
        ]
    signing = {
        (use.name, use.version): any(
            other.primary for other in uses if (other.name, other.version) == (use.name, use.version)
        )
        for use in uses
    }
    return [(name, version, primary) for (name, version), primary in sorted(signing.items())]


def rows_of(listed: list[Listed], uses: list[usage.Use], asked: float | None) -> list[dict[str, Any]]:
    """Returns the lines of the status report as JSON data."""
    signing = {name: version for name, version, primary in listed if primary}
    return [row(name, version, signing.get(name), uses, asked) for name, version, _ in listed]


def row(
    name: str, version: int, signing: int | None, uses: list[usage.Use], asked: float | None
) -> dict[str, Any]:
    """Returns one line of the status report as JSON data. Only versions below the primary can be
    retired."""
    own = [use for use in uses if (use.name, use.version) == (name, version)]
    last = max((use.last_accepted for use in own if use.last_accepted is not None), default=None)
    try:
        quiet = usage.quiet_for(name, asked)
        reasons = usage.objections(uses, name, version, quiet, time.time())
    except ConfigError as unknown:
        reasons = [str(unknown)]
    if signing is not None and version > signing:
        reasons = [f"newer than version {signing}, which signs; promote it first"]
    primary = version == signing
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
    """Returns the columns of a report line as text. `asked` is true if services were queried."""
    last = found["lastAccepted"]
    when = "never" if last is None else f"{usage.ago(time.time() - last)} ago"
    if found["primary"]:
        verdict = ""
    elif found["retirable"]:
        verdict = good("safe")
    else:
        verdict = bad("; ".join(found["objections"])) if asked else "unknown: no service was queried"
    signs = "yes" if found["primary"] else ""
    counted = [str(found["services"]), str(found["accepted"]), when] if asked else ["-", "-", "-"]
    return [found["entry"], str(found["version"]), signs, *counted, verdict]


def chosen(document: KeyDocument, names: tuple[str, ...], every: bool) -> list[str]:
    """Returns the entries selected on the command line."""
    if every == bool(names):
        fail("pass the names of entries, or --all", 2)
    if every:
        return document.names()
    return list(dict.fromkeys(document.known(name) for name in names))


def newest(document: KeyDocument, entry: str) -> int:
    """Returns the highest version number of an entry."""
    versions = document.versions(entry)
    if not versions:
        raise ConfigError(f"{entry} has no versions; generate its first one")
    return versions[-1]


def old_version(document: KeyDocument, entry: str, version: int | None, force: bool) -> int:
    """Returns the version to remove, which must be below the primary unless `force` is true."""
    primary = document.primary(entry)
    versions = document.versions(entry)
    if version is None:
        old = [each for each in versions if each < primary]
        if len(old) != 1:
            raise ConfigError(
                f"{entry} has {len(old)} old versions, below version {primary}, which signs; "
                "select the one to remove with --version"
            )
        return old[0]
    if version not in versions:
        raise ConfigError(f"{entry} has no version {version}; it has {', '.join(map(str, versions))}")
    if version == primary:
        raise ConfigError(f"{entry} version {version} signs; promote another version first")
    if version > primary and not force:
        raise ConfigError(
            f"{entry} version {version} is newer than version {primary}, which signs, so it is not promoted yet; "
            "to remove it anyway: --force"
        )
    return version


def write(file: Path, document: KeyDocument) -> None:
    """Validates the changed file and writes it."""
    document.check(False)
    if document.holds_secrets:
        write_private(file, document.text())
    else:
        rewrite(file, document.text())


def store(vault: str | None, mount: str, project: str | None) -> Store | None:
    """Returns the store selected on the command line for new secrets, or None."""
    if vault and project:
        raise ConfigError("pass only one of --vault and --google")
    if vault:
        return InVault(vault_client(), vault, mount)
    if project:
        return InGoogle(google_client(), project)
    return None


def day(days: int) -> date:
    """Returns the UTC date after this number of days."""
    return (datetime.now(UTC) + timedelta(days=days)).date()

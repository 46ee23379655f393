"""The command `sealwire token`, which issues and inspects connection strings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from sealwire import ConnectionString, TokenRejected
from sealwire.cli import _options
from sealwire.cli._options import FILE, MINUTES
from sealwire.cli._output import bad, command, fail, good, say
from sealwire.cli._ring import ring_of

PERMISSIONS = {"read": 0, "write": 1}


@click.group()
def token() -> None:
    """Issue and inspect connection strings."""


@token.command()
@click.option(
    "--keys", "keys_file", type=FILE, required=True, help="The key file, which must contain an issuer."
)
@click.option("--account", required=True, metavar="UUID")
@click.option("--tenant", metavar="UUID")
@click.option("--subscription", metavar="UUID")
@click.option("--role", "roles", multiple=True, metavar="NAME:read|write", help="Repeatable.")
@click.option("--minutes", type=MINUTES, default=60, show_default=True, help="Its lifetime.")
@_options.table
@command
def issue(
    keys_file: Path,
    account: str,
    tenant: str | None,
    subscription: str | None,
    roles: tuple[str, ...],
    minutes: int,
    table: str | None,
    as_json: bool,
) -> None:
    """Issue a connection string with the primary issuer key."""
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
    try:
        text = ConnectionString.issue(
            ring_of(keys_file, table), account, expires, [role(each) for each in roles], tenant, subscription
        )
    except ValueError as refused:
        fail(str(refused), 2)
    say(as_json, {"connectionString": text, "expires": expires.isoformat()}, [text])


def role(text: str) -> tuple[str, int]:
    """Parses a role with its permission: name:read or name:write."""
    name, _, permission = text.rpartition(":")
    if not name or permission not in PERMISSIONS:
        fail(f"{text!r} is not a role; write it as name:read or name:write", 2)
    return name, PERMISSIONS[permission]


@token.command()
@click.argument("text")
@click.option("--keys", "keys_file", type=FILE, help="Verify it with this key file.")
@_options.table
@command
def inspect(text: str, keys_file: Path | None, table: str | None, as_json: bool) -> None:
    """Show the contents of a connection string. With --keys, also verify it."""
    try:
        found = ConnectionString.inspect(text.strip())
        if keys_file is not None:
            found = ConnectionString.verify(text.strip(), ring_of(keys_file, table))
    except TokenRejected as rejected:
        data = {"verified": False, "reason": rejected.reason, "code": rejected.native_code}
        say(as_json, data, [bad(f"rejected: {rejected.reason} {rejected.native_code or ''}".rstrip())])
        raise SystemExit(1) from None
    say(as_json, told(found), lines(found))


def told(found: ConnectionString) -> dict[str, object]:
    """Returns the contents of a token as JSON data."""
    return {
        "verified": found.verified,
        "account": str(found.account),
        "tenant": found.tenant and str(found.tenant),
        "subscription": found.subscription and str(found.subscription),
        "expires": found.expires.isoformat(),
        "roles": [{"name": name, "write": bool(permission)} for name, permission in found.roles],
        "keyVersion": found.key_version,
    }


def lines(found: ConnectionString) -> list[str]:
    """Returns the contents of a token as lines of text."""
    data = told(found)
    roles = ", ".join(f"{name} ({'write' if permission else 'read'})" for name, permission in found.roles)
    shown = [
        f"{name:13} {data[name]}" for name in ("account", "tenant", "subscription", "expires", "keyVersion")
    ]
    verdict = (
        good("verified and not expired") if found.verified else bad("not verified; pass --keys to verify it")
    )
    return [*shown, f"{'roles':13} {roles or 'none'}", verdict]

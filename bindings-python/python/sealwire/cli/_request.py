"""The commands `sealwire sign` and `sealwire verify`."""

from __future__ import annotations

import re
import shlex
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from sealwire import Identity, Rejected, Signer, Verifier
from sealwire._errors import ConfigError
from sealwire._native import SCHEMES, read_capture, split_url
from sealwire._words import Scheme
from sealwire.cli import _options
from sealwire.cli._input import MAX_BODY_BYTES, content_of
from sealwire.cli._output import bad, command, fail, good, say
from sealwire.cli._ring import ring_of

FILE = _options.FILE_OR_INPUT
KEYS = click.option(
    "--keys", "keys_file", type=_options.FILE, required=True, help="The key file: TOML, JSON or .env."
)
WEAK = click.option("--allow-weak", is_flag=True, help="Accept secrets under 32 bytes.")
SCHEME = click.option("--scheme", "schemes", multiple=True, type=click.Choice(SCHEMES), help="Repeatable.")


@click.command()
@click.argument("method")
@click.argument("url")
@KEYS
@click.option("--as", "name", required=True, metavar="NAME", help="The sender.")
@click.option("--to", "receiver", default="", metavar="SERVICE", help="The service to call, for pair keys.")
@SCHEME
@click.option("--user-id", help="The user of the request.")
@click.option("--data", help="The body; @FILE reads it from a file.")
@click.option("--header", "-H", "headers", multiple=True, help='As "Name: value"; repeatable.')
@_options.table
@WEAK
@command
def sign(
    method: str,
    url: str,
    keys_file: Path,
    name: str,
    receiver: str,
    schemes: tuple[Scheme, ...],
    user_id: str | None,
    data: str | None,
    headers: tuple[str, ...],
    table: str | None,
    allow_weak: bool,
    as_json: bool,
) -> None:
    """Sign a request and print a curl command that sends the request."""
    body = body_of(data)
    given = [split_header(header) for header in headers]
    signer = Signer(name, ring_of(keys_file, table, allow_weak=allow_weak), schemes=schemes or None)
    signed = signer.sign(method, url, headers=given, body=body, receiver=receiver, user_id=user_id)
    say(as_json, signed, [curl(method, url, [*given, *signed.items()], data)])


def curl(method: str, url: str, headers: list[tuple[str, str]], data: str | None) -> str:
    """Returns a curl command that is quoted for a shell. `--data-binary` makes curl send the body
    unchanged."""
    url = normalised(url)
    # With `-X HEAD`, curl waits for a body that does not follow. curl does not accept `--head` with a body.
    words = ["curl", "-i", *(["--head"] if method == "HEAD" and data is None else ["-X", method])]
    # curl expands brackets and braces in URLs.
    words += ["--globoff", url] if any(each in url for each in "[]{}") else [url]
    for name, value in headers:
        # curl removes a header without a value that ends in a colon.
        words += ["-H", f"{name}: {value}" if value else f"{name};"]
    if data is not None:
        if not any(name.lower() == "content-type" for name, _ in headers):
            words += ["-H", "Content-Type: application/json"]
        words += ["--data-binary", data]
    return shlex.join(words)


def normalised(url: str) -> str:
    """Returns an absolute URL as it was signed, because curl normalises URLs in another way."""
    if url.startswith("/"):
        return url
    scheme, authority, target = split_url(url)
    return f"{scheme}://{authority}{target}"


def body_of(data: str | None) -> bytes | None:
    """Returns the body for the option `--data`, whose value has the same format as in curl."""
    if data is None or not data.startswith("@"):
        return None if data is None else data.encode()
    try:
        return content_of(Path(data[1:]), "--data", MAX_BODY_BYTES)
    except OSError as cause:
        raise ConfigError(f"{data[1:]} cannot be read: {cause.strerror}") from None


def split_header(text: str) -> tuple[str, str]:
    """Returns the name and the value of a header such as `Name: value`."""
    name, colon, value = text.partition(":")
    if not colon:
        fail(f'{text!r} is not a header; write "Name: value"', 2)
    return name.strip(), value.strip()


@click.command()
@click.argument("captured", type=FILE)
@KEYS
@click.option("--service", required=True, help="The service that received it.")
@SCHEME
@click.option("--at", metavar="TIME", help="The time of arrival: Unix seconds or ISO 8601; default: now.")
@_options.table
@WEAK
@command
def verify(
    captured: Path,
    keys_file: Path,
    service: str,
    schemes: tuple[Scheme, ...],
    at: str | None,
    table: str | None,
    allow_weak: bool,
    as_json: bool,
) -> None:
    """Verify a CAPTURED request. `sealwire explain` accepts the same formats. Pass - to read standard input.

    A capture without a body is verified with an empty body.
    """
    method, target, headers, body = read_capture(content_of(captured, "CAPTURED"))
    ring = ring_of(keys_file, table, allow_weak=allow_weak)
    # A captured request is not checked for replays, because only the service stores the nonces.
    verifier = Verifier(
        service, ring, schemes=schemes or SCHEMES, external_replay_store=True, authorities="any"
    )
    try:
        identity = verifier.verify(method, target, headers, body or b"", now_ms=moment_ms(at))
    except Rejected as rejected:
        say(as_json, told(rejected), [bad(str(rejected))])
        raise SystemExit(1) from None
    say(
        as_json,
        shown(identity),
        [good(f"valid: from {identity.sender}, {identity.scheme}, key version {identity.key_version}")],
    )


MAX_SECONDS: Final = 253_402_300_799  # the last second of the year 9999


def moment_ms(text: str | None) -> int:
    """Converts the value of a time option to Unix milliseconds."""
    if text is None:
        return int(time.time() * 1000)
    advice = "pass Unix seconds, or ISO 8601 with its zone"
    try:
        number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text, re.ASCII)
        seconds = float(text) if number else datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        raise ConfigError(f"{text} is not a time; {advice}") from None
    if not 0 <= seconds <= MAX_SECONDS:
        raise ConfigError(f"{text} is not a time from 1970 to 9999; {advice}")
    return int(seconds * 1000)


def told(rejected: Rejected) -> dict[str, object]:
    """Returns a rejection as JSON data."""
    return {
        "valid": False,
        "reason": rejected.reason,
        "scheme": rejected.scheme,
        "sender": rejected.sender,
        "keyVersion": rejected.key_version,
        "ageMs": rejected.age_ms,
        "field": rejected.field,
        "publicText": rejected.public_text,
    }


def shown(identity: Identity) -> dict[str, object]:
    """Returns an identity as JSON data."""
    return {
        "valid": True,
        "sender": identity.sender,
        "scheme": identity.scheme,
        "keyVersion": identity.key_version,
        "userId": identity.user_id,
        "ageMs": identity.age_ms,
    }

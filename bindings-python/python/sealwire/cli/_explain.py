"""The command `sealwire explain`, which finds the cause of a rejection. The native module contains the
analysis."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final

import click

from sealwire._errors import SealwireError
from sealwire._native import KeyRing, explain_rejection
from sealwire.cli import _options
from sealwire.cli._input import content_of, last_line_of
from sealwire.cli._output import command, fail, good, of_system
from sealwire.cli._request import FILE, KEYS, SCHEME, WEAK
from sealwire.cli._ring import ring_of

REFUSED: Final = 2


@click.command()
@click.argument("captured", type=FILE)
@KEYS
@click.option(
    "--service", default="", help="The service that rejected it. Required unless the scheme is client."
)
@click.option("--log", "line", help="The verifier's log line; @FILE reads the last line of a file.")
@click.option("--sent", type=FILE, help="The same request, as captured at the sender.")
@click.option("--at", metavar="TIME", help="The time of arrival: Unix seconds or ISO 8601.")
@click.option("--past", type=_options.WINDOW, metavar="SECONDS", help="The past window of the service.")
@click.option("--future", type=_options.WINDOW, metavar="SECONDS", help="The future window of the service.")
@click.option("--prefix", metavar="PATH", help="A path prefix that a proxy removes.")
@click.option("--host", "hosts", multiple=True, help="A host that the sender may have called. Repeatable.")
@click.option("--authority", "authorities", multiple=True, help="A host of authorities. Repeatable.")
@click.option(
    "--ignore-authority", "ignoreAuthority", is_flag=True, help="The service's setting ignore_authority."
)
@SCHEME
@click.option("--url-scheme", type=click.Choice(["http", "https"]), help="The service's setting scheme.")
@click.option("--entry", type=click.IntRange(0), help="The index of the request, if there are several.")
@_options.table
@WEAK
@command
def explain(
    captured: Path,
    keys_file: Path,
    line: str | None,
    sent: Path | None,
    table: str | None,
    allow_weak: bool,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - click passes the other options by name
) -> None:
    """Find out why a CAPTURED request was rejected.

    CAPTURED is a file that contains raw HTTP/1, the output of curl -v, a HAR file, JSON, a browser's "copy
    as cURL" or "copy as fetch", or a log record. Pass - to read standard input. The request can be captured
    at the receiver or at the sender. Also pass the log line of the receiver. Secrets, signatures and bodies
    are not printed.

    The exit code is 0 if the cause was found, 1 if it was not found, and 2 if the input is invalid.
    """
    try:
        request = {
            "captureBase64": base64_of(captured, "CAPTURED"),
            "sentBase64": None if sent is None else base64_of(sent, "--sent"),
            "log": text_of(line),
            "scheme": given.pop("url_scheme"),
            **given,
        }
        keys = ring_of(keys_file, table, allow_weak=allow_weak)
        data, text, code = explained(keys, request)
    except SealwireError as error:
        fail(str(error), REFUSED)
    except OSError as error:
        fail(of_system(error), REFUSED)
    if as_json:
        click.echo(data)
    else:
        lines = text.rstrip("\n").split("\n")
        click.echo("\n".join(good(each) if each.startswith("culprit: ") else each for each in lines))
    raise SystemExit(code)


def explained(keys: KeyRing, request: dict[str, object]) -> tuple[str, str, int]:
    """Explains a request. Members without a value are omitted."""
    given = {
        name: value
        for name, value in request.items()
        if value not in (None, (), "") or (name == "sentBase64" and value is not None)
    }
    return explain_rejection(keys, json.dumps(given))


def base64_of(file: Path, argument: str) -> str:
    """Returns the content of a file in base64. `-` is standard input."""
    return base64.b64encode(content_of(file, argument)).decode()


def text_of(line: str | None) -> str:
    """Returns a log line. If the argument is `@FILE`, returns the last line of the file."""
    if line is None or not line.startswith("@"):
        # Python represents argument bytes that are not UTF-8 as lone surrogates.
        return (line or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return last_line_of(Path(line[1:]), "--log")

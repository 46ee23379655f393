"""A captured request: raw HTTP, an entry of a HAR file, or JSON."""

from __future__ import annotations

import base64
import binascii
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from sealwire._errors import ConfigError

Parsed: TypeAlias = Any  # a piece of a file, before it was checked

SHOWN_DIGITS: Final = (
    16  # of a hash: enough to compare by eye, and what was hashed cannot be guessed at leisure
)


@dataclass(frozen=True, slots=True)
class Captured:
    """A request as one side saw it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target's query, without the question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """A header's value, the first if there are several."""
        return next((value for held, value in self.headers if held.lower() == name.lower()), None)

    def with_header(self, name: str, value: str) -> Captured:
        """Returns a copy with another value of an existing header."""
        headers = tuple((held, value if held.lower() == name.lower() else old) for held, old in self.headers)
        return replace(self, headers=headers)

    def with_path(self, path: str) -> Captured:
        """Returns a copy with another path."""
        return replace(self, target=f"{path}?{self.query}" if "?" in self.target else path)

    def parts(self) -> dict[str, str]:
        """The parts that a signature can cover, each as the start of its hash."""
        found = {
            "method": self.method.encode(),
            "path": self.path.encode(),
            "query": self.query.encode(),
            "body": self.body,
        }
        # Secrets that travel as headers stay out; what signs is in the others.
        headers = {name.lower(): value.encode() for name, value in self.headers if name.lower() not in UNTOLD}
        return {name: fingerprint(value) for name, value in {**found, **headers}.items()}


# Headers that are secrets, or that every hop makes its own.
UNTOLD: Final = {"authorization", "cookie", "proxy-authorization", "connection", "accept-encoding", "via"}


def fingerprint(value: bytes) -> str:
    """The start of a value's hash, and its length."""
    return f"{sha256(value).hexdigest()[:SHOWN_DIGITS]} ({len(value)} bytes)"


def read(file: Path, entry: int = 0) -> Captured:
    """Reads a capture; `-` is standard input. `entry` is the place in a HAR file."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as cause:
        raise ConfigError(f"{file} cannot be read: {cause.strerror}") from None
    try:
        return of_json(content, entry) if content.lstrip().startswith(b"{") else of_raw(content)
    except ConfigError:  # is a ValueError, with a sentence of its own
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ConfigError(
            f"{file} is not a captured request; give raw HTTP, a HAR file, "
            'or JSON such as {"method": "GET", "url": "/path", "headers": {}, "body": ""}'
        ) from None


def of_raw(content: bytes) -> Captured:
    """HTTP/1.1 as on the wire, or as an editor saved it."""
    separator = b"\r\n\r\n" if b"\r\n\r\n" in content else b"\n\n"
    head, _, body = content.partition(separator)
    lead, *lines = head.decode("latin-1").splitlines()
    method, target, *_ = lead.split(" ")
    headers = [line.split(":", 1) for line in lines if line.strip()]
    return Captured(
        method, origin_form(target), tuple((name.strip(), value.strip()) for name, value in headers), body
    )


def of_json(content: bytes, entry: int) -> Captured:
    """An entry of a HAR file, or an object in Sealwire's own format."""
    data = json.loads(content)
    if "log" in data:
        data = data["log"]["entries"][entry]["request"]
    headers = tuple(pairs(data.get("headers", {})))
    url = data.get("url") or data["target"]
    captured = Captured(text(data["method"]), origin_form(text(url)), headers, body_of(data))
    host = urlsplit(url).netloc
    if host and captured.header("host") is None:
        captured = replace(captured, headers=(("Host", host), *headers))
    return captured


def pairs(headers: Parsed) -> Iterable[tuple[str, str]]:
    """Headers as an object, a list of pairs, or HAR's list of objects."""
    if isinstance(headers, Mapping):
        return [(name, text(value)) for name, value in headers.items()]
    return [
        (text(each["name"]), text(each["value"]))
        if isinstance(each, Mapping)
        else (text(each[0]), text(each[1]))
        for each in headers
        # A HAR file of HTTP/2 lists pseudo-headers too; the authority is in the URL as well.
        if not (isinstance(each, Mapping) and each["name"].startswith(":"))
    ]


def text(value: Parsed) -> str:
    """A value that must be text which HTTP can carry."""
    if not isinstance(value, str):
        raise TypeError(type(value))
    value.encode()  # a lone surrogate, which JSON can hold, is an error here
    return value


def body_of(data: Mapping[str, Any]) -> bytes:
    """The body's bytes."""
    posted = data.get("postData") or {}
    if posted.get("encoding") == "base64" or "bodyBase64" in data:
        try:
            return base64.b64decode(posted.get("text") or data["bodyBase64"], validate=True)
        except binascii.Error as cause:
            raise ValueError from cause
    body = posted.get("text", data.get("body"))
    if body is None:
        return b""
    if not isinstance(body, str):
        raise ConfigError(
            "the body must be the text that was sent; JSON that was parsed and printed again differs"
        )
    return body.encode()


def origin_form(url: str) -> str:
    """The target of the request line, without the fragment."""
    if url.startswith("/"):
        return url.partition("#")[0]
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

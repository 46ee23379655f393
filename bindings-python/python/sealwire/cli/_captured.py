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

Parsed: TypeAlias = Any  # a part of a file before validation

SHOWN_DIGITS: Final = (
    16  # of a hash: enough to compare by eye, and what was hashed cannot be guessed at leisure
)


@dataclass(frozen=True, slots=True)
class Captured:
    """A request as captured by a client, server or proxy."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The target without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query of the target without the question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """Returns the value of a header. For repeated headers, this is the first value."""
        return next((value for held, value in self.headers if held.lower() == name.lower()), None)

    def with_header(self, name: str, value: str) -> Captured:
        """Returns a copy with another value for an existing header."""
        headers = tuple((held, value if held.lower() == name.lower() else old) for held, old in self.headers)
        return replace(self, headers=headers)

    def with_path(self, path: str) -> Captured:
        """Returns a copy with another path."""
        return replace(self, target=f"{path}?{self.query}" if "?" in self.target else path)

    def parts(self) -> dict[str, str]:
        """Returns the parts that a signature can cover, each as the first digits of its hash."""
        found = {
            "method": self.method.encode(),
            "path": self.path.encode(),
            "query": self.query.encode(),
            "body": self.body,
        }
        # Headers that contain secrets are excluded. Signatures are in other headers.
        headers = {name.lower(): value.encode() for name, value in self.headers if name.lower() not in UNTOLD}
        return {name: fingerprint(value) for name, value in {**found, **headers}.items()}


# Headers that contain secrets, or that proxies change.
UNTOLD: Final = {"authorization", "cookie", "proxy-authorization", "connection", "accept-encoding", "via"}


def fingerprint(value: bytes) -> str:
    """Returns the first digits of a value's hash, and the length of the value."""
    return f"{sha256(value).hexdigest()[:SHOWN_DIGITS]} ({len(value)} bytes)"


def read(file: Path, entry: int = 0) -> Captured:
    """Reads a captured request; `-` is standard input. `entry` is the index in a HAR file."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as cause:
        raise ConfigError(f"{file} cannot be read: {cause.strerror}") from None
    try:
        return of_json(content, entry) if content.lstrip().startswith(b"{") else of_raw(content)
    except ConfigError:  # ConfigError is a ValueError, but has its own message
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ConfigError(
            f"{file} is not a captured request; give raw HTTP, a HAR file, "
            'or JSON such as {"method": "GET", "url": "/path", "headers": {}, "body": ""}'
        ) from None


def of_raw(content: bytes) -> Captured:
    """Parses an HTTP/1.1 request as sent, or as saved by an editor."""
    separator = b"\r\n\r\n" if b"\r\n\r\n" in content else b"\n\n"
    head, _, body = content.partition(separator)
    lead, *lines = head.decode("latin-1").splitlines()
    method, target, version = lead.split(" ")
    headers = [line.split(":", 1) for line in lines if line.strip()]
    if not method.isalpha() or not version.startswith("HTTP/") or not headers:
        raise ValueError(lead)  # such as a line of an access log, or a curl command
    return Captured(
        method, origin_form(target), tuple((name.strip(), value.strip()) for name, value in headers), body
    )


def of_json(content: bytes, entry: int) -> Captured:
    """Parses an entry of a HAR file, or an object in Sealwire's format."""
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
    """Parses headers: an object, a list of pairs, or a list of objects as in HAR."""
    if isinstance(headers, Mapping):
        return [(name, text(value)) for name, value in headers.items()]
    return [
        (text(each["name"]), text(each["value"]))
        if isinstance(each, Mapping)
        else (text(each[0]), text(each[1]))
        for each in headers
        # HAR files of HTTP/2 contain pseudo-headers. The authority is also in the URL.
        if not (isinstance(each, Mapping) and each["name"].startswith(":"))
    ]


def text(value: Parsed) -> str:
    """Returns a value that must be text and valid in HTTP."""
    if not isinstance(value, str):
        raise TypeError(type(value))
    value.encode()  # fails for a lone surrogate, which JSON can contain
    return value


def body_of(data: Mapping[str, Any]) -> bytes:
    """Returns the bytes of the body."""
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
    """Returns the target of the request line without the fragment."""
    if url.startswith("/"):
        return url.partition("#")[0]
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

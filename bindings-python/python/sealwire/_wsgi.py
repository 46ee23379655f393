"""Reads requests and their bodies from WSGI environments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from http import HTTPStatus
from time import monotonic
from typing import Any, Final
from urllib.parse import quote

from sealwire._blocks import BLOCK_BYTES, Blocks
from sealwire._native import Pending
from sealwire._rejections import Response

Environ = dict[str, Any]

UNREADABLE: Final = b"\0"
# The environment entry for the key of a nonce that an outer middleware has already claimed in a shared
# store.
CLAIMED: Final = "sealwire.claimed"


class Body:
    """The body of a request. The middleware reads the body for verification, and then passes it to the
    application."""

    def __init__(self, environ: Environ) -> None:
        """`environ` is the environment of the request."""
        self._environ = environ
        self._source = environ["wsgi.input"]
        self._blocks = Blocks()
        self._is_read = False

    def read_into(self, pending: Pending, timeout: float) -> None:
        """Reads the complete body and adds it to `pending`. `timeout` is the maximum time in seconds. The
        time is checked after each read, so the server must limit the duration of a single read."""
        self._is_read = True
        ends = monotonic() + timeout
        for piece in self._pieces():
            self._blocks.append(piece)
            pending.update(piece)
            if monotonic() > ends:
                pending.time_out()

    def _pieces(self) -> Iterator[bytes]:
        terminated = bool(self._environ.get("wsgi.input_terminated"))
        if not terminated and "HTTP_TRANSFER_ENCODING" in self._environ:
            yield from chunks_of_uwsgi()
            return
        length = length_of(self._environ)
        while terminated or length > 0:
            piece = self._source.read(BLOCK_BYTES if terminated else min(BLOCK_BYTES, length))
            if not piece:
                return
            length -= len(piece)
            yield piece

    def hand_on(self) -> None:
        """Stores the complete body in the environment for the application. `CONTENT_LENGTH` is set for
        Django, which does not read beyond it. `wsgi.input_terminated` is set for Werkzeug, which otherwise
        does not read a chunked body.
        """
        if not self._is_read:
            return
        whole = b"".join(self._blocks.take())
        self._environ["wsgi.input"] = io.BytesIO(whole)
        self._environ["CONTENT_LENGTH"] = str(len(whole))
        self._environ["wsgi.input_terminated"] = True

    def hand_on_with_rest(self) -> None:
        """Replaces the input stream in the environment with a stream that returns the bytes already read,
        and then the remaining bytes from the server."""
        if earlier := b"".join(self._blocks.take()):
            self._environ["wsgi.input"] = io.BufferedReader(Rest(earlier, self._source))


def chunks_of_uwsgi() -> Iterator[bytes]:
    """Reads a chunked body if the server does not set `wsgi.input_terminated`.

    uWSGI has a function that reads such a body. Under other servers, the middleware cannot read the body,
    although the application may be able to. This function then returns an invalid body, so that the request
    is rejected only if its signature covers the body.
    """
    try:
        import uwsgi  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        yield UNREADABLE
        return
    while piece := uwsgi.chunked_read():
        yield piece


class Rest(io.RawIOBase):
    """A stream of bytes that were already read, followed by another stream."""

    def __init__(self, earlier: bytes, source: Any) -> None:  # noqa: ANN401 - PEP 3333 defines methods, but no type
        """`earlier` contains the bytes that were already read. `source` is the stream with the remaining
        bytes."""
        self._earlier = io.BytesIO(earlier)
        self._source = source

    def readable(self) -> bool:
        """Returns True."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """Reads bytes into a buffer and returns their number, or 0 at the end."""
        chunk = self._earlier.read(len(buffer)) or self._source.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def target_of(environ: Environ) -> str:
    """Returns the raw target, in origin-form or absolute-form (RFC 9112 section 3.2). If the server does
    not report the raw target, the decoded path is encoded in the same way as by most clients."""
    raw: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if raw.startswith("/") or "://" in raw:
        return raw
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1", "replace")
    query = environ.get("QUERY_STRING", "")
    encoded = quote(path, safe="/:@!$&'()*+,;=~") or "/"
    return f"{encoded}?{query}" if query else encoded


def headers_of(environ: Environ) -> Iterator[tuple[str, str]]:
    """Returns the headers of a request, which WSGI stores as variables."""
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-"), value
        elif name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            yield name.replace("_", "-"), value


def length_of(environ: Environ) -> int:
    """Returns the value of `Content-Length`, or 0 if it is missing or not a number."""
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def request_of(environ: Environ, target: str) -> tuple[str, str, str]:
    """Returns the method, path and peer address for log records."""
    return environ["REQUEST_METHOD"], target.partition("?")[0], environ.get("REMOTE_ADDR") or ""


def send_response(response: Response, start_response: Any) -> list[bytes]:  # noqa: ANN401 - PEP 3333 defines no type
    """Sends the response to a rejected request."""
    status = HTTPStatus(response.status)
    start_response(f"{status.value} {status.phrase}", list(response.headers))
    return [response.body]

"""Verifies requests in front of any WSGI application: Flask, Django, Pyramid.

    app.wsgi_app = HMACAuthMiddleware(app.wsgi_app, service_name="practices")       # Flask
    application = HMACAuthMiddleware(get_wsgi_application(), service_name="...")    # Django

An accepted request reaches the application with its body to be read anew, and the environment says who sent it:
`sealwire.identity`, `sealwire.authenticated_service` and `sealwire.user_id`. All three are None on exempt paths, and
where the mode lets a rejected request pass. What the caller sends cannot set them: headers begin with `HTTP_`.

WSGI servers decode the path. The raw one is taken from where gunicorn, waitress, werkzeug, uWSGI and mod_wsgi keep it
(`RAW_URI`, `REQUEST_URI`); under a server that keeps none the path is encoded anew, as most clients encode it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any, Unpack
from urllib.parse import quote, urlsplit

from sealwire._errors import Rejected
from sealwire._guard import Guard, Heap, Options, Store, guard, table_and_store
from sealwire._native import Identity, KeyRing, Pending, ReplayTable
from sealwire._wsgi_responses import signed

__all__ = ["HMACAuthMiddleware"]

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

CHUNK_BYTES = 65_536


class HMACAuthMiddleware:
    """Lets only signed requests through to `app`; the arguments are those of `sealwire.asgi.HMACAuthMiddleware`."""

    def __init__(
        self,
        app: App,
        service_name: str,
        exempt_paths: Sequence[str] = (),
        *,
        keys: KeyRing | None = None,
        replay: ReplayTable | Heap | Store | None = None,
        sign_responses: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Makes the verifier, so that a wrong configuration stops the start.

        `sign_responses` tells callers who answered; it holds each answer back until it is whole.
        """
        table, self._store = table_and_store(replay)
        self.app = app
        self._sign_responses = sign_responses
        self._guard: Guard = guard(
            service_name, keys, table, exempt_paths, external_replay_store=self._store is not None, **options
        )

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Judges one request. The head is checked before a byte of the body is read."""
        began = perf_counter()
        target = target_of(environ)
        if self._guard.verifier.is_exempt(target.partition("?")[0]):
            return self._pass(None, environ, start_response)
        method = environ["REQUEST_METHOD"]
        body = Body(environ["wsgi.input"])
        try:
            identity = self._accept(environ, target, body)
        except Rejected as rejected:
            self._guard.reporter.rejected(rejected, method, target, perf_counter() - began)
            if rejected.mode != "enforce":
                environ["wsgi.input"] = body.and_rest()
                return self._pass(None, environ, start_response)
            turned_away = partial(answer, rejected)
            return self._answer(
                turned_away, rejected.sender, rejected.scheme, environ, target, start_response
            )
        self._guard.reporter.accepted(identity, method, target, perf_counter() - began)
        body.hand_on(environ)
        app = partial(self._pass, identity, environ)
        return self._answer(app, identity.sender, identity.scheme, environ, target, start_response)

    def _answer(
        self,
        call: Callable[[StartResponse], Iterable[bytes]],
        caller: str,
        scheme: str,
        environ: Environ,
        target: str,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        if not self._sign_responses:
            return call(start_response)
        # Read now: an application may change its environment.
        method, headers = environ["REQUEST_METHOD"], list(headers_of(environ))

        def sign(status: int, body: bytes) -> dict[str, str]:
            # The server leaves out the body of an answer to HEAD, so what arrives is empty.
            whole = b"" if method == "HEAD" else body
            return self._guard.verifier.sign_response(caller, scheme, method, target, headers, status, whole)

        return signed(call, start_response, sign)

    def _accept(self, environ: Environ, target: str, body: Body) -> Identity:
        pending = self._guard.verifier.begin(
            environ["REQUEST_METHOD"],
            target,
            list(headers_of(environ)),
            None,
            environ.get("wsgi.url_scheme", "http"),
        )
        body.read_into(pending, length_of(environ), bool(environ.get("wsgi.input_terminated")))
        if self._store is None:
            return pending.finish()
        proven = pending.prove()
        if proven.key is None:
            return proven.settle(True)
        return proven.settle(self._store.claim(proven.key, proven.expires))

    def _pass(
        self, identity: Identity | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        environ["sealwire.identity"] = identity
        environ["sealwire.authenticated_service"] = None if identity is None else identity.sender
        environ["sealwire.user_id"] = None if identity is None else identity.user_id
        return self.app(environ, start_response)


class Body:
    """A request's body: read once to verify it, then handed on."""

    def __init__(self, source: Any) -> None:  # noqa: ANN401 - PEP 3333 names a few methods, not a type
        """`source` is the server's `wsgi.input`."""
        self._source = source
        self._read: list[bytes] = []

    def read_into(self, pending: Pending, length: int, terminated: bool) -> None:
        """Reads to the end: `length` bytes, or all there are where the server ends the input itself."""
        while terminated or length > 0:
            chunk = self._source.read(CHUNK_BYTES if terminated else min(CHUNK_BYTES, length))
            if not chunk:
                return
            length -= len(chunk)
            self._read.append(chunk)
            pending.update(chunk)

    def hand_on(self, environ: Environ) -> None:
        """Gives the application the whole body, with its length: Django reads no other, chunked ones included."""
        whole = b"".join(self._read)
        environ["wsgi.input"] = io.BytesIO(whole)
        environ["CONTENT_LENGTH"] = str(len(whole))

    def and_rest(self) -> Any:  # noqa: ANN401 - as above
        """What was read, then whatever the server still has."""
        return io.BufferedReader(Rest(b"".join(self._read), self._source)) if self._read else self._source


class Rest(io.RawIOBase):
    """Bytes already read, followed by a stream."""

    def __init__(self, earlier: bytes, source: Any) -> None:  # noqa: ANN401 - as above
        """Reads `earlier` first."""
        self._earlier = io.BytesIO(earlier)
        self._source = source

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """Reads what fits."""
        chunk = self._earlier.read(len(buffer)) or self._source.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def target_of(environ: Environ) -> str:
    """The raw path and query."""
    raw: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if raw.startswith("/"):
        return raw
    if "://" in raw:  # the absolute form, which proxies are sent
        parts = urlsplit(raw)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1", "replace")
    query = environ.get("QUERY_STRING", "")
    encoded = quote(path, safe="/:@!$&'()*+,;=~") or "/"
    return f"{encoded}?{query}" if query else encoded


def headers_of(environ: Environ) -> Iterator[tuple[str, str]]:
    """The headers, which WSGI keeps among its variables."""
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-"), value
        elif name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            yield name.replace("_", "-"), value


def length_of(environ: Environ) -> int:
    """How long the body says it is."""
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def answer(rejected: Rejected, start_response: StartResponse) -> list[bytes]:
    """The rejection, as much of it as the caller may know."""
    body = json.dumps({"detail": rejected.public_text}).encode()
    status = HTTPStatus(rejected.status)
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
    )
    return [body]

"""A middleware that verifies requests before any WSGI application, such as Flask, Django or Pyramid.

    app.wsgi_app = HMACAuthMiddleware(app.wsgi_app, service_name="practices")       # Flask
    application = HMACAuthMiddleware(get_wsgi_application(), service_name="...")    # Django

The application receives an accepted request with exactly the body that was verified. The environment
contains the sender in `sealwire.identity`, `sealwire.authenticated_service` and `sealwire.user_id`. These
three values are None on exempt paths. If a rejected request is accepted because of the mode, these values
are also None, and `sealwire.rejection` contains the rejection. A client cannot set these variables, because
variables for headers begin with `HTTP_`.

WSGI servers decode the path. The middleware reads the raw path from `RAW_URI` or `REQUEST_URI`, which
gunicorn, waitress, werkzeug, uWSGI and mod_wsgi set. Under other servers, the middleware percent-encodes
the decoded path in the same way as most clients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter
from typing import Any, Unpack

from sealwire._documented import documented
from sealwire._errors import Rejected
from sealwire._guard import Guard, Heap, Options, Store, guard, table_and_store
from sealwire._native import Identity, KeyRing, Pending, ReplayTable, origin_form
from sealwire._rejections import usual_response
from sealwire._words import Strings
from sealwire._wsgi import CLAIMED, Body, Environ, headers_of, request_of, send_response, target_of
from sealwire._wsgi_responses import HeldResponse, private

__all__ = ["HMACAuthMiddleware"]

StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]


class HMACAuthMiddleware:
    """A WSGI middleware that verifies requests before it passes them to `app`.
    `sealwire.asgi.HMACAuthMiddleware` describes the arguments."""

    @documented("server")
    def __init__(
        self,
        app: App,
        service_name: str,
        exempt_paths: Strings = (),
        *,
        keys: KeyRing | None = None,
        replay: ReplayTable | Heap | Store | None = None,
        sign_responses: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Creates the verifier. Raises `ConfigError` for an invalid configuration."""
        table, self._store = table_and_store(replay, waits=True)
        self.app = app
        self._guard: Guard = guard(
            service_name,
            keys,
            table,
            () if exempt_paths is None else exempt_paths,
            external_replay_store=self._store is not None,
            sign_responses=sign_responses,
            waits=True,
            **options,
        )

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Verifies a request and passes it to the application. The head is verified before the body is
        read."""
        began = perf_counter()
        wire = target_of(environ)
        target = wire if wire.startswith("/") else origin_form(wire)
        reporter = self._guard.reporter
        if (root := environ.get("SCRIPT_NAME", "")) != self._guard.verifier.root_path:
            self._guard.warn_of_root(root)
        body = Body(environ)
        try:
            identity = self._accept(environ, wire, body)
        except Rejected as rejected:
            reporter.rejected(rejected, *request_of(environ, target), perf_counter() - began)
            if rejected.mode != "enforce":
                body.hand_on_with_rest()
                return self._pass(None, environ, start_response, rejected)
            usual = usual_response(rejected, reporter.service)
            respond = partial(send_response, self._guard.hooks.response(environ, rejected, usual))
            # Without a valid MAC, the response is not signed, because a signature would reveal which senders exist.
            if not rejected.mac_was_valid:
                return respond(start_response)
            return self._respond(respond, rejected.sender, rejected.scheme, environ, target, start_response)
        if identity is None:
            return self._pass(None, environ, start_response)
        reporter.accepted(identity, *request_of(environ, target), perf_counter() - began)
        body.hand_on()
        app = partial(self._pass_private, identity, environ)
        return self._respond(app, identity.sender, identity.scheme, environ, target, start_response)

    def _respond(
        self,
        call: Callable[[StartResponse], Iterable[bytes]],
        caller: str,
        scheme: str,
        environ: Environ,
        target: str,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        path = target.partition("?")[0]
        responses = self._guard.responses
        if not responses.covers(path, path.removeprefix(environ.get("SCRIPT_NAME", ""))):
            return call(start_response)
        # These values are read before the application is called, because the application can change the
        # environment.
        method, headers = environ["REQUEST_METHOD"], list(headers_of(environ))

        def sign(status: int, body: bytes) -> dict[str, str]:
            # The server does not send the body of a response to HEAD, so an empty body is signed.
            whole = b"" if method == "HEAD" else body
            return self._guard.verifier.sign_response(caller, scheme, method, target, headers, status, whole)

        held = HeldResponse(start_response, sign, responses, partial(responses.warn, method, path))
        return held.send(call(held.start_response))

    def _accept(self, environ: Environ, target: str, body: Body) -> Identity | None:
        """Returns the identity of the verified sender. Returns None if the path is exempt or the request is
        skipped."""
        hooks = self._guard.hooks
        if hooks.before_verification and hooks.begin(environ):
            return None
        try:
            pending = self._begin(environ, target)
        except Rejected as rejected:
            if hooks.lookup is None or not hooks.lookup.find(rejected):
                raise
            pending = self._begin(environ, target)
        if pending is None:
            return None
        if pending.reads_body:
            body.read_into(pending, self._guard.body_timeout)
        return self._claim(pending, environ)

    def _begin(self, environ: Environ, target: str) -> Pending | None:
        return self._guard.verifier.begin_wsgi(
            environ["REQUEST_METHOD"],
            target,
            list(headers_of(environ)),
            environ.get("wsgi.url_scheme", "http"),
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            environ.get("sealwire.identity"),
        )

    def _claim(self, pending: Pending, environ: Environ) -> Identity:
        if self._store is None:
            return pending.finish()
        proven = pending.prove()
        key = proven.key
        if key is None or key == environ.get(CLAIMED):
            return proven.settle(True)
        identity = proven.settle(self._store.claim(key, proven.expires))
        environ[CLAIMED] = key
        return identity

    def _pass_private(
        self, identity: Identity, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        return self._pass(identity, environ, private(start_response))

    def _pass(
        self,
        identity: Identity | None,
        environ: Environ,
        start_response: StartResponse,
        rejected: Rejected | None = None,
    ) -> Iterable[bytes]:
        environ["sealwire.rejection"] = rejected
        environ["sealwire.identity"] = identity
        environ["sealwire.authenticated_service"] = None if identity is None else identity.sender
        environ["sealwire.user_id"] = None if identity is None else identity.user_id
        return self.app(environ, start_response)

"""A middleware that verifies requests before any ASGI application, such as FastAPI, Starlette, Django, Quart
or Litestar.

    app.add_middleware(HMACAuthMiddleware, service_name="practices", exempt_paths=["/health"])

The middleware responds to a rejected request with the public message as JSON. The application receives an
accepted request with exactly the headers and the body that were verified. `request.state` contains the
sender in `authenticated_service`, `user_id` and `identity`. These three values are None on exempt paths. If
a rejected request is accepted because of the mode, these values are also None, and
`request.state.rejection` contains the rejection.

A WebSocket handshake is verified as a GET request without a body. The connection is accepted only after the
verification. Browsers cannot sign a handshake. If browsers connect to a path, list the path in `exempt_paths`
and authenticate the connection in the application.
"""

from __future__ import annotations

import logging
from logging import INFO
from time import perf_counter
from types import MethodType
from typing import Unpack

from sealwire._asgi import (
    CLAIMED,
    OBSERVED,
    App,
    Body,
    Receive,
    Scope,
    Send,
    at_start,
    clear_identity,
    refuse_start,
    refuse_websocket,
    repeated,
    request_of,
    send_response,
)
from sealwire._documented import documented
from sealwire._errors import ConfigError, Rejected
from sealwire._guard import AsyncStore, CheckedStore, Guard, Heap, Options, guard, table_and_store
from sealwire._lambda import EVENT, begin_in_lambda
from sealwire._native import Identity, KeyRing, Pending, ReplayTable, first_step
from sealwire._rejections import usual_response
from sealwire._report import current_context
from sealwire._responses import SigningSend, send_private, without_unseen
from sealwire._words import Strings

__all__ = ["HMACAuthMiddleware"]

logger = logging.getLogger("sealwire")
is_logged = logger.isEnabledFor


class HMACAuthMiddleware:
    """An ASGI middleware that verifies requests before it passes them to `app`."""

    @documented("server")
    def __init__(
        self,
        app: App,
        service_name: str,
        exempt_paths: Strings = (),
        *,
        keys: KeyRing | None = None,
        replay: ReplayTable | Heap | AsyncStore | None = None,
        sign_responses: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Creates the verifier. If the configuration is invalid, the server does not start.

        `keys` defaults to the pair secrets in the environment. `replay` defaults to a file that all workers
        share. `"heap"` is a table in the memory of this process. `exempt_paths` are compared with the path
        below `root_path`. A path that ends in `*` exempts all paths with this prefix. With
        `sign_responses`, each response is buffered until it is complete, and then signed.
        `max_signed_response`, `oversize_responses` and `unsigned_response_paths` determine which responses
        are not signed. `body_timeout` is the maximum time to receive a body, in seconds.
        `sealwire.Verifier` describes the other options.
        """
        self.app = app
        table, self._store = table_and_store(replay, waits=False)
        self._config_error: ConfigError | None = None
        try:
            self._guard: Guard = guard(
                service_name,
                keys,
                table,
                () if exempt_paths is None else exempt_paths,
                external_replay_store=self._store is not None,
                sign_responses=sign_responses,
                waits=False,
                **options,
            )
        except ConfigError as error:
            self._config_error = at_start(error)
            return
        self._begin = self._guard.verifier.begin_asgi
        # The duration of a verification is measured only if metrics are configured.
        self._timed = self._guard.reporter.metrics is not None
        self._prepares = self._timed or self._guard.responses.sign
        self._root_path = self._guard.verifier.root_path
        self._body_timeout = self._guard.body_timeout
        self._hooks = self._guard.hooks
        self._hooked = self._hooks.before_verification

    async def __call__(  # noqa: C901 - one function, because further calls would be slow
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Verifies a request and passes it to the application. The head is verified before the body is
        received."""
        if scope["type"] != "http" or self._config_error is not None:
            return await self._other_than_http(scope, receive, send)
        began = perf_counter() if self._timed else 0.0
        # The list is copied, because the server can append trailers to its list, and the application must
        # receive only verified headers.
        scope["headers"] = list(scope.get("headers") or ())
        # Attributes are bound to local variables, because attribute lookup on `self` is slower.
        app, begin = self.app, self._begin
        if (root := scope.get("root_path") or "") != self._root_path:
            self._guard.warn_of_root(root)
        if self._hooked and await self._hooks.begin_async(scope):
            clear_identity(scope)
            return await app(scope, receive, send)
        identity = message = body = None
        try:
            pending = begin_in_lambda(begin, scope) if EVENT in scope else begin(scope)
            if pending is not None:
                if pending.reads_body:
                    # Usually, a message with the complete body is available at once, so no time limit is
                    # needed.
                    steps = receive().__await__()
                    is_done, result = first_step(steps)
                    if is_done:
                        message = result
                    else:
                        body = Body(receive, self._body_timeout, pending)
                        message = await body.resume(result, steps)
                identity = pending.finish_asgi(message, scope) if self._store is None else None
        except Rejected as rejected:
            if body is None and message is None and self._hooked and await self._found_keys(rejected):
                return await self(scope, receive, send)
            return await self._reject(rejected, began, scope, repeated(receive, message), send)
        if identity is None:
            if pending is not None and body is None and message is not None:
                body = Body(receive, self._body_timeout, pending, message)
            return await self._verify_streamed(pending, body, began, scope, receive, send)
        if self._prepares or is_logged(INFO) or current_context():
            scope, send = self._prepared(identity, began, scope, send)
        return await app(scope, repeated(receive, message), MethodType(send_private, send))

    async def _found_keys(self, rejected: Rejected) -> bool:
        return self._hooks.lookup is not None and await self._hooks.lookup.find_async(rejected)

    async def _verify_streamed(
        self,
        pending: Pending | None,
        body: Body | None,
        began: float,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Handles the less common cases: exempt paths, bodies in several messages, and claims in a shared
        store."""
        if pending is None:
            clear_identity(scope)
            return await self.app(scope, receive, send)
        try:
            last = await body.receive_rest() if body else b""
            if last is None:
                return None  # the client has disconnected
            identity = await self._claim(pending, last, scope)
        except Rejected as rejected:
            return await self._reject(rejected, began, scope, body.again() if body else receive, send)
        identity.apply_to_scope(scope)
        scope, send = self._prepared(identity, began, scope, send)
        receive = body.again() if body else receive
        return await self.app(scope, receive, MethodType(send_private, send))

    async def _claim(self, pending: Pending, last: bytes, scope: Scope) -> Identity:
        if self._store is None:
            return pending.finish(last)
        proven = pending.prove(last)
        key = proven.key
        if key is None or key == scope.get(CLAIMED):
            return proven.settle(True)
        identity = proven.settle(await self._store.claim(key, proven.expires))
        scope[CLAIMED] = key
        return identity

    def _prepared(self, identity: Identity, began: float, scope: Scope, send: Send) -> tuple[Scope, Send]:
        """Reports an accepted request. Returns the scope and the `send` callable for the application. This
        `send` signs the response if this is configured."""
        taken = perf_counter() - began if self._timed else 0.0
        self._guard.reporter.accepted(identity, *request_of(scope), taken)
        if scope["type"] != "http" or not self._signs(scope):
            return scope, send
        return without_unseen(scope), self._signing(send, scope, identity.sender, identity.scheme)

    async def _reject(
        self, rejected: Rejected, began: float, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Reports a rejected request and responds to it. If the mode accepts the request, passes it to the
        application."""
        reporter = self._guard.reporter
        reporter.rejected(rejected, *request_of(scope), perf_counter() - began)
        if rejected.mode != "enforce":
            clear_identity(scope)
            scope["state"]["rejection"] = scope[OBSERVED] = rejected
            return await self.app(scope, receive, send)
        usual = usual_response(rejected, reporter.service)
        response = await self._hooks.response_async(scope, rejected, usual)
        if scope["type"] == "websocket":
            return await refuse_websocket(scope, receive, send, response, rejected.public_text)
        # Without a valid MAC, the response is not signed, because a signature would reveal which senders exist.
        if rejected.mac_was_valid and self._signs(scope):
            send = self._signing(send, scope, rejected.sender, rejected.scheme)
        return await send_response(scope, send, response)

    def _signs(self, scope: Scope) -> bool:
        path = scope["path"]
        return self._guard.responses.covers(path, path.removeprefix(scope.get("root_path") or ""))

    def _signing(self, send: Send, scope: Scope, caller: str, scheme: str) -> Send:
        return SigningSend(send, self._guard.verifier, scope, caller, scheme, self._guard.responses)

    async def _other_than_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._config_error is not None:
            return await refuse_start(self._config_error, scope, receive, send)
        if scope["type"] == "lifespan" and isinstance(self._store, CheckedStore):
            try:
                await self._store.check()
            except ConfigError as error:
                return await refuse_start(error, scope, receive, send)
        if scope["type"] != "websocket":
            return await self.app(scope, receive, send)
        return await self._verify_websocket(scope, receive, send)

    async def _verify_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verifies a WebSocket handshake, which is a GET request without a body."""
        began = perf_counter()
        if (root := scope.get("root_path") or "") != self._root_path:
            self._guard.warn_of_root(root)
        scope["headers"] = list(scope.get("headers") or ())
        skipped = self._hooked and await self._hooks.begin_async(scope)
        try:
            pending = None if skipped else self._begin(scope)
            identity = None if pending is None else await self._claim(pending, b"", scope)
        except Rejected as rejected:
            if self._hooked and await self._found_keys(rejected):
                return await self(scope, receive, send)
            return await self._reject(rejected, began, scope, receive, send)
        if identity is None:
            clear_identity(scope)
        else:
            identity.apply_to_scope(scope)
            scope, send = self._prepared(identity, began, scope, send)
        return await self.app(scope, receive, send)

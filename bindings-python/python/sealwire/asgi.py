"""Verifies requests in front of any ASGI application: FastAPI, Starlette, Django, Quart, Litestar.

    app.add_middleware(HMACAuthMiddleware, service_name="practices", exempt_paths=["/health"])

A rejected request is answered here, with a JSON body that tells the caller no more than it may know. An accepted one
reaches the application with its body as it was received, and `request.state` says who sent it:
`authenticated_service`, `user_id` and `identity`. All three are None on exempt paths, and where the mode lets a
rejected request pass.

Requests are covered, WebSockets and lifespan events pass untouched: a WebSocket needs an authentication of its own.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from functools import lru_cache
from logging import INFO
from time import perf_counter
from types import MethodType
from typing import Any, Unpack

from sealwire._errors import ConfigError, Rejected
from sealwire._guard import AsyncStore, Guard, Heap, Options, guard, table_and_store
from sealwire._native import Identity, KeyRing, Pending, ReplayTable
from sealwire._report import current_context
from sealwire._responses import SigningSend, without_unseen

__all__ = ["HMACAuthMiddleware"]

logger = logging.getLogger("sealwire")
is_logged = logger.isEnabledFor

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class HMACAuthMiddleware:
    """Lets only signed requests through to `app`."""

    def __init__(
        self,
        app: App,
        service_name: str,
        exempt_paths: Sequence[str] = (),
        *,
        keys: KeyRing | None = None,
        replay: ReplayTable | Heap | AsyncStore | None = None,
        sign_responses: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Makes the verifier, so that a wrong configuration stops the start.

        `keys` default to the pair secrets in the environment, `replay` to a file that all workers share; `"heap"` is for one process. `exempt_paths` are
        exact, or prefixes when they end in `*`. `sign_responses` tells callers who answered; it holds each answer back
        until it is whole, so event streams are not for it. For the other options see `sealwire.Verifier`;
        `enforce=False` is `mode="observe"`.
        """
        self.app = app
        table, self._store = table_and_store(replay)
        self._sign_responses = sign_responses
        self._passed_websocket = False
        self._config_error: ConfigError | None = None
        try:
            self._guard: Guard = guard(
                service_name,
                keys,
                table,
                exempt_paths,
                external_replay_store=self._store is not None,
                **options,
            )
            self._begin = self._guard.verifier.begin_asgi
            # Only metrics ask how long a verification took, and without them the clock need not be read.
            self._timed = self._guard.reporter.metrics is not None
            self._prepares = self._timed or sign_responses
        except ConfigError as error:
            self._config_error = at_start(error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judges one request. The head is checked before a byte of the body is asked for."""
        if scope["type"] != "http" or self._config_error is not None:
            return await self._pass_unjudged(scope, receive, send)
        began = perf_counter() if self._timed else 0.0
        # What is called is made a local variable first: looked up as if it were a method, it would be sought in the class.
        app, begin = self.app, self._begin
        identity = message = None
        try:
            pending = begin(scope)
            if pending is not None:
                message = await receive()
                # Most bodies come in one message; then one call does all the rest.
                identity = pending.finish_asgi(message, scope) if self._store is None else None
        except Rejected as rejected:
            read = [receive] if message is None else [receive, message]
            return await self._reject(rejected, began, read, scope, send)
        if identity is None:
            return await self._verify_streamed(pending, began, [receive, message], scope, send)
        if self._prepares or is_logged(INFO) or current_context():
            scope, send = self._prepared(identity, began, scope, send)
        return await app(scope, MethodType(receive_again, [receive, message]), send)

    async def _verify_streamed(
        self, pending: Pending | None, began: float, read: list[Any], scope: Scope, send: Send
    ) -> None:
        """Where the first message was not all: exempt paths, bodies in pieces, claims in a shared store."""
        if pending is None:
            clear_identity(scope)
            return await self.app(scope, read[0], send)
        try:
            identity = await self._accept(pending, scope, read)
        except Rejected as rejected:
            return await self._reject(rejected, began, read, scope, send)
        if identity is None:
            return None  # the client has gone while its request was pending, and nothing is done for it
        scope, send = self._prepared(identity, began, scope, send)
        return await self.app(scope, replayed(read), send)

    async def _accept(self, pending: Pending, scope: Scope, read: list[Any]) -> Identity | None:
        """Reads on under the cap, claims the nonce and tells the application. None when the client has gone."""
        receive, message = read
        while message["type"] != "http.disconnect" and message.get("more_body"):
            pending.update(message.get("body", b""))
            message = await receive()
            read.append(message)
        if message["type"] == "http.disconnect":
            return None
        identity = await self._claim(pending, message.get("body"))
        identity.apply_to_scope(scope)
        return identity

    async def _claim(self, pending: Pending, last: bytes | None) -> Identity:
        if self._store is None:
            return pending.finish(last)
        proven = pending.prove(last)
        key = proven.key
        if key is None:
            return proven.settle(True)
        return proven.settle(await self._store.claim(key, proven.expires))

    def _prepared(self, identity: Identity, began: float, scope: Scope, send: Send) -> tuple[Scope, Send]:
        """Reports an accepted request, and has its answer signed where that was asked for."""
        taken = perf_counter() - began if self._timed else 0.0
        self._guard.reporter.accepted(identity, scope["method"], scope["path"], taken)
        if not self._sign_responses:
            return scope, send
        return without_unseen(scope), self._signing(send, scope, identity.sender, identity.scheme)

    async def _reject(
        self,
        rejected: Rejected,
        began: float,
        read: list[Any],
        scope: Scope,
        send: Send,
    ) -> None:
        """Answers a rejected request; or lets it pass, as it came, where the mode says so."""
        self._guard.reporter.rejected(rejected, scope["method"], scope["path"], perf_counter() - began)
        if rejected.mode != "enforce":
            clear_identity(scope)
            return await self.app(scope, replayed(read), send)
        if self._sign_responses:
            send = self._signing(send, scope, rejected.sender, rejected.scheme)
        return await answer(send, rejected)

    def _signing(self, send: Send, scope: Scope, caller: str, scheme: str) -> Send:
        return SigningSend(send, self._guard.verifier, scope, caller, scheme)

    async def _pass_unjudged(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._config_error is not None:
            return await refuse_start(self._config_error, scope, receive, send)
        if scope["type"] == "websocket" and not self._passed_websocket:
            self._passed_websocket = True
            logger.warning(
                "WebSockets pass unverified: sealwire covers requests, so authenticate them yourself"
            )
        return await self.app(scope, receive, send)


def at_start(error: ConfigError) -> ConfigError:
    """Frameworks make their middleware when the server first calls them. An exception there reads as "no lifespan
    events here", and the server starts; so the error is kept for the one event whose failure stops it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise error from None
    return error


async def refuse_start(error: ConfigError, scope: Scope, receive: Receive, send: Send) -> None:
    """Fails the start-up; a server without that event gets the error itself."""
    if scope["type"] != "lifespan":
        raise error
    await receive()
    logger.critical("%s", error)
    await send({"type": "lifespan.startup.failed", "message": str(error)})


def clear_identity(scope: Scope) -> None:
    """Tells the application that nobody is known to have sent the request; see `Identity.apply_to_scope`."""
    state = scope.setdefault("state", {})
    state["identity"] = state["authenticated_service"] = state["user_id"] = None


def replayed(read: list[Any]) -> Receive:
    """The messages that were read, as they came, then whatever follows."""
    last_first(read)
    return MethodType(receive_again, read)


def last_first(read: list[Any]) -> None:
    """Turns the messages round, behind the server's own `receive`."""
    read[1:] = read[:0:-1]


async def receive_again(read: list[Any]) -> Message:
    """The next of the messages that were read, from the end, then whatever follows.

    As a method of the list: nothing else that can be called and holds something is made and called as quickly.
    """
    message: Message = read.pop() if len(read) > 1 else await read[0]()
    return message


async def answer(send: Send, rejected: Rejected) -> None:
    """The rejection, as much of it as the caller may know."""
    body = body_of(rejected.public_text)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": rejected.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=64)
def body_of(text: str) -> bytes:
    """The JSON in which FastAPI tells its own errors."""
    return json.dumps({"detail": text}).encode()

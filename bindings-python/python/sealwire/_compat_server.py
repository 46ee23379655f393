"""The ASGI middleware with the arguments of the earlier implementation."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from typing import Final, Unpack

from sealwire._asgi import App, Receive, Scope, Send
from sealwire._compat_lazy import LazyKeys
from sealwire._compat_secrets import secret_manager, with_primaries
from sealwire._documented import documented
from sealwire._errors import ConfigError
from sealwire._guard import AsyncStore, Heap, Options, is_on_heap
from sealwire._native import SERVICE_NAME_HEADER, KeyRing, ReplayTable
from sealwire._words import Strings
from sealwire.asgi import HMACAuthMiddleware as Middleware

logger = logging.getLogger("sealwire")

PUBLIC_PATHS: Final = ("/health", "/metrics")


class HMACAuthMiddleware(Middleware):
    """A `sealwire.asgi.HMACAuthMiddleware` with the defaults of the earlier implementation: the scheme
    `pairwise`, and `/health` and `/metrics` as exempt paths.

    The scheme does not sign the user id. To use `request.state.user_id`, set `trust_unsigned_user_id=True`.
    """

    _lazy: LazyKeys | None = None

    @documented("compat_server")
    def __init__(
        self,
        app: App,
        service_name: str,
        exempt_paths: Strings | None = None,
        *,
        keys: KeyRing | None = None,
        replay: ReplayTable | Heap | AsyncStore | None = None,
        sign_responses: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Like the base class, with other defaults for `schemes`, `exempt_paths` and `clock`."""
        if options.get("schemes") is None:
            options["schemes"] = ("pairwise",)
        if claims_in_this_process(replay, options):
            options.setdefault("clock", unix_milliseconds)
        super().__init__(
            NamedAsSent(app),
            service_name,
            PUBLIC_PATHS if exempt_paths is None else exempt_paths,
            keys=keys if keys is not None else self._ring_of(service_name),
            replay=replay,
            sign_responses=sign_responses,
            **options,
        )

    def _ring_of(self, service: str) -> KeyRing:
        if secret_manager.backend == "gcp":
            self._lazy = LazyKeys(service, secret_manager)
            return self._lazy.ring
        return ring_of(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verifies a request. If secrets are in Google Secret Manager, a new sender's secret is read before
        the verification."""
        if self._lazy is not None and scope["type"] in ("http", "websocket"):
            sender = next((value for name, value in scope["headers"] if name == SENDER_HEADER), b"")
            if self._lazy.is_due(name := sender.decode("latin-1")):
                await asyncio.to_thread(self._lazy.read, name)
        await super().__call__(scope, receive, send)


class NamedAsSent:
    """A wrapper for the application. It reports the sender's name as it was sent, like the earlier
    implementation."""

    def __init__(self, app: App) -> None:
        """`app` is the wrapped application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Replaces the canonical name in `request.state.authenticated_service` with the name as sent, and
        calls the application."""
        state = scope.get("state") or {}
        if (identity := state.get("identity")) is not None:
            state["authenticated_service"] = identity.name_as_sent
        await self._app(scope, receive, send)


def claims_in_this_process(replay: ReplayTable | Heap | AsyncStore | None, options: Options) -> bool:
    """Returns whether the middleware shares no replay store with other processes. The setting `clock`
    requires this."""
    if replay is None:
        return tuple(options["schemes"]) == ("pairwise",) and not options.get("claim_pairwise")
    return is_on_heap(replay)


def unix_milliseconds() -> int:
    """Returns the current Unix time in milliseconds from Python's clock, which tests can freeze. The
    signing functions of `sealwire.compat` use the same clock."""
    return time.time_ns() // 1_000_000


SENDER_HEADER: Final = SERVICE_NAME_HEADER.lower().encode()


def ring_of(service: str) -> KeyRing:
    """Returns the keys of a service from the environment. Short secrets are accepted with a warning, as in
    the earlier implementation."""
    # The highest version signs responses, as in the earlier implementation, unless a variable selects another
    # version.
    environ = with_primaries(os.environ)
    try:
        return KeyRing.from_env(service, environ=environ)
    except ConfigError as error:
        ring = KeyRing.from_env(service, environ=environ, allow_weak=True)
        logger.warning("a secret is too weak, rotate it: %s", error)
        return ring

"""The middleware with the arguments of the older one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final, Unpack

from sealwire._asgi import App
from sealwire._errors import ConfigError
from sealwire._guard import AsyncStore, Heap, Options
from sealwire._native import KeyRing, ReplayTable
from sealwire.asgi import HMACAuthMiddleware as Middleware

logger = logging.getLogger("sealwire")

PUBLIC_PATHS: Final = ("/health", "/metrics")


class HMACAuthMiddleware(Middleware):
    """`sealwire.asgi.HMACAuthMiddleware` for the `pairwise` scheme, with `/health` and `/metrics` exempt by default.

    The user id is unsigned in this scheme, so `request.state.user_id` needs `trust_unsigned_user_id=True`.
    """

    def __init__(
        self,
        app: App,
        service_name: str,
        exempt_paths: Sequence[str] | None = None,
        *,
        keys: KeyRing | None = None,
        replay: ReplayTable | Heap | AsyncStore | None = None,
        sign_responses: bool = False,
        **options: Unpack[Options],
    ) -> None:
        """Like the base class, with other defaults. `enforce` is True by default."""
        options.setdefault("schemes", ("pairwise",))
        super().__init__(
            app,
            service_name,
            PUBLIC_PATHS if exempt_paths is None else exempt_paths,
            keys=keys if keys is not None else ring_of(service_name),
            replay=replay,
            sign_responses=sign_responses,
            **options,
        )


def ring_of(service: str) -> KeyRing:
    """The service's keys from the environment; short ones are accepted, as before, with a warning."""
    try:
        return KeyRing.from_env(service)
    except ConfigError as error:
        ring = KeyRing.from_env(service, allow_weak=True)
        logger.warning("a secret is too weak, rotate it: %s", error)
        return ring

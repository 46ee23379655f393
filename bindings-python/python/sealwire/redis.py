"""Replay protection over several hosts, in Redis or Valkey.

    client = redis.asyncio.Redis(retry=Retry(NoBackoff(), 0))
    HMACAuthMiddleware(app, "practices", replay=AsyncRedisStore(client))

The client's own retries are turned off there: a claim that is sent again after its answer was lost meets itself and is
refused. Every request waits for its claim, so an answer is awaited for half a second at most; a client that waits itself,
for `RedisStore`, has to be told: `redis.Redis(socket_timeout=0.5, socket_connect_timeout=0.5, retry=..)`.

A nonce is claimed by `SET key 1 NX PXAT expiry`: one command on one key, so it is atomic, and safe in a cluster. The key
is a hash that tells nothing of the nonce. Run the server with `maxmemory-policy noeviction`: an evicted nonce could pass
again.

When the server does not answer, requests are refused with a 503: failing closed. With `fall_back=True` they are claimed in
this process's table instead, which stops replays to this process and none to others; each is counted in `fallbacks`.

`metrics=`, a `sealwire.metrics.Metrics`, shows how long the server takes, and what it did not answer.
"""

from __future__ import annotations

import asyncio
import logging
from time import perf_counter
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from sealwire._native import ReplayTable
from sealwire._report import StoreMetrics

if TYPE_CHECKING:
    import redis
    import redis.asyncio

__all__ = ["AsyncRedisStore", "RedisStore"]

logger = logging.getLogger("sealwire")

PREFIX: Final = "sealwire:replay:"
TIMEOUT_S: Final = 0.5
# Beyond this a server that hangs takes all workers with it before anybody looks.
PATIENT_S: Final = 5.0


class _Near:
    """What both stores keep in this process: a table of the nonces they claimed, and counts of what went wrong."""

    def __init__(
        self, prefix: str, near: ReplayTable | None, fall_back: bool, metrics: StoreMetrics | None
    ) -> None:
        self._prefix = prefix.encode()
        # What was claimed before this process is known to the server, so the table need not refuse it.
        self._near = near if near is not None else ReplayTable.heap(accept_older=True)
        self._fall_back = fall_back
        self._metrics = metrics
        self._down = False
        self.errors = 0
        """Claims that the server did not answer."""
        self.fallbacks = 0
        """Of those, how many were decided by this process's own table."""
        self.near_hits = 0
        """Replays that this process knew, so that the server was not asked."""

    def _name(self, key: bytes) -> bytes:
        return self._prefix + key.hex().encode()

    def _is_known(self, key: bytes) -> bool:
        if not self._near.seen(key):
            return False
        self.near_hits += 1
        if self._metrics is not None:
            self._metrics.store_spared()
        return True

    def _answered(self, key: bytes, expires: int, first: bool, began: float) -> bool:
        if self._metrics is not None:
            self._metrics.store_answered(perf_counter() - began)
        if self._down:
            self._down = False
            logger.warning("the replay store answers again", extra={"sealwire_event": "replay_store_up"})
        # Remembered here too, so that a replay to this process costs no round trip.
        self._near.claim(key, expires)
        return first

    def _failed(self, key: bytes, expires: int, error: Exception, began: float) -> bool | None:
        self.errors += 1
        if self._metrics is not None:
            self._metrics.store_failed(perf_counter() - began, fell_back=self._fall_back)
        if not self._down:
            self._down = True
            logger.error(
                "the replay store does not answer (%s): %s",
                type(error).__name__,
                self._advice(),
                extra={"sealwire_event": "replay_store_down"},
            )
        if not self._fall_back:
            return None
        self.fallbacks += 1
        return self._near.claim(key, expires)

    def _advice(self) -> str:
        if self._fall_back:
            return "replays to other processes are not seen until it does"
        return "requests are refused until it does"


class RedisStore(_Near):
    """For WSGI servers: claims through a `redis.Redis` or a cluster client."""

    def __init__(
        self,
        client: redis.Redis | redis.RedisCluster,
        *,
        prefix: str = PREFIX,
        near: ReplayTable | None = None,
        fall_back: bool = False,
        metrics: StoreMetrics | None = None,
    ) -> None:
        """Give the client time-outs and no retries, as above, or a hanging server hangs requests."""
        super().__init__(prefix, near, fall_back, metrics)
        self._client = client
        warn_if_patient(client)

    def claim(self, key: bytes, expires: int) -> bool | None:
        """True when `key` is new, False when it was claimed before, None when the server does not answer."""
        if self._is_known(key):
            return False
        began = perf_counter()
        try:
            first = self._client.set(self._name(key), b"1", nx=True, pxat=expires * 1000)
        except (RedisError, OSError) as error:
            return self._failed(key, expires, error, began)
        return self._answered(key, expires, bool(first), began)


class AsyncRedisStore(_Near):
    """For ASGI servers: claims through a `redis.asyncio.Redis` or a cluster client."""

    def __init__(
        self,
        client: redis.asyncio.Redis | redis.asyncio.RedisCluster,
        *,
        prefix: str = PREFIX,
        near: ReplayTable | None = None,
        fall_back: bool = False,
        metrics: StoreMetrics | None = None,
        timeout: float = TIMEOUT_S,
    ) -> None:
        """Give the client no retries, as above. `timeout` is how many seconds a claim waits for the server."""
        super().__init__(prefix, near, fall_back, metrics)
        self._client = client
        self._timeout = timeout

    async def claim(self, key: bytes, expires: int) -> bool | None:
        """True when `key` is new, False when it was claimed before, None when the server does not answer."""
        if self._is_known(key):
            return False
        began = perf_counter()
        try:
            async with asyncio.timeout(self._timeout):
                first = await self._client.set(self._name(key), b"1", nx=True, pxat=expires * 1000)
        except (RedisError, OSError) as error:
            return self._failed(key, expires, error, began)
        return self._answered(key, expires, bool(first), began)


def warn_if_patient(client: redis.Redis | redis.RedisCluster) -> None:
    """Says so at the start when a hanging server would hang requests."""
    settings = client.get_connection_kwargs()
    if (settings.get("socket_timeout") or float("inf")) >= PATIENT_S:
        logger.warning(
            "the Redis client waits too long for answers, and every request with it; make it with socket_timeout=%s",
            TIMEOUT_S,
        )

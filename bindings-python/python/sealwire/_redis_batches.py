"""Sends claims to Redis in batches.

A round trip to Redis takes about as long for many claims as for one. All claims made in one event-loop
iteration are therefore sent together, with a common timeout. Each claim has its own result or error.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import redis
from redis.exceptions import ResponseError

# The maximum number of claims in a batch. A claim has about 130 bytes, so this number limits the batch
# size.
BATCH: Final = 256
# The maximum number of batches in flight, which limits the number of connections. More batches wait, and
# the timeout includes this time.
IN_FLIGHT: Final = 8

# Reads have no timeout, because the batch has one. Without a read timeout, 32 claims take a fifth less
# time. Clients before version 8.1 do not support this option.
READ_TIMEOUT: Final = math.inf if redis.VERSION >= (8, 1) else None

Claim = tuple[bytes, int, "asyncio.Future[bool]"]
Send = Callable[[Any, list[Claim]], Awaitable[None]]


class Batches:
    """Collects claims and sends them in batches. An object can be used by only one event loop at a time,
    because the Redis client has the same limit."""

    def __init__(self, client: Any, timeout: float) -> None:  # noqa: ANN401 - `Redis` and `RedisCluster` share no base class
        """`timeout` is the maximum number of seconds to send a batch and to receive all results."""
        self._client = client
        self._timeout = timeout
        self._send: Send = by_connection if hasattr(client, "connection_pool") else by_pipeline
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._collected: list[Claim] = []
        self._running: set[asyncio.Task[None]] = set()

    async def claim(self, name: bytes, kept_ms: int) -> bool:
        """Stores the key `name` for `kept_ms` milliseconds, and returns whether the key is new. Raises the
        errors of the client, and `TimeoutError`."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._collected, self._running = loop, [], set()
            self._places = asyncio.Semaphore(IN_FLIGHT)
        result: asyncio.Future[bool] = loop.create_future()
        if not self._collected:
            self._start(self._send_collected())
        self._collected.append((name, kept_ms, result))
        return await result

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _send_collected(self) -> None:
        """Sends all collected claims. This task starts in the next event-loop iteration, when all claims of
        the current iteration have been collected."""
        claims, self._collected = self._collected, []
        for first in range(BATCH, len(claims), BATCH):
            self._start(self._send_batch(claims[first : first + BATCH]))
        await self._send_batch(claims[:BATCH])

    async def _send_batch(self, claims: list[Claim]) -> None:
        try:
            async with asyncio.timeout(self._timeout), self._places:
                await self._send(self._client, claims)
        except Exception as error:
            settle_all(claims, error)
        finally:
            settle_all(claims, ConnectionError("the batch was cancelled"))


async def by_connection(client: Any, claims: list[Claim]) -> None:  # noqa: ANN401
    """Sends a batch of claims over a connection from the client's pool."""
    pool = client.connection_pool
    connection = await pool.get_connection()
    is_in_step = False
    try:
        await connection.send_packed_command([b"".join(map(packed, claims))])
        for claim in claims:
            settle(claim, await response(connection))
        is_in_step = True
    finally:
        # The connection is closed after an error, because a later request would read the remaining responses of
        # this batch.
        if not is_in_step:
            await connection.disconnect(nowait=True)
        await pool.release(connection)


async def by_pipeline(client: Any, claims: list[Claim]) -> None:  # noqa: ANN401
    """Sends a batch of claims with a pipeline, for cluster clients. The client selects the connection for
    each key."""
    pipeline = client.pipeline()
    for name, kept_ms, _ in claims:
        pipeline.set(name, b"1", nx=True, px=kept_ms)
    for claim, result in zip(claims, await pipeline.execute(raise_on_error=False), strict=True):
        settle(claim, result)


async def response(connection: Any) -> object:  # noqa: ANN401
    """Reads the response to one command. Returns an error response as an exception object."""
    try:
        answer: object = await connection.read_response(timeout=READ_TIMEOUT)
    except ResponseError as error:
        return error
    return answer


def packed(claim: Claim) -> bytes:
    """Encodes `SET name 1 NX PX milliseconds` in the Redis protocol.

    The client's encoder is not used, because it would make a batch of 32 claims a third slower.
    """
    name, kept_ms, _ = claim
    kept = b"%d" % kept_ms
    return b"*6\r\n$3\r\nSET\r\n$%d\r\n%b\r\n$1\r\n1\r\n$2\r\nNX\r\n$2\r\nPX\r\n$%d\r\n%b\r\n" % (
        len(name),
        name,
        len(kept),
        kept,
    )


def settle(claim: Claim, result: object) -> None:
    """Sets the result or the error of a claim, unless the waiting request was cancelled."""
    future = claim[2]
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(bool(result))


def settle_all(claims: list[Claim], error: Exception) -> None:
    """Sets an error on all claims that have no result yet."""
    for claim in claims:
        settle(claim, error)

"""Batches of claims for Redis.

A request to Redis takes the same time for one claim or many. Therefore all claims in one iteration of the
event loop share a request and its timeout. Each claim has a separate result or error.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import redis
from redis.exceptions import ResponseError

# Limits the size of a request. A claim has about 130 bytes.
BATCH: Final = 256
# Limits the connections of a store. Further batches wait, within their timeout.
IN_FLIGHT: Final = 8

# The batch has a timeout, so its reads need none. This saves a fifth of the time for 32 claims. Older clients
# have no such option.
READ_TIMEOUT: Final = math.inf if redis.VERSION >= (8, 1) else None

Claim = tuple[bytes, int, "asyncio.Future[bool]"]
Send = Callable[[Any, list[Claim]], Awaitable[None]]


class Batches:
    """Collects claims and sends them. Like its client, it supports one event loop at a time."""

    def __init__(self, client: Any, timeout: float) -> None:  # noqa: ANN401 - `Redis` and `RedisCluster` share no base class
        """`timeout` is the time in seconds from the first claim of a batch to its last result."""
        self._client = client
        self._timeout = timeout
        self._send: Send = by_connection if hasattr(client, "connection_pool") else by_pipeline
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._collected: list[Claim] = []
        self._running: set[asyncio.Task[None]] = set()

    async def claim(self, name: bytes, kept_ms: int) -> bool:
        """Returns whether `name` was stored. Raises the errors of the client and `TimeoutError`."""
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
        """Starts in the next iteration of the event loop, after all claims of this iteration are
        collected."""
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
    """Sends claims over a connection from the client's pool."""
    pool = client.connection_pool
    connection = await pool.get_connection()
    is_in_step = False
    try:
        await connection.send_packed_command([b"".join(map(packed, claims))])
        for claim in claims:
            settle(claim, await response(connection))
        is_in_step = True
    finally:
        # A later request would receive the unread responses of this connection.
        if not is_in_step:
            await connection.disconnect(nowait=True)
        await pool.release(connection)


async def by_pipeline(client: Any, claims: list[Claim]) -> None:  # noqa: ANN401
    """Sends claims with a pipeline. A cluster client selects the connection for each key."""
    pipeline = client.pipeline()
    for name, kept_ms, _ in claims:
        pipeline.set(name, b"1", nx=True, px=kept_ms)
    for claim, result in zip(claims, await pipeline.execute(raise_on_error=False), strict=True):
        settle(claim, result)


async def response(connection: Any) -> object:  # noqa: ANN401
    """Returns the response to a command, or the error for this command."""
    try:
        answer: object = await connection.read_response(timeout=READ_TIMEOUT)
    except ResponseError as error:
        return error
    return answer


def packed(claim: Claim) -> bytes:
    """Encodes `SET name 1 NX PX milliseconds` in the Redis protocol.

    For batches of 32 claims, encoding with the client would increase the total time by a third.
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
    """Sets the result of a claim. The request may already be cancelled."""
    future = claim[2]
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(bool(result))


def settle_all(claims: list[Claim], error: Exception) -> None:
    """Sets an error for all claims without a result."""
    for claim in claims:
        settle(claim, error)

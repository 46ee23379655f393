"""Claims of one turn of the event loop, sent to Redis together.

One request costs a round trip whether it carries one claim or many. So the claims that arrive in one turn of the event
loop share a request and its time-out. Each claim has its own result or its own error.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import redis
from redis.exceptions import ResponseError

# Bounds the size of one request, at about 130 bytes for each claim.
BATCH: Final = 256
# Bounds the connections of one store. Batches beyond these wait, within their time-out.
IN_FLIGHT: Final = 8

# The batch has its time-out, so its reads need none: 32 claims then take a fifth less time. Older clients cannot switch it off.
READ_TIMEOUT: Final = math.inf if redis.VERSION >= (8, 1) else None

Claim = tuple[bytes, int, "asyncio.Future[bool]"]
Send = Callable[[Any, list[Claim]], Awaitable[None]]


class Batches:
    """Collects claims and sends them. For one event loop at a time, as its client."""

    def __init__(self, client: Any, timeout: float) -> None:  # noqa: ANN401 - `Redis` and `RedisCluster` share no base class
        """`timeout` is in seconds, from the first claim of a batch to its last result."""
        self._client = client
        self._timeout = timeout
        self._send: Send = by_connection if hasattr(client, "connection_pool") else by_pipeline
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._collected: list[Claim] = []
        self._running: set[asyncio.Task[None]] = set()

    async def claim(self, name: bytes, kept_ms: int) -> bool:
        """Returns whether `name` was stored. The errors are those of the client, and `TimeoutError`."""
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
        """Begins in the next turn of the event loop, so the claims of this turn are all collected."""
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
    """Sends claims over one connection of the client's pool."""
    pool = client.connection_pool
    connection = await pool.get_connection()
    is_in_step = False
    try:
        await connection.send_packed_command([b"".join(map(packed, claims))])
        for claim in claims:
            settle(claim, await response(connection))
        is_in_step = True
    finally:
        # A connection with unread responses would give them to the next request.
        if not is_in_step:
            await connection.disconnect(nowait=True)
        await pool.release(connection)


async def by_pipeline(client: Any, claims: list[Claim]) -> None:  # noqa: ANN401
    """Sends claims through a pipeline, in which a cluster client chooses the connection of each key."""
    pipeline = client.pipeline()
    for name, kept_ms, _ in claims:
        pipeline.set(name, b"1", nx=True, px=kept_ms)
    for claim, result in zip(claims, await pipeline.execute(raise_on_error=False), strict=True):
        settle(claim, result)


async def response(connection: Any) -> object:  # noqa: ANN401
    """The response to one command, or the error that the server gives to this command alone."""
    try:
        answer: object = await connection.read_response(timeout=READ_TIMEOUT)
    except ResponseError as error:
        return error
    return answer


def packed(claim: Claim) -> bytes:
    """`SET name 1 NX PX milliseconds` in the protocol of Redis.

    The client's own packing takes a third more time of the whole claim when 32 claims share a request.
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
    """Gives one claim its result. Its request may have gone meanwhile."""
    future = claim[2]
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(bool(result))


def settle_all(claims: list[Claim], error: Exception) -> None:
    """Gives each claim that has no result an error."""
    for claim in claims:
        settle(claim, error)

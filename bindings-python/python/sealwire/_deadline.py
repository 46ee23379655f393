"""A time limit for receiving a body, on asyncio and trio."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Generator
from time import monotonic
from types import coroutine
from typing import Any, TypeVar

from sealwire._native import Pending

T = TypeVar("T")


class Deadline:
    """A limit on the waiting time, measured from the first wait."""

    __slots__ = ("_ends", "_seconds", "pending")

    def __init__(self, seconds: float, pending: Pending) -> None:
        """`pending` waits for a body, for at most `seconds`."""
        self._seconds = seconds
        self.pending = pending
        self._ends: float | None = None

    async def within(self, awaitable: Awaitable[T]) -> T:
        """Returns the result of `awaitable`. Raises `Rejected` after the time-out. A timer starts only if the result
        is not ready, because a timer costs more than a verification.
        """
        steps = awaitable.__await__()
        try:
            pause = next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        return await self.after(pause, steps)

    async def after(self, pause: Any, steps: Generator[Any, Any, T]) -> T:  # noqa: ANN401 - the event loop's own object
        """Like `within`, for a coroutine that has run to its first `pause`."""
        if self._ends is None:
            self._ends = monotonic() + self._seconds
        try:
            async with time_limit(self._ends - monotonic()):
                return await resumed(pause, steps)
        except TimeoutError:
            self.pending.time_out()
            raise


@coroutine
def resumed(pause: Any, steps: Generator[Any, Any, T]) -> Generator[Any, Any, T]:  # noqa: ANN401 - the event loop's own object
    """Continues a coroutine that has run to its first `pause`."""
    while True:
        try:
            yield pause
        except BaseException as error:
            try:
                pause = steps.throw(error)
            except StopIteration as done:
                result: T = done.value
                return result
        else:
            return (yield from steps)


def time_limit(seconds: float) -> contextlib.AbstractAsyncContextManager[object]:
    """Returns a context manager that raises `TimeoutError` after `seconds`."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return trio_limit(seconds)
    return asyncio.timeout(seconds)


@contextlib.asynccontextmanager
async def trio_limit(seconds: float) -> AsyncIterator[None]:
    """Like `asyncio.timeout`, for servers on trio."""
    import trio  # type: ignore[import-not-found, unused-ignore]

    with trio.move_on_after(max(seconds, 0)) as scope:
        yield
    if scope.cancelled_caught:
        raise TimeoutError

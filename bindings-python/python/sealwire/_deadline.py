"""A time limit for receiving a body, under asyncio and trio."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Generator
from time import monotonic
from types import coroutine
from typing import Any, TypeVar

from sealwire._native import Pending, first_step

T = TypeVar("T")


class Deadline:
    """A time limit for receiving a body. It starts when the coroutine first waits."""

    __slots__ = ("_ends", "_seconds", "pending")

    def __init__(self, seconds: float, pending: Pending) -> None:
        """`pending` is the verification that waits for the body, and `seconds` is the maximum time."""
        self._seconds = seconds
        self.pending = pending
        self._ends: float | None = None

    async def within(self, awaitable: Awaitable[T]) -> T:
        """Returns the result of `awaitable`. Raises `Rejected` after the timeout. A timer is started only if
        the result is not available at once, because starting a timer takes longer than a verification.
        """
        steps = awaitable.__await__()
        is_done, result = first_step(steps)
        return result if is_done else await self.after(result, steps)

    async def after(self, pause: Any, steps: Generator[Any, Any, T]) -> T:  # noqa: ANN401 - the type depends on the event loop
        """Like `within`, but for a coroutine that has already run to its first suspension. `pause` is the
        object that it yielded there."""
        if self._ends is None:
            self._ends = monotonic() + self._seconds
        try:
            async with time_limit(self._ends - monotonic()):
                return await resumed(pause, steps)
        except TimeoutError:
            self.pending.time_out()
            raise


@coroutine
def resumed(pause: Any, steps: Generator[Any, Any, T]) -> Generator[Any, Any, T]:  # noqa: ANN401 - the type depends on the event loop
    """Continues an awaitable that has run to its first suspension, where it yielded `pause`.

    Follows `yield from` (PEP 380), because `__await__` can return an iterator that has only `__next__`.
    Granian's is an example.
    """
    try:
        while True:
            try:
                sent = yield pause
            except BaseException as error:
                pause = thrown(steps, error)
            else:
                if sent is None:
                    return (yield from steps)
                pause = steps.send(sent)
    except StopIteration as done:
        result: T = done.value
        return result


def thrown(steps: Generator[Any, Any, Any], error: BaseException) -> Any:  # noqa: ANN401 - the type depends on the event loop
    """Raises `error` in an iterator and returns what it yields next. Raises `error` here if the iterator has no
    `throw`."""
    if isinstance(error, GeneratorExit):
        if (close := getattr(steps, "close", None)) is not None:
            close()
        raise error
    if (throw := getattr(steps, "throw", None)) is None:
        raise error
    return throw(error)


def time_limit(seconds: float) -> contextlib.AbstractAsyncContextManager[object]:
    """Returns a context manager that raises `TimeoutError` after `seconds`."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return trio_limit(seconds)
    return asyncio.timeout(seconds)


@contextlib.asynccontextmanager
async def trio_limit(seconds: float) -> AsyncIterator[None]:
    """Like `asyncio.timeout`, for servers that use trio."""
    import trio  # type: ignore[import-not-found, unused-ignore]

    with trio.move_on_after(max(seconds, 0)) as scope:
        yield
    if scope.cancelled_caught:
        raise TimeoutError

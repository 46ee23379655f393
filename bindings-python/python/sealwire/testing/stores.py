"""Checks whether your own replay store conforms to the replay-store contract.

    async def test_store():
        await check_store(lambda: PostgresStore(pool), broken=lambda: PostgresStore(unreachable))

The section "Your own store" of docs/replay.md describes the contract.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import time
from collections import Counter
from collections.abc import Callable
from typing import Final, TypeAlias

from sealwire._guard import AsyncStore, Store

Make: TypeAlias = Callable[[], "AsyncStore | Store"]

KEY_BYTES: Final = 32
DISTINCT: Final = 200
RACING: Final = 32
KEPT_S: Final = 60
FAILS_WITHIN_S: Final = 10.0


class StoreFault(AssertionError):
    """A violation of the replay-store contract. The message contains the rule and the observed result."""


async def check_store(make: Make, *, broken: Make | None = None) -> None:
    """Raises `StoreFault` for the first rule that the store violates.

    `make` returns a new store object. All of these objects must use the same data, like the stores of
    several hosts. `broken` returns a store that cannot reach its data. The check takes about two seconds
    and adds about 300 claims to the data.
    """
    one, other = make(), make()
    await _claims_once(one, other)
    await _tells_keys_apart(one)
    await _decides_races(one, other)
    await _keeps_claims(one, other)
    if broken is not None:
        await _fails_closed(broken())


async def _claims_once(one: AsyncStore | Store, other: AsyncStore | Store) -> None:
    key = os.urandom(KEY_BYTES)
    _expect("a new key is claimed", True, await _claim(one, key))
    _expect("the same store recognises the key", False, await _claim(one, key))
    _expect("a second store recognises the key", False, await _claim(other, key))


async def _tells_keys_apart(store: AsyncStore | Store) -> None:
    start = os.urandom(KEY_BYTES - 2)
    keys = [start + number.to_bytes(2, "big") for number in range(DISTINCT)]
    keys += [bytes([byte]) + start + b"\0" for byte in (0x00, 0x0A, 0x27, 0x5C, 0xFF)]
    results = [await _claim(store, key) for key in keys]
    _expect("keys that differ in one byte are different keys", [True] * len(keys), results)


async def _decides_races(one: AsyncStore | Store, other: AsyncStore | Store) -> None:
    for _ in range(3):
        key = os.urandom(KEY_BYTES)
        stores = [one, other] * (RACING // 2)
        results = await asyncio.gather(*(_claim(store, key) for store in stores))
        _expect(
            f"of {RACING} claims at the same time one is first",
            {True: 1, False: RACING - 1},
            dict(Counter(results)),
        )


async def _keeps_claims(one: AsyncStore | Store, other: AsyncStore | Store) -> None:
    key, soon = os.urandom(KEY_BYTES), int(time.time()) + 2
    _expect("a key that expires soon is claimed", True, await _claim(one, key, soon))
    while time.time() < soon - 0.2:
        _expect("a claim is kept until it expires", False, await _claim(other, key, soon))
        await asyncio.sleep(0.3)


async def _fails_closed(store: AsyncStore | Store) -> None:
    try:
        result = await asyncio.wait_for(_claim(store, os.urandom(KEY_BYTES)), FAILS_WITHIN_S)
    except TimeoutError as error:
        raise StoreFault(
            f"a store without its data decides within {FAILS_WITHIN_S:.0f} s: it did not"
        ) from error
    _expect("a store without its data returns None", None, result)


async def _claim(store: AsyncStore | Store, key: bytes, expires: int | None = None) -> bool | None:
    """Claims a key. Calls a store for synchronous servers in a thread."""
    until = int(time.time()) + KEPT_S if expires is None else expires
    if inspect.iscoroutinefunction(store.claim):
        result: bool | None = await store.claim(key, until)
        return result
    decided = await asyncio.to_thread(store.claim, key, until)
    if inspect.isawaitable(decided):
        raise StoreFault(
            "claim is an async function or an ordinary one: it returned an awaitable from an ordinary one"
        )
    return decided


def _expect(rule: str, expected: object, observed: object) -> None:
    if observed != expected or type(observed) is not type(expected):
        raise StoreFault(f"{rule}: expected {expected!r}, observed {observed!r}")

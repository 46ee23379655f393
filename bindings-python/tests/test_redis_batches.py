"""Tests for claims that are sent to a real Redis server in one batch: the result of each claim, and the
limits."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest
import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sealwire._redis_batches import BATCH, IN_FLIGHT, by_connection, by_pipeline
from sealwire.redis import AsyncRedisStore

from .test_operations import redis_server

SOON = int(time.time()) + 60


def client(port, **options):
    return redis.asyncio.Redis(port=port, retry=Retry(NoBackoff(), 0), **options)


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def run(test, port, **options):
    async def connected():
        async with client(port, **options) as it:
            await test(it)

    asyncio.run(connected())


@pytest.fixture
def server(tmp_path):
    with redis_server(tmp_path) as (port, process):
        yield port, process


def calls(port) -> dict[str, int]:
    """Returns how many times the server has run each command."""
    with redis.Redis(port=port) as it:
        return {name: stats["calls"] for name, stats in it.info("commandstats").items()}


@pytest.mark.parametrize("send", [by_connection, by_pipeline])
def test_each_claim_of_a_batch_has_a_separate_outcome(server, send):
    port, _ = server

    async def test(it):
        one, other = AsyncRedisStore(it), AsyncRedisStore(it)
        one._batches._send = other._batches._send = send
        assert all(await asyncio.gather(*(one.claim(key(n), SOON) for n in range(0, 300, 3))))
        outcomes = await asyncio.gather(*(other.claim(key(n), SOON) for n in range(300)))
        assert outcomes == [n % 3 != 0 for n in range(300)]
        assert outcomes.count(None) == 0 and other.errors == 0

    run(test, port)


def test_the_same_nonce_twice_in_one_batch_is_accepted_once(server):
    port, _ = server

    async def test(it):
        stores = [AsyncRedisStore(it), AsyncRedisStore(it)]
        outcomes = await asyncio.gather(*(stores[n % 2].claim(key(7), SOON) for n in range(20)))
        assert sorted(outcomes) == [False] * 19 + [True]

    run(test, port)


def test_a_thousand_claims_use_few_connections_and_expire(server):
    port, _ = server

    async def test(it):
        store = AsyncRedisStore(it)
        outcomes = await asyncio.gather(*(store.claim(key(n), SOON) for n in range(4 * BATCH)))
        assert all(outcomes)
        assert len(await it.client_list()) <= IN_FLIGHT + 1
        remaining = await it.pttl(f"sealwire:replay:{key(1).hex()}")
        assert 0 < remaining <= 66_000

    run(test, port)
    # The store sends one additional claim to test the server.
    assert calls(port)["cmdstat_set"] == 4 * BATCH + 1


def test_an_error_for_one_key_does_not_affect_the_other_claims(server):
    port, _ = server

    async def test(it):
        await it.execute_command(
            "ACL", "SETUSER", "few", "on", "nopass", "+@all", "~sealwire:replay:*0", "~*trial*"
        )
        async with client(port, username="few", password="x") as limited:
            store = AsyncRedisStore(limited)
            outcomes = await asyncio.gather(*(store.claim(key(n), SOON) for n in range(32)))
            assert outcomes == [True if n % 16 == 0 else None for n in range(32)]
            assert store.faults == 30
            # The connection must still be usable.
            assert await store.claim(key(64), SOON) is True

    run(test, port)


def test_a_hanging_server_fails_each_claim_in_time_and_recovers(server):
    port, process = server

    async def test(it):
        store = AsyncRedisStore(it, timeout=0.3)
        assert await store.claim(key(0), SOON) is True
        process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        outcomes = await asyncio.gather(*(store.claim(key(n), SOON) for n in range(1, 600)))
        assert set(outcomes) == {None}
        assert time.monotonic() - began < 2
        process.send_signal(signal.SIGCONT)
        assert all(await asyncio.gather(*(store.claim(key(n), SOON) for n in range(1000, 1100))))
        assert store.errors == 599

    run(test, port)


def test_a_killed_server_fails_each_claim(server):
    port, process = server

    async def test(it):
        store = AsyncRedisStore(it)
        assert await store.claim(key(0), SOON) is True
        process.kill()
        process.wait()
        outcomes = await asyncio.gather(*(store.claim(key(n), SOON) for n in range(1, 40)))
        assert set(outcomes) == {None}

    run(test, port)


def test_a_cancelled_claim_does_not_stop_the_others(server):
    port, _ = server

    async def test(it):
        store = AsyncRedisStore(it)
        await store.check()
        tasks = [asyncio.ensure_future(store.claim(key(n), SOON)) for n in range(10)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(outcomes[0], asyncio.CancelledError)
        assert outcomes[1:] == [True] * 9
        # The cancelled claim was already sent to the server, so its key counts as claimed.
        assert await AsyncRedisStore(it).claim(key(0), SOON) is False

    run(test, port)


def test_a_store_moves_to_a_new_event_loop(server):
    port, _ = server
    stores = []

    async def test(it):
        store = stores[0] if stores else AsyncRedisStore(it)
        stores.append(store)
        store._client = store._batches._client = it
        assert await store.claim(key(len(stores)), SOON) is True

    for _ in range(3):
        run(test, port)

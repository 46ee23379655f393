"""Kills the primary while nonces are claimed, and tests which claims the new primary has. The tests run with
sentinels and with a Redis cluster."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from sealwire.redis import AsyncRedisStore

sys.path.insert(0, str(Path(__file__).resolve().parent))

from redis_hosts import NAME, clustered, watched_by_sentinels

# Claims that are older than this when the primary is killed must exist on the new primary. Replication takes
# milliseconds.
REPLICATED_S = 1.0
FAILOVER_S = 30
KEPT_S = 300
CONCURRENT = 8
BATCH = 200

Make = Callable[[], AsyncRedisStore]


async def survives(make: Make, kill: Callable[[], None]) -> dict[str, int]:
    """Kills a Redis server while clients claim nonces. Then waits until the store works again, and claims all nonces again."""
    claimed: dict[bytes, float] = {}
    undecided = 0
    stop = asyncio.Event()

    async def load(store: AsyncRedisStore) -> None:
        nonlocal undecided
        while not stop.is_set():
            key = os.urandom(32)
            first = await store.claim(key, int(time.time()) + KEPT_S)
            assert first is not False, "a new key was reported as claimed"
            if first:
                claimed[key] = time.monotonic()
            else:
                undecided += 1
            await asyncio.sleep(0.005)

    store = make()
    tasks = [asyncio.ensure_future(load(store)) for _ in range(CONCURRENT)]
    await asyncio.sleep(2)
    killed = time.monotonic()
    await asyncio.to_thread(kill)
    await asyncio.sleep(2)
    await decided(make)
    stop.set()
    await asyncio.gather(*tasks)
    return await recount(make, claimed, undecided, killed)


async def decided(make: Make) -> None:
    """Waits until a new store object can claim 64 new nonces without a failure."""
    deadline = time.monotonic() + FAILOVER_S
    while True:
        store = make()
        results = [await store.claim(os.urandom(32), int(time.time()) + KEPT_S) for _ in range(64)]
        if all(results):
            return
        assert time.monotonic() < deadline, f"claims still fail {FAILOVER_S} s after the failover"
        await asyncio.sleep(0.5)


async def recount(make: Make, claimed: dict[bytes, float], undecided: int, killed: float) -> dict[str, int]:
    """Claims every nonce again with a new store object, which has no local record of the claims."""
    store = make()
    keys = list(claimed)
    again: list[bytes] = []
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        first = await asyncio.gather(*(store.claim(key, int(time.time()) + KEPT_S) for key in batch))
        assert None not in first, "a claim had no result after the failover"
        again += [key for key, is_first in zip(batch, first, strict=True) if is_first]
    old = [key for key in again if claimed[key] < killed - REPLICATED_S]
    assert len(claimed) > 500 and undecided > 0, "too few claims during the failover"
    return {
        "claimed": len(claimed),
        "undecided": undecided,
        "lost": len(again),
        "lost although replicated": len(old),
    }


def run(what: str, test: Callable[[], Awaitable[dict[str, int]]]) -> None:
    figures = asyncio.run(test())
    print(f"\n{what}: {figures}")
    assert figures["lost although replicated"] == 0
    # Only claims that had not been replicated when the server was killed may be lost.
    assert figures["lost"] <= figures["claimed"] // 10


def test_after_a_failover_with_sentinels_the_new_primary_has_the_claims():
    with watched_by_sentinels() as (servers, primary, sentinels):

        def make() -> AsyncRedisStore:
            watchers = Sentinel([("127.0.0.1", port) for port in sentinels], socket_timeout=1)
            return AsyncRedisStore(watchers.master_for(NAME, retry=Retry(NoBackoff(), 0), socket_timeout=1))

        run("sentinels", lambda: survives(make, lambda: servers.kill(primary)))


def test_after_a_failover_in_a_cluster_the_new_primary_has_the_claims():
    with clustered() as (servers, primaries):

        def make() -> AsyncRedisStore:
            nodes = [redis.asyncio.cluster.ClusterNode("127.0.0.1", port) for port in primaries]
            cluster = redis.asyncio.RedisCluster(
                startup_nodes=nodes, retry=Retry(NoBackoff(), 0), socket_timeout=1
            )
            return AsyncRedisStore(cluster)

        run("cluster", lambda: survives(make, lambda: servers.kill(primaries[0])))

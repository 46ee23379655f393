"""Measures the CPU time per claim of a nonce in Redis with an asynchronous client. The Redis server runs on
loopback."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import redis.asyncio
import uvloop
from harness import run_async
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sealwire import ReplayTable
from sealwire.redis import AsyncRedisStore

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/support"))

from network import free_port, running

KEPT_S = 60
PER_ROUND = 640

Claim = Callable[[bytes], Awaitable[bool | None]]


def claims(row: str, rounds: int, concurrent: int) -> None:
    """Measures claims, with `concurrent` requests in flight at a time."""
    with server() as port:
        loop = uvloop.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(measured(row, rounds, concurrent, port))
        loop.close()


async def measured(row: str, rounds: int, concurrent: int, port: int) -> None:
    def client() -> redis.asyncio.Redis:
        return redis.asyncio.Redis(port=port, retry=Retry(NoBackoff(), 0))

    store, by_hand, table = AsyncRedisStore(client()), client(), ReplayTable.heap(accept_older=True)

    async def in_store(nonce: bytes) -> bool | None:
        return await store.claim(nonce, int(time.time()) + KEPT_S)

    async def by_command(nonce: bytes) -> bool | None:
        return await by_hand.set(nonce.hex(), b"1", nx=True, px=KEPT_S * 1000)

    async def in_table(nonce: bytes) -> bool | None:
        return table.claim(nonce, int(time.time()) + KEPT_S)

    subjects = {"sealwire": in_store, "SET by hand": by_command, "heap table": in_table}
    await run_async(row, rounds, {name: subject(claim, concurrent) for name, claim in subjects.items()})


def subject(claim: Claim, concurrent: int) -> Callable[[], Awaitable[float]]:
    async def worker() -> None:
        for _ in range(PER_ROUND // concurrent):
            if not await claim(os.urandom(16)):
                raise AssertionError("a new nonce was rejected")

    async def measured() -> float:
        started = time.process_time_ns()
        await asyncio.gather(*(worker() for _ in range(concurrent)))
        return (time.process_time_ns() - started) / PER_ROUND

    return measured


@contextlib.contextmanager
def server() -> Iterator[int]:
    """Runs a Redis server without persistence and yields its port."""
    program = os.environ.get("REDIS_SERVER") or shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is not installed; run `make setup`")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        with running([program, *settings], port, stdout=subprocess.DEVNULL):
            yield port

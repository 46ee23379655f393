"""Tests for `sealwire.testing.check_store`, with stores that fulfil the replay-store contract and stores that
violate it."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sealwire.redis import AsyncRedisStore
from sealwire.testing import StoreFault, check_store

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples/postgres"))
sys.path.insert(0, str(ROOT / "tests/support"))

from postgres_store import PostgresStore  # noqa: E402 - the module is in examples/postgres
from redis_server import redis_server  # noqa: E402 - the module is in tests/support

CREATE = "create table sealwire_replay (key bytea primary key, expires timestamptz not null)"


def program(name: str) -> str:
    """Returns the path of a PostgreSQL program, because these programs are not in PATH on Debian."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(versions[-1]) if versions else shutil.which(name)
    assert found, f"{name} of PostgreSQL is missing; run scripts/setup-system stores"
    return found


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Runs a PostgreSQL server on a Unix socket, and yields its connection string."""
    with tempfile.TemporaryDirectory(prefix="sealwire-postgres-") as folder:
        as_user = []
        if os.geteuid() == 0:  # The server refuses to run as root.
            shutil.chown(folder, "nobody")
            as_user = ["setpriv", "--reuid=nobody", "--clear-groups"]
        data = f"{folder}/data"
        make = [program("initdb"), "--pgdata", data, "--username=sealwire", "--auth=trust", "--no-sync"]
        subprocess.run([*as_user, *make], check=True, stdout=subprocess.DEVNULL)
        control = [*as_user, program("pg_ctl"), "--pgdata", data, "--wait"]
        settings = f"-c listen_addresses= -c unix_socket_directories={folder}"
        start = [*control, "--options", settings, "--log", f"{folder}/log", "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
        try:
            yield f"host={folder} user=sealwire dbname=postgres"
        finally:
            subprocess.run([*control, "--mode=immediate", "stop"], check=True, stdout=subprocess.DEVNULL)


def pool(where: str, seconds: float = 5) -> psycopg_pool.AsyncConnectionPool:
    """Returns a connection pool that waits up to `seconds` for a free connection."""
    return psycopg_pool.AsyncConnectionPool(where, open=False, timeout=seconds, max_size=8)


def test_the_postgres_example_respects_the_contract():
    async def check(where: str) -> None:
        async with pool(where) as connections, pool("host=/nonexistent", 1) as unreachable:
            async with connections.connection() as connection:
                await connection.execute(CREATE)
            await check_store(lambda: PostgresStore(connections), broken=lambda: PostgresStore(unreachable))

    with postgres() as where:
        asyncio.run(check(where))


def test_a_stopped_postgres_server_fails_closed():
    async def claim(where: str) -> bool | None:
        async with pool(where, 1) as connections:
            return await PostgresStore(connections).claim(os.urandom(32), 2_000_000_000)

    with postgres() as where:
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(CREATE)
        assert asyncio.run(claim(where)) is True
    assert asyncio.run(claim(where)) is None


def test_the_redis_store_respects_the_contract(tmp_path):
    async def check(port: int) -> None:
        def client(number: int) -> redis.asyncio.Redis:
            return redis.asyncio.Redis(port=number, retry=Retry(NoBackoff(), 0))

        await check_store(lambda: AsyncRedisStore(client(port)), broken=lambda: AsyncRedisStore(client(1)))

    with redis_server(tmp_path) as server:
        asyncio.run(check(server.port))


class Memory:
    """A store that fulfils the contract within one process."""

    def __init__(self, claimed: set[bytes]) -> None:
        self.claimed = claimed

    async def claim(self, key: bytes, expires: int) -> bool | None:
        if key in self.claimed:
            return False
        self.claimed.add(key)
        return True


class Racy(Memory):
    """A store that reads and writes in two separate steps, so two claims of the same nonce can both succeed."""

    async def claim(self, key, expires):
        known = key in self.claimed
        await asyncio.sleep(0)
        self.claimed.add(key)
        return not known


class Text(Memory):
    """A store that truncates keys at the first zero byte."""

    async def claim(self, key, expires):
        return await super().claim(key.partition(b"\0")[0], expires)


class Forgetful(Memory):
    """A store that discards claims that expire soon."""

    async def claim(self, key, expires):
        first = await super().claim(key, expires)
        if expires - time.time() < 10:
            self.claimed.discard(key)
        return first


class Truthy(Memory):
    """A store that returns integers instead of booleans."""

    async def claim(self, key, expires):
        return int(await super().claim(key, expires))


class Open(Memory):
    """A store that accepts every claim, like a store that ignores errors."""

    async def claim(self, key, expires):
        return True


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (Racy, "at the same time"),
        (Text, "differ in one byte"),
        (Forgetful, "kept until it expires"),
        (Truthy, "a new key is claimed"),
        (Open, "recognises the key"),
    ],
)
def test_a_store_that_violates_a_rule_is_detected(kind, rule):
    claimed: set[bytes] = set()
    with pytest.raises(StoreFault, match=rule):
        asyncio.run(check_store(lambda: kind(claimed)))


def test_stores_that_do_not_share_their_data_are_detected():
    with pytest.raises(StoreFault, match="a second store"):
        asyncio.run(check_store(lambda: Memory(set())))


def test_a_store_that_fails_open_is_detected():
    claimed: set[bytes] = set()
    with pytest.raises(StoreFault, match="returns None"):
        asyncio.run(check_store(lambda: Memory(claimed), broken=lambda: Open(set())))


def test_a_store_for_synchronous_servers_is_checked_in_threads():
    lock_free: set[bytes] = set()

    class Sync:
        def claim(self, key, expires):
            if key in lock_free:
                return False
            lock_free.add(key)
            return True

    asyncio.run(check_store(Sync))

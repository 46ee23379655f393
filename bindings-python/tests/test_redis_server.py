"""Tests for the Redis stores with servers that cannot store nonces: the error messages, and the fallback to
the local table."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time

import pytest
import redis
import redis.asyncio
from network import free_port
from sealwire import ConfigError, KeyRing
from sealwire.asgi import HMACAuthMiddleware
from sealwire.redis import MARGIN_MS, AsyncRedisStore, RedisStore

from .conftest import CLIENT_SECRET, ok
from .test_operations import IMPATIENT, redis_server


def key() -> bytes:
    return time.time_ns().to_bytes(32, "big")


def soon() -> int:
    return int(time.time()) + 60


def sync_error(port, client=None, **options) -> str:
    """Returns the error that a WSGI service raises at startup."""
    with pytest.raises(ConfigError) as raised:
        RedisStore(redis.Redis(port=port, **IMPATIENT, **(client or {})), fall_back=True, **options)
    return str(raised.value)


def async_error(port, client=None, **options) -> str:
    """Returns the error that an ASGI service raises at startup. Also checks that a claim before startup
    fails, even with `fall_back`."""

    async def start() -> str:
        async with redis.asyncio.Redis(port=port, **IMPATIENT, **(client or {})) as connected:
            store = AsyncRedisStore(connected, fall_back=True, **options)
            assert await store.claim(key(), soon()) is None
            assert store.fallbacks == 0
            return await asgi_start(
                HMACAuthMiddleware(
                    ok,
                    "practices",
                    keys=KeyRing(clients={"billing-service": CLIENT_SECRET}),
                    schemes=["client"],
                    replay=store,
                )
            )

    return asyncio.run(start())


def options_keys():
    return KeyRing(
        clients={"billing-service": CLIENT_SECRET}, pairs={"agent/practices": CLIENT_SECRET.encode()}
    )


async def asgi_start(app) -> str:
    sent = []

    async def receive():
        return {"type": "lifespan.startup"}

    async def send(message):
        sent.append(message)

    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    (failed,) = sent
    assert failed["type"] == "lifespan.startup.failed"
    return failed["message"]


STARTS = pytest.mark.parametrize("error", [sync_error, async_error])


@STARTS
def test_a_server_that_evicts_stops_the_start(tmp_path, error):
    with redis_server(tmp_path, "--maxmemory", "100mb", "--maxmemory-policy", "volatile-ttl") as (port, _):
        assert "maxmemory-policy volatile-ttl" in error(port)
        store = RedisStore(redis.Redis(port=port, **IMPATIENT), allow_eviction=True)
        assert store.claim(key(), soon()) is True


@STARTS
def test_a_wrong_password_stops_the_start(tmp_path, error):
    with redis_server(tmp_path, "--requirepass", "right") as (port, _):
        for client in ({}, {"password": "wrong"}):
            text = error(port, client)
            assert "user or the password" in text and "wrong" not in text


async def test_a_wrong_password_stops_the_start_also_with_the_default_retries(tmp_path):
    with redis_server(tmp_path, "--requirepass", "right") as (port, _):
        async with redis.asyncio.Redis(port=port, password="wrong") as client:
            with pytest.raises(ConfigError, match="user or the password"):
                await AsyncRedisStore(client).check()


@STARTS
def test_a_user_without_permission_stops_the_start(tmp_path, error):
    rules = "user default on nopass +@all -set ~*"
    with redis_server(tmp_path, "--user", *rules.split()[1:]) as (port, _):
        assert "~sealwire:replay:*" in error(port)


def test_a_user_needs_only_the_permission_for_set(tmp_path, caplog):
    with redis_server(tmp_path) as (port, _):
        with redis.Redis(port=port) as admin:
            admin.execute_command("ACL", "SETUSER", "sealwire", "on", ">secret", "+set", "~sealwire:replay:*")
        store = RedisStore(redis.Redis(port=port, username="sealwire", password="secret", **IMPATIENT))
        assert [store.claim(b"a" * 32, soon()) for _ in range(2)] == [True, False]
        assert any("maxmemory-policy" in record.message for record in caplog.records)


@STARTS
def test_a_read_only_replica_stops_the_start(tmp_path, error):
    (tmp_path / "replica").mkdir()
    with (
        redis_server(tmp_path) as (primary, _),
        redis_server(tmp_path / "replica", "--replicaof", "127.0.0.1", str(primary)) as (port, _),
    ):
        assert "read-only replica" in error(port)


def test_a_primary_that_becomes_a_replica_is_not_an_outage(tmp_path, caplog):
    with redis_server(tmp_path) as (port, _), redis.Redis(port=port) as admin:
        store = RedisStore(redis.Redis(port=port, **IMPATIENT), fall_back=True)
        assert store.claim(key(), soon()) is True
        admin.replicaof("127.0.0.1", free_port())
        assert [store.claim(key(), soon()) for _ in range(2)] == [None, None]
        assert (store.faults, store.fallbacks) == (2, 0)
        assert sum("read-only replica" in record.message for record in caplog.records) == 1
        admin.replicaof("NO", "ONE")
        assert store.claim(key(), soon()) is True


def test_a_silent_server_is_an_outage_at_the_start_and_later(tmp_path):
    port = free_port()
    store = RedisStore(redis.Redis(port=port, **IMPATIENT), fall_back=True)
    assert store.claim(b"a" * 32, soon()) is True
    assert (store.faults, store.fallbacks) == (0, 1)


HOST = """
import logging, sys, time
import redis
from sealwire.redis import RedisStore
logging.basicConfig(stream=sys.stdout, format="%(message)s")
claims = [RedisStore(redis.Redis(port=int(sys.argv[1]))).claim(b"k" * 32, int(time.time()) + 60) for _ in range(2)]
print(claims)
"""


@pytest.mark.parametrize("ahead_s", [-3600, 3600])
def test_a_clock_that_differs_from_the_servers_changes_nothing_but_a_warning(tmp_path, ahead_s, faketime):
    """Only the difference between the two clocks matters, so the test changes the clock of the client instead
    of the server's."""
    with redis_server(tmp_path) as (port, _), redis.Redis(port=port) as client:
        command = [sys.executable, "-c", HOST, str(port)]
        told = subprocess.run(
            command,
            env=os.environ | faketime(ahead_s),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        assert "[True, False]" in told
        (name,) = client.keys("sealwire:replay:*")
        assert 55_000 + MARGIN_MS < client.pttl(name) <= 60_000 + MARGIN_MS
        assert f"clock of the replay store is {-ahead_s:+d}" in told

"""Fixtures for the services and clients, and for a Redis server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import Fleet
from redis_server import RedisServer
from redis_server import redis_server as running_redis


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Starts the services that a test needs."""
    made = Fleet(tmp_path)
    try:
        made.wait()
        yield made
    finally:
        made.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """Starts a Redis server for a test."""
    with running_redis(tmp_path) as server:
        yield server

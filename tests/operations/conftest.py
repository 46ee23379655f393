"""The fleet and the stores that the tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import Fleet
from redis_server import RedisServer


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Two services and two clients of its own for a test."""
    made = Fleet(tmp_path)
    try:
        made.wait()
        yield made
    finally:
        made.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of its own for a test."""
    server = RedisServer(tmp_path)
    try:
        server.wait()
        yield server
    finally:
        server.program.stop()

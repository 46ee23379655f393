"""A real Redis that can be stopped in the middle of things, and remembers across it."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service import free_port, listens


class RedisServer:
    """Writes every command to disk before it answers: a Redis without that forgets claims when it restarts."""

    def __init__(self, directory: Path) -> None:
        """A server that is not started yet; its port stays the same from start to start."""
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        program = (
            os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or shutil.which("valkey-server")
        )
        assert program, "install redis-server, or name it in REDIS_SERVER"
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", str(directory)]
        self._command = [program, "--bind", "127.0.0.1", "--port", str(self.port), *kept]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not listens(self.port):
            assert time.monotonic() < deadline, "Redis did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """Kills it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server(directory: Path) -> Iterator[RedisServer]:
    """A running server, until the block ends."""
    server = RedisServer(directory)
    server.start()
    try:
        yield server
    finally:
        server.stop()

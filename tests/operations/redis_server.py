"""Runs a real Redis server that a test can suspend."""

import os
import shutil
import signal
import socket
from pathlib import Path

from processes import Program, free_port, until


class RedisServer:
    """A Redis server that stores data only in memory."""

    def __init__(self, directory: Path) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        program = (
            os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or shutil.which("valkey-server")
        )
        assert program, "install redis-server, or set REDIS_SERVER to its path"
        settings = ["--bind", "127.0.0.1", "--port", str(self._port), "--save", "", "--appendonly", "no"]
        self.program = Program([program, *settings, "--dir", str(directory)], directory / "redis.log")

    def wait(self) -> None:
        """Waits until the server accepts connections."""
        until(self._listens, "Redis")

    def hang(self) -> None:
        """Suspends the server. The suspended server still accepts connections, but does not respond."""
        self.program.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Resumes the server."""
        self.program.signal(signal.SIGCONT)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

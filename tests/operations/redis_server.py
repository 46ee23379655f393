"""A real Redis that can be made to hang."""

import os
import shutil
import signal
import socket
from pathlib import Path

from processes import Program, free_port, until


class RedisServer:
    """Keeps what it is told in memory alone: no test here restarts it."""

    def __init__(self, directory: Path) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        program = (
            os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or shutil.which("valkey-server")
        )
        assert program, "install redis-server, or name it in REDIS_SERVER"
        settings = ["--bind", "127.0.0.1", "--port", str(self._port), "--save", "", "--appendonly", "no"]
        self.program = Program([program, *settings, "--dir", str(directory)], directory / "redis.log")

    def wait(self) -> None:
        """Until it listens."""
        until(self._listens, "Redis")

    def hang(self) -> None:
        """Accepts connections from here on, and answers nothing."""
        self.program.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answers again."""
        self.program.signal(signal.SIGCONT)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

"""Runs a real Redis server that tests can suspend, or restart without losing data."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from network import free_port, wait_for_port


def program() -> str:
    """Returns the path of the Redis server."""
    found = os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or shutil.which("valkey-server")
    assert found, "install redis-server, or set REDIS_SERVER to its path"
    return found


class RedisServer:
    """A Redis server that writes each command to disk before it responds, so that no stored nonce is lost in
    a restart."""

    def __init__(self, directory: Path) -> None:
        """Selects a port, which stays the same after a restart. Does not start the server."""
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", str(directory)]
        self._command = [program(), "--bind", "127.0.0.1", "--port", str(self.port), *kept]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and waits until it accepts connections."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port, self._process)

    def hang(self) -> None:
        """Suspends the server. The suspended server still accepts connections, but does not respond."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Resumes the server."""
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kills the server."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server(directory: Path) -> Iterator[RedisServer]:
    """Runs a Redis server until the `with` block ends."""
    server = RedisServer(directory)
    try:
        server.start()
        yield server
    finally:
        server.stop()

"""Runs services with several workers, using uvicorn or a Node.js cluster, and kills their workers."""

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from captured import CLIENT, SECRET, Captured, send
from network import until

SERVICES = Path(__file__).resolve().parent / "services"
WORKERS = 4


@dataclass(frozen=True)
class Service:
    """A running service. `process` is the parent of the workers."""

    process: subprocess.Popen[bytes]
    port: int

    def kill_a_worker(self) -> int | None:
        """Kills a random worker and returns its process id. Returns None if there is no worker."""
        workers = self.workers()
        if not workers:
            return None
        killed = random.choice(workers)
        with suppress(ProcessLookupError):
            os.kill(killed, signal.SIGKILL)
        return killed

    def workers(self) -> list[int]:
        """Returns the process ids of the workers, without zombies."""
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=True
        )
        processes = [line.split(None, 3) for line in listing.stdout.splitlines()]
        children = [each for each in processes if int(each[1]) == self.process.pid and each[2][0] != "Z"]
        # Python's multiprocessing module also starts a resource tracker, which is not a worker.
        return [int(pid) for pid, _, _, command in children if "resource_tracker" not in command]


def uvicorn(port: int, workers: int = WORKERS) -> list[str]:
    """Returns the command that runs services/asgi.py."""
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "asgi:app",
        "--app-dir",
        str(SERVICES),
        "--log-level",
        "warning",
    ]
    return [*command, "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]


def node(port: int, workers: int = WORKERS) -> list[str]:
    """Returns the command that runs services/cluster.js."""
    return ["node", str(SERVICES / "cluster.js"), str(port), str(workers)]


@contextmanager
def running(command: list[str], port: int, **settings: str) -> Iterator[Service]:
    """Runs a service until the `with` block ends. Passes each setting as an environment variable with an
    upper-case name."""
    environment = {name.upper(): value for name, value in settings.items()}
    environment |= {"TEST_CLIENT": CLIENT, "TEST_SECRET": SECRET}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            env=os.environ | environment,
            start_new_session=True,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(process, port)
            yield Service(process, port)
        except BaseException:
            print(f"--- the last output of the service on port {port}\n{tail(log)}")
            raise
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Waits until the service accepts a request, which shows that its replay table is open."""
    until(lambda: send(Captured(), port).status == 200, f"the service on port {port}", process)


def tail(log: IO[bytes]) -> str:
    """Returns the last 4,000 bytes of a log."""
    log.seek(0)
    return log.read()[-4000:].decode(errors="replace")

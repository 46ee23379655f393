"""Starts services, waits until they respond, and stops them, even after an error."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import progress
from .places import LOGS, ROOT
from .wire import Request, exchange, since

sys.path.insert(0, str(ROOT / "tests/support"))

from network import free_port

READY_WITHIN_S = 60  # services start slowly on a busy machine
STOP_WITHIN_S = 5
POLL_EVERY_S = 0.02
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotStartedError(Exception):
    """A service did not start. The message ends with its last output."""


@dataclass
class Service:
    """A process with an HTTP server on a loopback port. It responds to `GET /health` without a signature."""

    name: str
    command: list[str]
    environment: dict[str, str]
    directory: Path = ROOT
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    def start(self) -> None:
        """Starts the process in a new session, so that `signal` also reaches its child processes."""
        environment = {**clean_environment(), **self.environment, "PORT": str(self.port)}
        command = [part.replace("{port}", str(self.port)) for part in self.command]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def comes_up(self) -> bool:
        """Waits until the service responds. Returns False if its process exits first."""
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.answers():
            if self.process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                raise NotStartedError(
                    f"{self.name} did not respond within {READY_WITHIN_S} s{self.last_words()}"
                )
            time.sleep(POLL_EVERY_S)
        return True

    def answers(self) -> bool:
        try:
            return exchange(self.port, Request("GET", "/health", []))[0] == 200
        except (OSError, ValueError):
            return False

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def last_words(self, lines: int = 15) -> str:
        said = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "".join(f"\n    | {line}" for line in said) + f"\n    (all of it: {self.log})"


@contextlib.contextmanager
def running(services: list[Service]) -> Iterator[None]:
    """Starts services, and stops them when the `with` block ends, even after an error."""
    LOGS.mkdir(parents=True, exist_ok=True)
    try:
        for service in services:
            service.start()
        yield
    finally:
        with uninterrupted():
            stop([service for service in services if service.process])


def wait_until_ready(services: list[Service]) -> None:
    for service in services:
        started = time.perf_counter()
        if not service.comes_up():
            status = service.process.returncode
            raise NotStartedError(f"{service.name} ended with status {status}{service.last_words()}")
        progress.say(f"{service.name} responds on port {service.port}", since(started))


def stop(services: list[Service]) -> None:
    for service in services:
        service.signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    for service in services:
        with contextlib.suppress(subprocess.TimeoutExpired):
            service.process.wait(max(0.0, deadline - time.monotonic()))
        service.signal(signal.SIGKILL)  # a child process may still be running
        service.process.wait()


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Makes the signals in INTERRUPTS raise KeyboardInterrupt. SIGINT needs a handler too, because background
    jobs ignore it by default."""

    def interrupt(number: int, _frame: object) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    before = {number: signal.signal(number, interrupt) for number in INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Blocks the signals in INTERRUPTS during the `with` block, so that a second Ctrl-C does not interrupt
    it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def clean_environment() -> dict[str, str]:
    """Returns the environment of this process without Sealwire's variables."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HMAC_")}

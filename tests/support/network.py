"""Helpers for tests that start servers: free ports, waiting, and the status of a response."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from typing import Any

WAIT_S = 30  # servers start slowly on a busy machine
STOP_S = 20


def free_port() -> int:
    """Returns a free TCP port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Waits until a server accepts connections."""
    until(lambda: accepts_connections(port), f"a connection to port {port}", process)


def wait_for_response(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Waits until a server responds. gunicorn accepts connections before its workers have loaded the application."""
    url = f"http://127.0.0.1:{port}/"
    until(lambda: status_of(url) != 0, f"a response from {url}", process)


@contextlib.contextmanager
def running(
    command: list[str], port: int, wait: Callable[..., None] = wait_for_port, **settings: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server until the `with` block ends. `settings` are arguments of `Popen`."""
    process = subprocess.Popen(command, **settings)
    try:
        wait(port, process)
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Terminates a process. Kills it if it does not exit within 20 seconds."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(
    condition: Callable[[], object],
    what: str = "the condition",
    process: subprocess.Popen[bytes] | None = None,
) -> None:
    """Waits until a condition is true. Raises an error after 30 seconds, or if `process` exits."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what}: {process.args} exited with status {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {WAIT_S} s")
        time.sleep(0.02)


def accepts_connections(port: int) -> bool:
    """Returns whether a server listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status_of(url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> int:
    """Sends a request and returns the status of the response, or 0 if there is no response."""
    request = urllib.request.Request(url, data=body, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0

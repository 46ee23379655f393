"""The servers that are tested: how each is started, and what its own rejections look like."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECRETS = {
    "HMAC_SECRET_AGENT_PRACTICES": "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==",
    "HMAC_SECRET_MEALS_PRACTICES": "YW5vdGhlciBwYWlyJ3Mgc2VjcmV0LCAzMiBieXRlcyBsb25n",
}
START_S = 30
ASGI, WSGI = "asgi_service:application", "wsgi_service:application"
PYTHON = [sys.executable, "-m"]


def uvicorn(http: str, *more: str) -> list[str]:
    return [*PYTHON, "uvicorn", ASGI, "--http", http, "--port", "{port}", "--log-level", "warning", *more]


def gunicorn(*more: str) -> list[str]:
    return [*PYTHON, "gunicorn", WSGI, "--bind", "127.0.0.1:{port}", "--log-level", "warning", *more]


UWSGI = "import pyuwsgi, sys; pyuwsgi.run(sys.argv[1:])"

COMMANDS: Mapping[str, list[str]] = {
    "uvicorn h11": uvicorn("h11"),
    "uvicorn httptools": uvicorn("httptools"),
    "hypercorn": [*PYTHON, "hypercorn", ASGI, "--bind", "127.0.0.1:{port}"],
    "daphne": [*PYTHON, "daphne", "-b", "127.0.0.1", "-p", "{port}", "--no-server-name", ASGI],
    "granian": [
        *PYTHON,
        "granian",
        ASGI,
        "--interface",
        "asgi",
        "--port",
        "{port}",
        "--log-level",
        "warning",
    ],
    "granian wsgi": [
        *PYTHON,
        "granian",
        WSGI,
        "--interface",
        "wsgi",
        "--port",
        "{port}",
        "--log-level",
        "warning",
    ],
    "gunicorn": gunicorn(),
    "gunicorn threads": gunicorn("--threads", "2"),
    "waitress": [*PYTHON, "waitress", "--listen", "127.0.0.1:{port}", WSGI],
    "uwsgi": [
        sys.executable,
        "-c",
        UWSGI,
        "--http-socket",
        "127.0.0.1:{port}",
        "--wsgi",
        WSGI,
        "--master",
        "--need-app",
        "--disable-logging",
        "--enable-threads",
    ],
}

# Each server's way of being told the path under which a proxy publishes the application.
BEHIND_A_PROXY: Mapping[str, tuple[list[str], dict[str, str]]] = {
    "uvicorn --root-path": (uvicorn("httptools", "--root-path", "/outside"), {}),
    "hypercorn --root-path": ([*COMMANDS["hypercorn"], "--root-path", "/outside"], {}),
    "daphne --root-path": ([*COMMANDS["daphne"][:-1], "--root-path", "/outside", ASGI], {}),
    "FastAPI(root_path=)": (uvicorn("h11"), {"BOUNDARY_FASTAPI_ROOT": "/outside"}),
    "gunicorn SCRIPT_NAME": (gunicorn(), {"SCRIPT_NAME": "/outside"}),
}


@contextlib.contextmanager
def running(command: list[str], environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """Starts a server on a free port, yields the port, and stops the server."""
    port = free_port()
    filled = [part.format(port=port) for part in command]
    with tempfile.TemporaryDirectory() as folder:
        variables = {**os.environ, **SECRETS, "XDG_RUNTIME_DIR": folder, **(environment or {})}
        log = Path(folder) / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                filled, cwd=HERE, env=variables, stdout=output, stderr=output, start_new_session=True
            )
        try:
            wait_for(port, server, log)
            yield port
        finally:
            stop(server)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{server.args} did not start:\n{log.read_text()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(5)

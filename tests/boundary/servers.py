"""The commands and environment variables that start each server."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import free_port

HERE = Path(__file__).resolve().parent
SECRETS = {
    "HMAC_SECRET_AGENT_PRACTICES": "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==",
    "HMAC_SECRET_MEALS_PRACTICES": "YW5vdGhlciBwYWlyJ3Mgc2VjcmV0LCAzMiBieXRlcyBsb25n",
}
START_S = 30
ASGI, WSGI = "asgi_service:application", "wsgi_service:application"
Probe = Callable[[int], bool]
PYTHON = [sys.executable, "-m"]


def uvicorn(http: str, *more: str) -> list[str]:
    return [*PYTHON, "uvicorn", ASGI, "--http", http, "--port", "{port}", "--log-level", "warning", *more]


def gunicorn(*more: str) -> list[str]:
    return [*PYTHON, "gunicorn", WSGI, "--bind", "127.0.0.1:{port}", "--log-level", "warning", *more]


def node(server: str) -> list[str]:
    return ["node", str(HERE / "node_service.mjs"), server, "{port}"]


# Built by build_c.sh.
C_SERVICE = str(HERE.parents[1] / ".cache" / "boundary" / "c_service")

# Built by build_rust.sh.
RUST_SERVICE = str(HERE.parents[1] / "tests" / "rust-binding" / "target" / "debug" / "boundary")

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
    "hypercorn HTTP/2": [*PYTHON, "hypercorn", ASGI, "--bind", "127.0.0.1:{port}"],
    "hypercorn HTTP/2, TLS": [
        *PYTHON,
        "hypercorn",
        ASGI,
        "--bind",
        "127.0.0.1:{port}",
        "--certfile",
        "{folder}/certificate.pem",
        "--keyfile",
        "{folder}/key.pem",
    ],
    "granian HTTP/2": [
        *PYTHON,
        "granian",
        ASGI,
        "--interface",
        "asgi",
        "--http",
        "2",
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
    "node:http": node("node:http"),
    "Express 4": node("express-4"),
    "Express 5": node("express-5"),
    "h3 1": node("h3-1"),
    "h3 2": node("h3-2"),
    "Fastify": node("fastify"),
    "Koa": node("koa"),
    "Hono": node("hono"),
    "C, libmicrohttpd": [C_SERVICE, "{port}"],
    "axum": [RUST_SERVICE, "axum", "{port}"],
    "axum HTTP/2": [RUST_SERVICE, "axum", "{port}"],
    "actix": [RUST_SERVICE, "actix", "{port}"],
    "actix HTTP/2": [RUST_SERVICE, "actix", "{port}"],
}

# The servers to test over HTTP/2, and whether each uses TLS.
HTTP2: Mapping[str, bool] = {
    "hypercorn HTTP/2": False,
    "hypercorn HTTP/2, TLS": True,
    "granian HTTP/2": False,
    "axum HTTP/2": False,
    "actix HTTP/2": False,
}

PREFIX = "/outside"


@dataclass(frozen=True)
class Proxied:
    """A server behind a proxy that publishes its application under `PREFIX`."""

    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    strips: bool = True
    """Whether the proxy removes the prefix before it forwards a request."""
    mounts: bool = True
    """Whether Starlette can route to mounted applications. It cannot if the path lacks the root path, which
    ASGI requires."""


BEHIND_A_PROXY: Mapping[str, Proxied] = {
    "uvicorn --root-path": Proxied(uvicorn("httptools", "--root-path", PREFIX)),
    "hypercorn --root-path": Proxied([*COMMANDS["hypercorn"], "--root-path", PREFIX], mounts=False),
    "daphne --root-path": Proxied([*COMMANDS["daphne"][:-1], "--root-path", PREFIX, ASGI], strips=False),
    "FastAPI(root_path=)": Proxied(uvicorn("h11"), {"BOUNDARY_FASTAPI_ROOT": PREFIX}, mounts=False),
    "FastAPI(root_path=), not stripped": Proxied(
        uvicorn("h11"), {"BOUNDARY_FASTAPI_ROOT": PREFIX}, strips=False
    ),
    "gunicorn SCRIPT_NAME": Proxied(gunicorn(), {"SCRIPT_NAME": PREFIX}, strips=False),
}


@contextlib.contextmanager
def running(
    command: list[str],
    environment: Mapping[str, str] | None = None,
    probe: Probe | None = None,
    folder_of_the_service: Path = HERE,
) -> Iterator[int]:
    """Starts a server on a free port, yields the port, and stops the server.

    `probe` takes a port and returns True if the application responds on it.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        filled = [part.format(port=port, folder=folder) for part in command]
        if any("certificate.pem" in part for part in filled):
            make_certificate(folder)
        variables = {**os.environ, **SECRETS, "XDG_RUNTIME_DIR": folder, **(environment or {})}
        log = Path(folder) / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                filled,
                cwd=folder_of_the_service,
                env=variables,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            wait_for(port, server, log, probe or answers)
            yield port
        finally:
            stop(server)


def make_certificate(folder: str) -> None:
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    subprocess.run(["openssl", *request.split(), *files], check=True, capture_output=True)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path, probe: Probe) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        if probe(port):
            time.sleep(1.1)  # a new replay table rejects requests signed in the second of its creation
            return
        time.sleep(0.05)
    raise SystemExit(f"{server.args} did not start:\n{log.read_text()[-4000:]}")


def answers(port: int) -> bool:
    """Returns True if the application responds. A server may accept connections before it has loaded the
    application."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/ready")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def stop(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(5)

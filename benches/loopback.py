"""Measures the cost of the middleware in complete services, which receive requests from a load generator over
loopback."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import peers
from figures import Rounds

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))

import network

HERE = Path(__file__).resolve().parent
SCRIPT = HERE / "load.lua"
CONNECTIONS = "16"
# The number of requests that are signed for each second of a round. A round sends fewer requests than this,
# so no request is sent twice.
PRESIGNED_PER_SECOND = 60_000


@dataclass(frozen=True)
class Service:
    """A service that can run with different middleware."""

    row: str
    path: str
    kinds: tuple[str, ...]
    serve: tuple[str, ...]
    presign: tuple[str, ...]
    fresh: bool  # True if the service rejects replayed requests


@dataclass(frozen=True)
class Server:
    """A running server."""

    pid: int
    port: int


FASTAPI = Service(
    "loopback-fastapi",
    "/graphql",
    ("sealwire", "BaseHTTPMiddleware", "none"),
    (str(peers.PYTHON), str(HERE / "python/serve.py")),
    (str(peers.PYTHON), str(HERE / "python/presign.py")),
    fresh=False,
)
EXPRESS = Service(
    "loopback-express",
    "/auth/user/refresh-session",
    ("sealwire", "node:crypto + lru-cache", "none"),
    ("node", str(HERE / "node/serve.mjs")),
    ("node", str(HERE / "node/presign.mjs")),
    fresh=True,
)


def measure(rounds: int, seconds: int) -> dict[str, Rounds]:
    """Returns the server's processor time per request in nanoseconds, by service and variant."""
    return {service.row: loaded(service, rounds, seconds) for service in (FASTAPI, EXPRESS)}


def loaded(service: Service, rounds: int, seconds: int) -> Rounds:
    found: Rounds = {kind: [] for kind in service.kinds}
    with contextlib.ExitStack() as running:
        servers = {kind: running.enter_context(served(service, kind)) for kind in service.kinds}
        heads = Path(running.enter_context(tempfile.TemporaryDirectory())) / "heads"
        for turn in range(rounds + 1):
            for kind in service.kinds:
                presigned(service, heads, seconds)
                cost = per_request(service, servers[kind], heads, seconds)
                if turn > 0:  # the first round is a warm-up
                    found[kind].append(cost)
    return found


@contextlib.contextmanager
def served(service: Service, kind: str) -> Iterator[Server]:
    """Runs a server on a free port until the end of the `with` block."""
    port = network.free_port()
    with network.running([*service.serve, kind, str(port)], port) as server:
        yield Server(server.pid, port)


def per_request(service: Service, server: Server, heads: Path, seconds: int) -> float:
    command = ["wrk", "--threads", "1", "--connections", CONNECTIONS, "--duration", f"{seconds}s"]
    url = f"http://127.0.0.1:{server.port}{service.path}"
    before = processor_time(server.pid)
    done = subprocess.run(
        [*command, "--script", str(SCRIPT), url, "--", str(heads)], check=True, capture_output=True, text=True
    )
    summary = json.loads(done.stdout.splitlines()[-1])
    if summary["errors"]:
        raise SystemExit(f"{service.row}: {summary['errors']} of {summary['requests']} requests failed")
    return (processor_time(server.pid) - before) / summary["requests"]


def processor_time(pid: int) -> int:
    """Returns the total processor time of the threads of a process, in nanoseconds."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


def presigned(service: Service, heads: Path, seconds: int) -> None:
    count = PRESIGNED_PER_SECOND * seconds if service.fresh else 1
    with heads.open("w") as file:
        subprocess.run([*service.presign, str(count)], check=True, stdout=file)

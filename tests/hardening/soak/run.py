#!/usr/bin/env python3
"""Tests the demo services under full load. The phases are: valid, hostile and mixed requests, idle and slow
connections, and unknown senders. Fails if a service responds with 5xx, uses too much memory, or does not
respond to valid requests.

Usage: run.py [--minutes M] [--strangers N] [--record FILE] [SERVICE...]
     services: practices iam ledger
"""

import argparse
import asyncio
import base64
import json
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "e2e"))

from harness import build, fleet, processes
from harness.cast import Keys
from harness.processes import Service, running, wait_until_ready
from load import Outcome, besieged, phase
from traffic import Traffic

# How much memory use may grow after the warm-up, in MiB. The allocator and the 222 connections need buffers.
GROWTH_MIB = 96
# The request rate that the replay tables are sized for. With a lower rate, a table would be full after a few
# minutes, and the service would correctly reject requests with 503.
REQUESTS_PER_SECOND = 4_000
PHASES = ("valid", "hostile", "mixed", "besieged", "strangers", "afterwards")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=0.5, help="per service")
    parser.add_argument("--strangers", type=int, default=100_000)
    parser.add_argument("--record", type=pathlib.Path)
    parser.add_argument("services", nargs="*", default=["practices", "iam", "ledger"])
    asked = parser.parse_args()
    build.everything()
    with tempfile.TemporaryDirectory() as folder:
        rows = soak_all(asked, pathlib.Path(folder))
    if asked.record:
        asked.record.write_text(json.dumps(rows, indent=2) + "\n")
    faults = [fault for row in rows for fault in row["faults"]]
    for fault in faults:
        print(f"soak: {fault}", file=sys.stderr)
    sys.exit(bool(faults))


def soak_all(asked: argparse.Namespace, folder: pathlib.Path) -> list[dict]:
    # Use a separate folder, because the demo deletes its own. A service without its replay file responds with
    # 503.
    fleet.REPLAY = processes.LOGS = folder
    os.environ["REQUESTS_PER_SECOND"] = str(REQUESTS_PER_SECOND)
    keys = Keys.drawn()
    cast = fleet.Fleet.of(keys)
    rows = []
    for name in asked.services:
        service = getattr(cast, name)
        with running([service]):
            wait_until_ready([service])
            rows.append(asyncio.run(soak(name, service, keys, asked)))
    return rows


async def soak(name: str, service: Service, keys: Keys, asked: argparse.Namespace) -> dict:
    key = base64.b64encode(keys.of_pair("agent", name)).decode()
    traffic = Traffic(name, key, f"127.0.0.1:{service.port}", seed=1)
    seconds = asked.minutes * 60 / 5
    await phase(service.port, traffic.valid, 2)  # warm-up, before the memory is measured
    memory = [resident_mib(service)]
    row: dict = {"service": name, "minutes": asked.minutes, "phases": {}, "faults": []}
    replays = 0
    for which in PHASES:
        started = time.monotonic()
        outcome = await run_phase(which, service.port, traffic, seconds, asked.strangers)
        memory.append(resident_mib(service))
        row["phases"][which] = summary(outcome, time.monotonic() - started, memory[-1])
        row["faults"] += faults(f"{name}, {which}", which, outcome)
        replays += outcome.of("replayed", 200)
        print(f"    soak: {name}, {which}: {line(row['phases'][which])}", flush=True)
    if replays > 1:
        row["faults"].append(f"{name}: the replayed request was accepted {replays} times")
    if max(memory) > memory[0] + GROWTH_MIB:
        row["faults"].append(f"{name}: memory grew from {memory[0]:.0f} to {max(memory):.0f} MiB")
    return row


async def run_phase(which: str, port: int, traffic: Traffic, seconds: float, strangers: int) -> Outcome:
    if which == "strangers":
        return await phase(port, traffic.unknown, seconds * 20, most=strangers)
    if which == "besieged":
        async with besieged(port, traffic):
            return await phase(port, traffic.mixed, seconds)
    make = {
        "valid": traffic.valid,
        "hostile": traffic.hostile,
        "mixed": traffic.mixed,
        "afterwards": traffic.valid,
    }
    return await phase(port, make[which], 2 if which == "afterwards" else seconds)


def faults(where: str, which: str, outcome: Outcome) -> list[str]:
    found = [f"{where}: {outcome.server_errors} responses with 5xx"] if outcome.server_errors else []
    if outcome.wrong:
        found.append(f"{where}: {len(outcome.wrong)} unexpected responses, for example {outcome.wrong[0]}")
    if which not in ("hostile", "strangers") and not outcome.of("valid", 200):
        found.append(f"{where}: no valid request received a response")
    return found


def summary(outcome: Outcome, seconds: float, memory: float) -> dict:
    return {
        "requests": outcome.requests,
        "per_second": round(outcome.requests / seconds),
        "valid_answered": outcome.of("valid", 200),
        "valid_p50_ms": round(outcome.percentile(0.5), 1),
        "valid_p99_ms": round(outcome.percentile(0.99), 1),
        "server_errors": outcome.server_errors,
        "memory_mib": round(memory, 1),
    }


def line(said: dict) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in said.items())


def resident_mib(service: Service) -> float:
    status = pathlib.Path(f"/proc/{service.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    main()

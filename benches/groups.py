"""The groups of `make bench`. Each group runs programs and returns their measurements."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import loopback
import obstacles
import peers
import scaling
import startup
from absolute import Absolute
from pace import Measured, read
from results import Outcome

HERE = Path(__file__).resolve().parent
MEMORY_SUBJECTS = ("sealwire", "moka", "lru")
WORST_REQUEST = peers.ROOT / "tests/worst-request/run.py"


class Scale:
    """The duration of a run."""

    def __init__(self, quick: bool) -> None:
        # Each group is run twice, because the machine load changes within minutes.
        self.passes = 1 if quick else 2
        self.rounds = 3 if quick else 16
        self.live = 20_000 if quick else 1_000_000
        self.loopback_rounds = 1 if quick else 4
        self.loopback_seconds = 1 if quick else 2
        self.starts = 2 if quick else 10
        self.quick = quick


def native(scale: Scale, _: int) -> Outcome:
    return Outcome(rows([str(peers.NATIVE), "--rounds", str(scale.rounds), "--live", str(scale.live)]))


def python(scale: Scale, _: int) -> Outcome:
    return Outcome(
        rows([str(peers.PYTHON), str(HERE / "python/main.py"), str(scale.rounds), str(scale.live)])
    )


def node(scale: Scale, _: int) -> Outcome:
    return Outcome(
        rows(["node", "--expose-gc", str(HERE / "node/main.mjs"), str(scale.rounds), str(scale.live)])
    )


def services(scale: Scale, _: int) -> Outcome:
    measured = loopback.measure(scale.loopback_rounds, scale.loopback_seconds)
    return Outcome({name: Measured.unpaced(rounds) for name, rounds in measured.items()})


def start_up(scale: Scale, number: int) -> Outcome:
    measured = {name: Measured.unpaced(rounds) for name, rounds in startup.measure(scale.starts).items()}
    return Outcome(measured, startup.sizes() if number == 1 and not scale.quick else [])


def memory(_: Scale, number: int) -> Outcome:
    """Returns the results that do not vary between passes."""
    if number > 1:
        return Outcome()
    nonces = {name: float(output([str(peers.NATIVE), "memory", name])) for name in MEMORY_SUBJECTS}
    nonces["cachetools (Python)"] = float(output([str(peers.PYTHON), str(HERE / "python/memory.py")]))
    nonces["lru-cache (Node)"] = float(output(["node", "--expose-gc", str(HERE / "node/main.mjs"), "memory"]))
    python = json.loads(output([str(peers.PYTHON), str(HERE / "python/bodies.py")]))
    node = json.loads(output(["node", "--expose-gc", str(HERE / "node/bodies.mjs")]))
    worst = float(output([sys.executable, str(WORST_REQUEST)]).split()[0])
    return Outcome(
        absolutes=[
            Absolute("replay memory per live nonce, 1,000,000 live", "bytes", nonces, 20),
            Absolute("Python: memory per byte of an 8 MiB body in 64-byte parts", "bytes", python, 2.5),
            Absolute(
                "Node: memory per byte of an 8 MiB body in 64-byte parts",
                "bytes",
                node,
                3,
                obstacles.PIECES,
            ),
            Absolute(
                "instructions for the most expensive rejected request, relative to an accepted request of the same size",
                "times",
                {"sealwire": worst},
                10,
            ),
        ]
    )


def cores(scale: Scale, number: int) -> Outcome:
    measured = rows([str(peers.C_THREADS), str(scale.rounds)])
    return Outcome(measured, scaling.system_calls() if number == 1 else [])


def rows(command: list[str]) -> dict[str, Measured]:
    """Runs a program that prints one line of JSON per benchmark."""
    return read([json.loads(line) for line in output(command).splitlines()])


def output(command: list[str]) -> str:
    secret = b64encode(b"0123456789abcdef-bench-secret-32").decode()
    environment = {**os.environ, "HMAC_SECRET_AGENT_PRACTICES": secret}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


GROUPS: dict[str, Callable[[Scale, int], Outcome]] = {
    "native": native,
    "python": python,
    "node": node,
    "services": services,
    "start-up": start_up,
    "memory": memory,
    "cores": cores,
}

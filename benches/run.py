"""`make bench`: every row in turn, against real packages, on this machine; writes docs/benchmarks.md and its plot.

Usage: run.py [--quick]. With --quick a few short rounds are run to see that every row still works, and nothing is written.
Nothing but loopback is used, except to install the pinned peers.
"""

import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import loopback
import peers
from figures import Rounds
from judge import judge
from report import Absolute, write
from rows import LANGUAGES

HERE = Path(__file__).resolve().parent
RESULTS = peers.VENV / "results.json"
MEMORY_SUBJECTS = ("sealwire", "moka", "lru")


class Scale:
    """How long a run takes."""

    def __init__(self, quick: bool) -> None:
        self.rounds = 3 if quick else 61
        self.live = 20_000 if quick else 1_000_000
        self.loopback_rounds = 1 if quick else 7
        self.loopback_seconds = 1 if quick else 2
        self.quick = quick


def main() -> int:
    scale = Scale(quick="--quick" in sys.argv[1:])
    peers.install()
    measured = {**native(scale), **python(scale), **node(scale), **services(scale)}
    absolutes = absolute_rows(scale, measured)
    verdicts = {
        language: [judge(row, measured[row.source]) for row in rows] for language, rows in LANGUAGES.items()
    }
    if scale.quick:
        print(
            f"{sum(map(len, verdicts.values())) + len(absolutes)} rows run; figures of so short a run say nothing"
        )
        return 0
    RESULTS.write_text(json.dumps(measured))
    write(verdicts, absolutes, measured)
    return 0


def native(scale: Scale) -> dict[str, Rounds]:
    print("native rows", flush=True)
    return rows([str(peers.NATIVE), "--rounds", str(scale.rounds), "--live", str(scale.live)])


def python(scale: Scale) -> dict[str, Rounds]:
    print("Python rows", flush=True)
    return rows([str(peers.PYTHON), str(HERE / "python/main.py"), str(scale.rounds), str(scale.live)])


def node(scale: Scale) -> dict[str, Rounds]:
    print("Node rows", flush=True)
    return rows(["node", "--expose-gc", str(HERE / "node/main.mjs"), str(scale.rounds), str(scale.live)])


def services(scale: Scale) -> dict[str, Rounds]:
    print("services over loopback", flush=True)
    return loopback.measure(scale.loopback_rounds, scale.loopback_seconds)


def rows(command: list[str]) -> dict[str, Rounds]:
    """Runs a program that prints one JSON line per row."""
    lines = output(command).splitlines()
    parsed = [json.loads(line) for line in lines]
    return {
        line["row"]: {subject["name"]: subject["rounds"] for subject in line["subjects"]} for line in parsed
    }


def absolute_rows(scale: Scale, measured: dict[str, Rounds]) -> list[Absolute]:
    """What is no ratio: memory, and the longest claim."""
    longest = {name: max(rounds) / 1e6 for name, rounds in measured["longest-claim"].items()}
    memory = {} if scale.quick else memory_per_nonce()
    return [
        Absolute("replay memory per live nonce, 1,000,000 live", "bytes", memory, 20),
        Absolute("longest single claim of ten million, 1,000,000 live", "ms", longest, 1),
    ]


def memory_per_nonce() -> dict[str, float]:
    print("memory", flush=True)
    found = {name: float(output([str(peers.NATIVE), "memory", name])) for name in MEMORY_SUBJECTS}
    found["cachetools (Python)"] = float(output([str(peers.PYTHON), str(HERE / "python/memory.py")]))
    found["lru-cache (Node)"] = float(output(["node", "--expose-gc", str(HERE / "node/main.mjs"), "memory"]))
    return found


def output(command: list[str]) -> str:
    secret = b64encode(b"0123456789abcdef-bench-secret-32").decode()
    environment = {**os.environ, "HMAC_SECRET_AGENT_PRACTICES": secret}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())

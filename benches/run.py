"""`make bench`: runs all rows with real packages on this machine, and writes docs/benchmarks.md and its plot.

It uses only loopback, except to install the pinned peers.
"""

import argparse
import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from itertools import product
from pathlib import Path

import loopback
import peers
from judge import Verdict, judge
from pace import Measured, joined, read
from report import Absolute, table, write
from rows import INTERRUPTED, LANGUAGES

HERE = Path(__file__).resolve().parent
MEMORY_SUBJECTS = ("sealwire", "moka", "lru")


class Scale:
    """The duration of a run."""

    def __init__(self, quick: bool) -> None:
        # Several runs with fewer rounds each, because the load of the machine changes within minutes.
        self.passes = 1 if quick else 3
        self.rounds = 3 if quick else 25
        self.live = 20_000 if quick else 1_000_000
        self.loopback_rounds = 1 if quick else 3
        self.loopback_seconds = 1 if quick else 2
        self.quick = quick


def main() -> int:
    options = arguments()
    scale = Scale(options.quick)
    peers.install()
    parts = options.only.split(",") if options.only else list(PARTS)
    measured: dict[str, Measured] = {}
    for number, part in product(range(1, scale.passes + 1), parts):
        print(f"measuring: {part}, pass {number} of {scale.passes}", flush=True)
        measured |= joined(measured, PARTS[part](scale))
    verdicts = judged(measured)
    if scale.quick:
        print(f"{sum(map(len, verdicts.values()))} rows run; figures of so short a run say nothing")
    elif options.only:
        print("\n".join(line for rows in verdicts.values() for line in table(rows)))
    else:
        write(verdicts, absolute_rows(measured), measured)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="see in a minute that every row still works; write nothing"
    )
    parser.add_argument(
        "--only", metavar="PARTS", help=f"print the rows of these alone, of {','.join(PARTS)}"
    )
    return parser.parse_args()


def judged(measured: dict[str, Measured]) -> dict[str, list[Verdict]]:
    """Returns all rows with rounds."""
    found = {
        language: [judge(row, measured[row.source].counted) for row in rows if row.source in measured]
        for language, rows in LANGUAGES.items()
    }
    return {language: rows for language, rows in found.items() if rows}


def native(scale: Scale) -> dict[str, Measured]:
    return rows([str(peers.NATIVE), "--rounds", str(scale.rounds), "--live", str(scale.live)])


def python(scale: Scale) -> dict[str, Measured]:
    return rows([str(peers.PYTHON), str(HERE / "python/main.py"), str(scale.rounds), str(scale.live)])


def node(scale: Scale) -> dict[str, Measured]:
    return rows(["node", "--expose-gc", str(HERE / "node/main.mjs"), str(scale.rounds), str(scale.live)])


def services(scale: Scale) -> dict[str, Measured]:
    measured = loopback.measure(scale.loopback_rounds, scale.loopback_seconds)
    return {name: Measured.unpaced(rounds) for name, rounds in measured.items()}


def rows(command: list[str]) -> dict[str, Measured]:
    """Runs a program that prints one JSON line per row."""
    return read([json.loads(line) for line in output(command).splitlines()])


def absolute_rows(measured: dict[str, Measured]) -> list[Absolute]:
    """Returns the rows without a ratio: memory, and the longest claim."""
    claims = measured["longest-claim"].rounds
    longest = {name: max(rounds) / 1e6 for name, rounds in claims.items()}
    millions = len(claims["sealwire"])
    return [
        Absolute("replay memory per live nonce, 1,000,000 live", "bytes", memory_per_nonce(), 20),
        Absolute(
            f"longest single claim of {millions} million, 1,000,000 live", "ms", longest, 1, INTERRUPTED
        ),
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


PARTS: dict[str, Callable[[Scale], dict[str, Measured]]] = {
    "native": native,
    "python": python,
    "node": node,
    "loopback": services,
}

if __name__ == "__main__":
    sys.exit(main())

"""Runs the Python benchmarks. Usage: main.py ROUNDS LIVE [ROW...]"""

import sys
from collections.abc import Callable

import rows_asgi
import rows_calls
import rows_message
import rows_processes
import rows_store
import rows_token

Row = Callable[[int], None]


def rows(live: int) -> dict[str, Row]:
    return {
        "python-sign": rows_calls.sign,
        "python-verify": rows_calls.verify,
        "python-all-checks": rows_calls.all_checks,
        "python-message-sign": rows_message.sign,
        "python-message-verify": rows_message.verify,
        "python-token": rows_token.verify,
        "python-asgi": rows_asgi.added,
        "python-replay-100k": lambda rounds: rows_calls.claims(rounds, live // 10, "python-replay-100k"),
        "python-replay-1m": lambda rounds: rows_calls.claims(rounds, live, "python-replay-1m"),
        "python-store-1": lambda rounds: rows_store.claims("python-store-1", rounds, 1),
        "python-store-32": lambda rounds: rows_store.claims("python-store-32", rounds, 32),
        "threads-python": rows_processes.verify,
    }


def main(rounds: str, live: str, *wanted: str) -> None:
    for name, row in rows(int(live)).items():
        if not wanted or name in wanted:
            row(int(rounds))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Verifies requests in two processes that share a replay file, while another program counts the system calls.
Usage: contend.py REQUESTS"""

import sys
import tempfile
from pathlib import Path

from workers import Workers


def main(requests: str) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder, Workers(2) as workers:
        workers.wall([Path(folder) / "shared"] * 2, int(requests))


if __name__ == "__main__":
    main(*sys.argv[1:])

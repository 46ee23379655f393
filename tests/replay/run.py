"""Replay protection over real workers, kills, restarts and hosts: `run.py [pytest arguments]`."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    settings = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        f"--rootdir={HERE}",
        "--import-mode=importlib",
    ]
    sys.path.insert(0, str(HERE))
    sys.exit(pytest.main([*settings, *(sys.argv[1:] or [str(HERE)])]))

"""Tests of replay protection with real workers, kills, restarts and hosts: `run.py [pytest arguments]`."""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    os.chdir(HERE)  # the default folder of pytest
    sys.path.insert(0, str(HERE))
    settings = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        f"--rootdir={HERE}",
        "--import-mode=importlib",
    ]
    sys.exit(pytest.main([*settings, *sys.argv[1:]]))

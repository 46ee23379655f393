"""Runs the replay-protection tests with real servers that have several workers or share a Redis server.

Usage: run.py [PYTEST ARGUMENTS]
"""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    os.chdir(HERE)  # by default, pytest runs the tests in the current folder
    sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
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

"""`make dist` and `make bench` build the wheel with the profile of this program."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "training.py"


def test_the_training_program_of_release_builds_runs():
    subprocess.run([sys.executable, str(PROGRAM)], check=True, capture_output=True)

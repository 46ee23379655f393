"""Runs the training program. `make dist` and `make bench` use its profile to optimize the wheel."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / "training.py"


def test_the_training_program_of_release_builds_runs():
    subprocess.run([sys.executable, str(PROGRAM)], check=True, capture_output=True)

"""Checks settings.py with mypy and pyright. They must report an error on each line with the comment `wrong`
and on no other line."""

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTINGS = HERE / "settings.py"
PYRIGHT = HERE / "node_modules/pyright/index.js"


def marked() -> set[int]:
    """Returns the line numbers of the comments `wrong`."""
    lines = SETTINGS.read_text().splitlines()
    return {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}


def of_mypy() -> set[int]:
    """Returns the line numbers where mypy reports an error."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--cache-dir",
        "/dev/null",
        SETTINGS,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=HERE)
    if ran.returncode not in (0, 1):
        sys.exit(f"mypy could not run: {ran.stderr}")
    return {int(number) for number in re.findall(r"settings\.py:(\d+): error", ran.stdout)}


def of_pyright() -> set[int]:
    """Returns the line numbers where pyright reports an error."""
    command = ["node", PYRIGHT, "--outputjson", "--pythonpath", sys.executable, SETTINGS]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=HERE)
    if ran.returncode not in (0, 1):
        sys.exit(f"pyright could not run: {ran.stdout}{ran.stderr}")
    found = json.loads(ran.stdout)["generalDiagnostics"]
    return {each["range"]["start"]["line"] + 1 for each in found if each["severity"] == "error"}


def main() -> int:
    """Prints the lines where a type checker and the comments disagree."""
    lines = SETTINGS.read_text().splitlines()
    wanted = marked()
    differences = 0
    for tool, found in {"mypy": of_mypy(), "pyright": of_pyright()}.items():
        for number in sorted(found ^ wanted):
            differences += 1
            kind = "accepted" if number in wanted else "rejected"
            print(f"{tool}: line {number} is {kind}: {lines[number - 1]}")
        print(f"{tool:8} {len(wanted)} wrong lines, {len(found & wanted)} found")
    return 1 if differences or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Prints the lines of code of the core crate at a commit, without tests, comments and blank lines.

Usage: scripts/core-lines.py [COMMIT...]
"""

import re
import subprocess
import sys

UNIT_TESTS = re.compile(r"^#\[cfg\(test\)\]\n(?:#\[(?:.|\n)*?\]\n)*mod tests \{", re.MULTILINE)


def git(*arguments: str) -> str:
    """Returns the output of a git command."""
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def lines(source: str) -> int:
    """Returns the lines of code in a source file. Unit tests are at the end of the file."""
    code = UNIT_TESTS.split(source)[0]
    return sum(1 for line in code.splitlines() if line.strip() and not line.strip().startswith("//"))


def main() -> None:
    """Prints a line for each commit."""
    for commit in sys.argv[1:] or ["HEAD"]:
        files = git("ls-tree", "-r", "--name-only", commit, "core/src").splitlines()
        sources = [file for file in files if file.endswith(".rs") and not re.search(r"/tests(/|\.rs)", file)]
        print(commit, sum(lines(git("show", f"{commit}:{file}")) for file in sources))


if __name__ == "__main__":
    main()

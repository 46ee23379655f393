"""Runs the tests for key rotation, rollback, secret stores and alerts with real servers.

Usage: run.py [PYTEST ARGUMENTS]

Prints a table and `N passed, N failed`. The exit code is 1 if a test fails.
"""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SETTINGS = ["-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:terminal", "--import-mode=importlib"]


class Table:
    """A pytest plugin that prints one line for each test, with the measurements that the test recorded."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts each test once it has run, or if its setup or teardown fails."""
        if report.when != "call" and not report.failed:
            return
        figures = "".join(f"; {value}" for _, value in report.user_properties)
        verdict = "FAILED" if report.failed else "ok"
        name = report.nodeid.rsplit("::", 1)[-1].removeprefix("test_").replace("_", " ")
        print(f"  {verdict:7}{report.duration:6.1f} s  {name}{figures}", flush=True)
        if report.failed:
            print(report.longreprtext, flush=True)
        self.passed += not report.failed
        self.failed += report.failed

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Counts a test file that cannot be imported as a failed test."""
        if report.failed:
            print(report.longreprtext)
            self.failed += 1


def main(arguments: list[str]) -> int:
    """Runs pytest with these arguments, or runs all tests if there are none."""
    sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
    table = Table()
    status = pytest.main([*SETTINGS, f"--rootdir={HERE}", *(arguments or [str(HERE)])], plugins=[table])
    print(f"{table.passed} passed, {table.failed} failed")
    return int(status != 0 or table.passed == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

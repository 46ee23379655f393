#!/usr/bin/env python3
"""Runs the shared test vectors in all languages and compares the results line by line.

The program first runs its own tests and checks that the vector files are valid and up to date. Then each
runner reads the files and prints one line per test case. A different, missing or additional line is a
failure.
"""

import argparse
import shlex
import subprocess
import sys

import expected
import runners

MOST_SHOWN = 20  # the maximum number of differences to print for each language


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=runners.LANGUAGES, metavar="LANGUAGE", help="run only these languages"
    )
    parser.add_argument(
        "--match", default="", help="show only differences in test cases whose name contains this text"
    )
    parser.add_argument(
        "--runner",
        metavar="COMMAND",
        help="use only this runner, which was built for another platform; --only selects its language (default: c)",
    )
    chosen = parser.parse_args()
    runners.given = shlex.split(chosen.runner or "")
    languages = chosen.only or (["c"] if chosen.runner else runners.built())
    lines = expected.expected_lines()
    # With --runner, the vectors are not checked, because a complete run on another platform already does so.
    failed = 0 if chosen.runner else check_vectors() + check_reasons(lines)
    results = {language: judge(language, lines, chosen.match) for language in languages}
    print_table(lines, results)
    passed = sum(len(agreed) for agreed, _ in results.values())
    failed += sum(differing for _, differing in results.values())
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def check_vectors() -> int:
    """Checks the vector files and runs the tests of this program. Returns the number of failed steps."""
    vectors, own = expected.VECTORS, runners.HERE
    checks = [
        [str(vectors / "generate.py"), "--check"],
        [str(vectors / "check.py")],
        ["-m", "unittest", "discover", "--quiet", "--start-directory", str(own)],
    ]
    return sum(subprocess.run([sys.executable, *check]).returncode != 0 for check in checks)


# The test vectors cannot cause these rejection reasons, which need the timer of a server or a nearly full
# replay table. Other tests cover them.
TIMED_OR_SHARED = {"body_timeout", "sender_share_exceeded"}


def check_reasons(lines: dict[str, str]) -> int:
    unreached = runners.reasons() - expected.reasons_reached(lines) - TIMED_OR_SHARED
    for reason in sorted(unreached):
        print(f"no test vector causes {reason}")
    return len(unreached)


def judge(language: str, lines: dict[str, str], match: str) -> tuple[set[str], int]:
    """Runs the test vectors in one language. Returns the names of the test cases with the expected result,
    and the number of all other results."""
    wanted = expected.cases_of(language, lines)
    try:
        results = runners.results(language, expected.vector_paths())
    except runners.RunnerError as error:
        print(f"{language}: {error}")
        return set(), len(wanted)
    results = {name: result for name, result in results.items() if name in wanted or name not in lines}
    in_detail = language == "rust"  # the Rust runner prints all details
    agreed = {name for name in wanted if expected.agree(results.get(name), lines[name], in_detail=in_detail)}
    differing = sorted((wanted | set(results)) - agreed, key=[*lines, *results].index)
    show(language, [name for name in differing if match in name], lines, results)
    return agreed, len(differing)


def show(language: str, names: list[str], lines: dict[str, str], results: dict[str, str]) -> None:
    for name in names[:MOST_SHOWN]:
        print(
            f"{language}: {name}\n  expected {lines.get(name, 'no such case')}\n  printed  {results.get(name, 'nothing')}"
        )
    if len(names) > MOST_SHOWN:
        print(f"{language}: and {len(names) - MOST_SHOWN} more")


def print_table(lines: dict[str, str], results: dict[str, tuple[set[str], int]]) -> None:
    """Prints a table of the correct and total test cases for each file and language."""
    print(f"\n{'file':<20}{'lines':>7}" + "".join(f"{language:>10}" for language in results))
    for file in expected.FILES:
        names = {name for name in lines if name.startswith(f"{file}:")}
        cells = [cell(names & expected.cases_of(it, lines), agreed) for it, (agreed, _) in results.items()]
        print(f"{file:<20}{len(names):>7}" + "".join(f"{text:>10}" for text in cells))
    totals = "".join(f"{len(agreed):>10}" for agreed, _ in results.values())
    print(f"{'all':<20}{len(lines):>7}{totals}")


def cell(wanted: set[str], agreed: set[str]) -> str:
    return f"{len(agreed & wanted)}/{len(wanted)}" if wanted else "not run"


if __name__ == "__main__":
    sys.exit(main())

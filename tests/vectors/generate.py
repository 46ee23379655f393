#!/usr/bin/env python3
"""Writes the vector files. With --check, checks whether they are up to date instead."""

import argparse
import importlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
# For each vector file, the modules in `cases` with its test cases.
FILES = {
    "rfc4231": ["rfc4231"],
    "pairwise": ["pairwise", "pairwise_refused"],
    "client": ["client", "client_refused"],
    "message": ["rfc9421", "message", "message_refused"],
    "response": ["response"],
    "connection_string": ["connection_string"],
    "keys": ["keys"],
    "replay": ["replay"],
    "policy": ["policy"],
    "bypass": ["bypass"],
    "multi": ["multi"],
    "url": ["url"],
    "explain": ["explain"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs")
    check = parser.parse_args().check
    stale = [name for name in FILES if not up_to_date(name, check)]
    for name in stale:
        print(f"{name}.json is out of date; run tests/vectors/generate.py and review the difference")
    return 1 if stale else 0


def up_to_date(name: str, check: bool) -> bool:
    path, text = HERE / f"{name}.json", render(name)
    if check:
        return path.exists() and path.read_text() == text
    path.write_text(text)
    return True


def render(name: str) -> str:
    """Returns the text of a vector file. Each test case is one line, so that a diff shows complete test
    cases."""
    modules = [importlib.import_module(f"cases.{module}") for module in FILES[name]]
    cases = [case for module in modules for case in module.cases()]
    refuse_equal_names(cases)
    lines = ",\n".join("  " + json.dumps(case, ensure_ascii=True) for case in cases)
    head = json.dumps({"$schema": "schema.json", "about": importlib.import_module(f"cases.{name}").ABOUT})[
        :-1
    ]
    return f'{head}, "cases": [\n{lines}\n]}}\n'


def refuse_equal_names(cases: list[dict]) -> None:
    names = [case["name"] for case in cases]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise SystemExit(f"two test cases have the same name: {', '.join(sorted(doubled))}")


if __name__ == "__main__":
    sys.exit(main())

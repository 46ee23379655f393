"""Runs the shared vectors with this package."""

from __future__ import annotations

import importlib.util
import pathlib
import subprocess
import sys

CONFORMANCE = pathlib.Path(__file__).parent.parent.parent / "tests" / "conformance"


def expectations():
    spec = importlib.util.spec_from_file_location("expected", CONFORMANCE / "expected.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_vector_has_the_expected_result():
    expected = expectations()
    paths = [str(path) for path in expected.vector_paths()]
    command = [sys.executable, str(CONFORMANCE / "python_runner.py"), *paths]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answers = dict(line.split(" ", 1) for line in printed.splitlines())
    lines = expected.expected_lines()
    asked = expected.cases_of("python", lines)
    assert len(asked) > 500
    wrong = {
        name: (lines[name], answers.get(name))
        for name in asked
        if not expected.agree(answers.get(name), lines[name], in_detail=False)
    }
    assert wrong == {}

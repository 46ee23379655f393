"""Tests `run.py`. It must fail if a result is wrong, missing or unexpected, or if a runner fails.

Run with `python3 -m unittest discover -s tests/conformance`.
"""

import contextlib
import io
import unittest
from unittest import mock

import expected
import run
import runners


class Judging(unittest.TestCase):
    """Tests that every difference from the expected lines is reported."""

    def setUp(self):
        self.lines = expected.expected_lines()
        self.name = "client:client-missing-signature"

    def judge(self, language, change):
        results = dict(self.lines)
        change(results)
        with mock.patch.object(runners, "results", return_value=results), quiet():
            return run.judge(language, self.lines, "")[1]

    def test_equal_lines_are_accepted(self):
        self.assertEqual(self.judge("rust", lambda results: None), 0)

    def test_a_different_line_fails(self):
        self.assertEqual(self.judge("rust", lambda results: results.update({self.name: "accepted"})), 1)

    def test_a_missing_line_fails(self):
        self.assertEqual(self.judge("c", lambda results: results.pop(self.name)), 1)

    def test_an_additional_line_fails(self):
        self.assertEqual(
            self.judge("node", lambda results: results.update({"client:nobody-asked": "valid"})), 1
        )

    def test_every_case_fails_if_there_is_no_output(self):
        asked = expected.cases_of("python", self.lines)
        self.assertEqual(self.judge("python", lambda results: results.clear()), len(asked))

    def test_details_may_be_missing_but_not_wrong(self):
        line, _, _ = self.lines[self.name].partition("\t")
        self.assertEqual(self.judge("c", lambda results: results.update({self.name: line})), 0)
        self.assertEqual(self.judge("rust", lambda results: results.update({self.name: line})), 1)
        self.assertEqual(
            self.judge("c", lambda results: results.update({self.name: f"{line}\tfield=host"})), 1
        )

    def test_every_case_fails_if_the_runner_does_not_start(self):
        asked = expected.cases_of("node", self.lines)
        with mock.patch.object(runners, "results", side_effect=runners.RunnerError("gone")), quiet():
            self.assertEqual(run.judge("node", self.lines, "")[1], len(asked))


class Running(unittest.TestCase):
    """Tests that the output of the runners is validated. Runners are separate programs, so their output may
    be invalid."""

    def results(self, script):
        with mock.patch.object(runners, "command", return_value=["sh", "-c", script]):
            return runners.results("c", [])

    def test_a_repeated_line_is_an_error(self):
        with self.assertRaises(runners.RunnerError):
            self.results("printf 'a:b valid\\na:b valid\\n'")

    def test_headers_in_hex_are_hashed(self):
        digest = expected.headers_digest([["A", "b"]])
        self.assertEqual(self.results("printf 'a:b headers 613a20620a\\n'"), {"a:b": f"signed {digest}"})

    def test_a_crash_after_complete_output_is_a_failure(self):
        with self.assertRaises(runners.RunnerError):
            self.results("printf 'a:b valid\\n'; exit 3")


def quiet():
    return contextlib.redirect_stdout(io.StringIO())


if __name__ == "__main__":
    unittest.main()

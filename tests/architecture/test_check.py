"""Tests that the architecture check reports repeated rules in every language, and nothing else.

Each test copies the core crate to a temporary directory, adds a short file to a binding, and compares the
reported messages.
"""

import shutil
import tempfile
import unittest
from pathlib import Path

import check

ROOT = Path(__file__).parents[2]
RUST = "ffi-c/src/planted.rs"
PYTHON = "bindings-python/python/sealwire/planted.py"
NODE = "bindings-node/planted.js"
TYPES = "bindings-node/planted.d.ts"

PLANTED = (
    (RUST, 'const NAME: &str = "x-signature";', "header name 'x-signature'"),
    (RUST, 'let text = format!("{id}:{ts}");', "separator ':'"),
    (RUST, "enum Status { UnknownClient = 20 }", "rejection number 'unknown_client = 20'"),
    (
        RUST,
        "match reason { 20 => Reason::UnknownClient, _ => other }",
        "rejection number 'unknown_client = 20'",
    ),
    (RUST, "let past = 300_000_u64;", "number '300000'"),
    (RUST, r'let hidden = "\x58-Signature";', "header name 'x-signature'"),
    (PYTHON, 'name = request.headers[b"X-Service-Name"]', "header name 'x-service-name'"),
    (PYTHON, 'base = f"{ts}.{sender}.{body}"', "separator '.'"),
    (PYTHON, 'base = ":".join(parts)', "separator ':'"),
    (PYTHON, 'if code == "replayed": pass', "rejection name 'replayed'"),
    (PYTHON, 'log("refused: stale_timestamp")', "rejection name 'stale_timestamp'"),
    (PYTHON, 'answer("Replay detected")', "text 'Replay detected'"),
    (PYTHON, 'body = \'{"error": "Replay detected"}\'', "text 'Replay detected'"),
    (PYTHON, "status = 503", "number '503'"),
    (NODE, "res.status(401).end(text);", "number '401'"),
    (NODE, "const base = `${id}:${ts}`;", "separator ':'"),
    (NODE, "const base = id + ':' + ts;", "separator ':'"),
    (NODE, "const base = [id, ts].join(':');", "separator ':'"),
    (NODE, 'const text = "Buffer Doesn\'t match";', 'text "Buffer Doesn\'t match"'),
    (NODE, "const text = 'Buffer Doesn\\'t match';", 'text "Buffer Doesn\'t match"'),
    (NODE, "const codes = { MISSING_HEADERS: 10 };", "rejection number 'missing_headers = 10'"),
    (TYPES, "type Code = 'unknown_client' | 'other';", "rejection name 'unknown_client'"),
)

INNOCENT = (
    (RUST, '/// Reads `X-Signature`.\n// 401 "Replay detected"\n/* stale_timestamp */ fn read() {}'),
    (RUST, '#[allow(dead_code, reason = "Replay detected")]\nfn read() {}'),
    (RUST, 'fn read() {}\n#[cfg(test)]\nmod tests {\n    const NAME: &str = "X-Signature";\n}'),
    (RUST, 'let text = "given twice";'),
    (RUST, "let status = reason.http_status(); let name = client::SIGNATURE; let code = reason.number();"),
    (
        PYTHON,
        '"""Responds with 401 `Replay detected`; reads X-Signature."""\nstatus = rejected.status  # 401',
    ),
    (PYTHON, 'text = f"{name}: {detail}"\nparts = ", ".join(names)'),
    (NODE, "// 'X-Signature'\n/* 401 */\nconst status = error.status; const signature = 'signed';"),
    (NODE, "const line = `${name}: ${detail}`; const quoted = /'X/.test(line);"),
)


class Planted(unittest.TestCase):
    """Tests with a temporary directory that contains the core crate and one added file."""

    def setUp(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(ROOT / "core/src", self.root / "core/src")

    def complaints(self, path: str, text: str, *allowed: check.Allowed) -> list[str]:
        """Returns the messages for a file that contains `text`."""
        planted = self.root / path
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text(text + "\n")
        found = list(check.complaints(self.root, list(allowed)))
        planted.unlink()
        return found

    def test_a_repeated_rule_is_reported(self) -> None:
        for path, text, expected in PLANTED:
            with self.subTest(text):
                found = self.complaints(path, text)
                self.assertEqual(
                    [f"{path}:1: {expected} is defined in the core crate; use its definition"],
                    sorted(set(found)),
                )

    def test_comments_docstrings_and_tests_may_contain_rules(self) -> None:
        for path, text in INNOCENT:
            with self.subTest(text):
                self.assertEqual([], self.complaints(path, text))

    def test_the_line_of_the_repeated_rule_is_reported(self) -> None:
        found = self.complaints(NODE, "/* one\n two */\nconst a = 1;\nconst b = 'x-signature';")
        self.assertEqual(1, len(found))
        self.assertTrue(found[0].startswith(f"{NODE}:4: "), found)

    def test_an_exception_applies_to_one_rule_in_one_file(self) -> None:
        exception = check.Allowed(PYTHON, "503", "a reason that is long enough")
        self.assertEqual([], self.complaints(PYTHON, "status = 503", exception))
        self.assertEqual(1, len(self.complaints(PYTHON, "status = 503; other = 401", exception)))

    def test_an_unused_exception_is_reported(self) -> None:
        exception = check.Allowed(PYTHON, "503", "a reason that is long enough")
        found = self.complaints(PYTHON, "status = 500", exception)
        self.assertEqual([f"allowed.toml: {PYTHON} no longer contains '503'; remove the exception"], found)

    def test_an_exception_needs_a_reason(self) -> None:
        listing = self.root / "allowed.toml"
        listing.write_text('[[allowed]]\npath = "a.py"\nrule = "503"\nreason = "because"\n')
        with self.assertRaisesRegex(SystemExit, "reason is missing"):
            check.allowances(listing)

    def test_the_check_fails_if_core_contains_no_rules(self) -> None:
        shutil.rmtree(self.root / "core/src")
        (self.root / "core/src").mkdir()
        found = self.complaints(PYTHON, 'name = "X-Signature"')
        self.assertIn(
            "core/src: no fields found; adapt this check to the source code of the core crate", found
        )

    def test_an_empty_directory_is_reported(self) -> None:
        found = list(check.complaints(self.root, []))
        self.assertIn("no source file found outside the core crate; check the root directory", found)


if __name__ == "__main__":
    unittest.main()

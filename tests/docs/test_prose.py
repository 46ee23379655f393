"""Tests scripts/check-prose.py with good and bad sentences, and with repositories that have different budgets."""

import importlib.util
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/check-prose.py"


def load(script: Path = SCRIPT):
    """Imports the script. An import statement does not work, because the file name contains a hyphen."""
    spec = importlib.util.spec_from_file_location("check_prose", script)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


prose = load()


class Sentences(unittest.TestCase):
    """Tests with sentences from earlier versions of this project and from projects with good documentation."""

    HARD: ClassVar = [
        "What is not in order is refused, loudly, and what was there stays.",
        "Where the file lies when nobody says.",
        "how far a forged body comes is nobody's to measure",
        "Requests are turned away until it answers.",
        "It is told no more than anyone.",
        "Such a request is let through without an identity.",
        "Nothing a peer sends leads to a negative status.",
        "The tests hold each language to the vectors.",
        "Services tell of themselves when they are asked.",
        "How far back a timestamp may lie.",
        "Why a field does not parse.",
        "The header says that the file is whole.",
        "Whether the unsigned user id is believed.",
    ]
    PLAIN: ClassVar = [
        "Verifies a complete request.",
        "When the table is full, new requests are rejected; stored nonces are never evicted.",
        "An invalid file is rejected with an error, and the current keys stay active.",
        "Returns the number of bytes that were read.",
        "Does the server respond to what the client sends?",
        "Also check the error message that the client received.",
        "Whether the key is the primary.",
        "Where the server decodes the path, the raw path is used.",
    ]

    def test_hard_sentences_are_found(self):
        for sentence in self.HARD:
            self.assertTrue(prose.findings("a.md", sentence), sentence)

    def test_plain_sentences_are_not(self):
        for sentence in self.PLAIN:
            self.assertEqual(prose.findings("a.md", sentence), [], sentence)

    def test_words_of_the_list_come_with_a_replacement(self):
        (complaint,) = prose.words("a.md", "This setting mends the broken client.")
        self.assertIn("'mends': write fix, repair", complaint)


class Files(unittest.TestCase):
    """Tests which parts of a file are checked."""

    BAD = "Tells whether the request is turned away."

    def found(self, name: str, text: str) -> int:
        return len(prose.findings(name, text))

    def test_comments_docstrings_and_messages_count(self):
        self.assertEqual(self.found("a.rs", f"/// {self.BAD}\nfn f() {{}}\n"), 1)
        self.assertEqual(self.found("a.rs", f'const TEXT: &str = "{self.BAD}";\n'), 1)
        self.assertEqual(self.found("a.py", f'def f():\n    """{self.BAD}"""\n'), 1)
        self.assertEqual(self.found("a.py", f'raise ValueError("{self.BAD}")\n'), 1)
        self.assertEqual(self.found("a.js", f"// {self.BAD}\n"), 1)
        self.assertEqual(self.found("a.d.ts", f"  /** {self.BAD} */\n"), 1)
        self.assertEqual(self.found("a.yml", f"  summary: {self.BAD}\n"), 1)

    def test_dereferences_in_rust_do_not(self):
        self.assertEqual(self.found("a.rs", f"*slot = {self.BAD}\n"), 0)
        self.assertEqual(self.found("a.c", f" * {self.BAD}\n"), 1)

    def test_added_lines_of_a_docstring_count(self):
        self.assertEqual(self.found("a.py", f'    def f():\n"""{self.BAD}\n'), 1)

    def test_code_in_documents_does_not(self):
        self.assertEqual(self.found("a.md", f"```\n{self.BAD}\n```\n\n    {self.BAD}\n"), 0)

    def test_table_cells_count_one_by_one(self):
        self.assertEqual(self.found("a.md", f"| {self.BAD} | {self.BAD} |\n"), 2)


class Budget(unittest.TestCase):
    """Tests of the budget with a small repository."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "scripts").mkdir()
        (self.root / "scripts/check-prose.py").write_text(SCRIPT.read_text())
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "test")
        self.git("config", "user.email", "test@example.test")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=True)

    def commit(self, comments: int, budget: int) -> None:
        (self.root / "core").mkdir(exist_ok=True)
        bad, good = "// Tells whether the request is turned away.\n\n", "// Verifies a complete request.\n\n"
        (self.root / "core/a.rs").write_text(bad * comments + good * (10 - comments))
        (self.root / prose.BUDGET).write_text(json.dumps({"core": budget}))
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "change")

    def run_check(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "scripts/check-prose.py", *arguments]
        return subprocess.run(command, cwd=self.root, check=False, capture_output=True, text=True)

    def test_within_the_budget(self):
        self.commit(2, 200)
        self.assertEqual(self.run_check().returncode, 0)

    def test_the_whole_repository(self):
        self.commit(2, 200)
        (self.root / prose.BUDGET).write_text(json.dumps({prose.WHOLE: 100}))
        ran = self.run_check()
        self.assertEqual(ran.returncode, 1)
        self.assertIn("repository: ", ran.stderr)

    def test_over_the_budget(self):
        self.commit(3, 200)
        ran = self.run_check()
        self.assertEqual(ran.returncode, 1)
        self.assertIn("core: 300.0 suspicious sentences in a thousand, the budget is 200", ran.stderr)

    def test_a_raised_budget(self):
        self.commit(2, 200)
        self.commit(3, 300)
        ran = self.run_check()
        self.assertEqual(ran.returncode, 1)
        self.assertIn("the budget of core was raised from 200 to 300", ran.stderr)

    def test_lowering(self):
        self.commit(1, 300)
        self.assertEqual(self.run_check("--lower").returncode, 0)
        self.assertEqual(json.loads((self.root / prose.BUDGET).read_text()), {"core": 100})

    def test_lowering_never_raises(self):
        self.commit(3, 1)
        self.assertEqual(self.run_check("--lower").returncode, 1)
        self.assertEqual(json.loads((self.root / prose.BUDGET).read_text()), {"core": 1})


if __name__ == "__main__":
    unittest.main()

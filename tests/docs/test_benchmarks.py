"""Tests the benchmark page with invented measurements: the goals, the comparison of two benchmark runs, and
the summary."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benches"))

import limits
import report
import summary
from absolute import Absolute, longest_claim
from changes import Changes
from judge import judged
from pace import Measured
from results import Outcome
from rows import LANGUAGES

ROUNDS = 12
# The measured programs that appear on the page but not in LANGUAGES, by benchmark.
OTHERS = {
    "longest-claim": ("sealwire", "HashMap with sweep"),
    "python-import": ("sealwire.asgi",),
    "sign-pairwise": ("sealwire", "floor"),
    "verify-pairwise": ("sealwire", "floor"),
    "verify": ("sealwire", "floor"),
}


def outcome(own_ns: float = 100) -> Outcome:
    """Returns invented measurements: Sealwire takes `own_ns`, the baseline `none` takes 10 ns, and all
    others take 1,000 ns."""
    subjects: dict[str, set[str]] = {}
    for row in (row for rows in LANGUAGES.values() for row in rows):
        peers = row.peers or ("another package",)
        subjects.setdefault(row.source, set()).update((row.ours, *peers, "none"))
    for source, names in OTHERS.items():
        subjects.setdefault(source, set()).update(names)
    subjects["python-asgi"].add("BaseHTTPMiddleware")
    subjects["python-all-checks"].add("stdlib + cachetools")
    for source in ("node-all-checks", "node-express"):
        subjects[source].add("node:crypto + lru-cache")
    cost = {"none": 10.0, "sealwire": own_ns}
    measured = {
        source: Measured({name: [cost.get(name, 1000.0)] * ROUNDS for name in names}, [1.0] * ROUNDS, 1.0)
        for source, names in subjects.items()
    }
    memory = {"sealwire": 16.0, "cachetools (Python)": 300.0, "lru-cache (Node)": 130.0}
    return Outcome(
        measured, [Absolute("replay memory per live nonce", "bytes", memory, 20)], {"all": "today"}
    )


class Page(unittest.TestCase):
    def test_a_row_that_became_slower_is_named(self) -> None:
        after = judged(outcome(own_ns=120).measured)
        lines = "\n".join(report.compared(after, Changes(outcome())))
        self.assertIn("Python, connection string, verify (-17 %)", lines)
        self.assertIn("Native sign: 0.12 times the floor; at most 1.8 is reached.", lines)

    def test_equal_runs_have_no_slower_row(self) -> None:
        lines = "\n".join(report.compared(judged(outcome().measured), Changes(outcome())))
        self.assertIn("slower than before: none.", lines)

    def test_a_missed_goal_has_a_reason(self) -> None:
        own = outcome(own_ns=5000)
        absolutes = [*own.absolutes, longest_claim(own.measured)]
        lines = list(report.goals(judged(own.measured), absolutes))
        missed = [line for line in lines if line.startswith("| Python: sign |")]
        self.assertEqual(len(missed), 1)
        self.assertIn("| 0.20 times faster | 10.0 times faster | The hash and an empty call", missed[0])

    def test_a_goal_below_the_time_of_hash_and_interface_is_out_of_reach(self) -> None:
        own = outcome()
        lines = list(limits.table(judged(own.measured), own.measured))
        found = next(line for line in lines if "Node: sign" in line)
        self.assertIn("3.4, **out of reach**", found)

    def test_the_five_figures_have_values_for_both_languages(self) -> None:
        lines = list(summary.table(summary.questions(outcome())))
        self.assertEqual(len(lines), 2 + 5)
        self.assertIn("| Memory for each live nonce | **16.0 bytes** | 300 bytes, cachetools |", lines[5])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Checks the English of documents, comments, docstrings and messages. CONTRIBUTING.md has the rules.

    check-prose.py                  check the repository; exit code 1 on a violation
    check-prose.py FILE...          list the findings in these files
    check-prose.py --changed BASE   list the findings in lines added since the commit BASE
    check-prose.py --lower          write the current rates to the budget where they are lower

Two rules:

- The words in WORDS must not occur in text for users: Markdown, stubs, type declarations, the C header and alerts.
- The number of suspicious sentences in a thousand must not exceed the budget in scripts/prose-budget.json. There is a budget
  for the whole repository, for its documents and for its public documentation. A budget can only decrease.

A suspicious sentence matches a pattern that readers found hard to understand. A match
is only a hint, because the sentence can be good.
"""

import argparse
import ast
import json
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "scripts/prose-budget.json"
# The name of the budget for the whole repository.
WHOLE = "repository"

# Each key is a pattern for a word. The value is the replacement that the error message suggests.
WORDS = {
    r"\b(?:a|an|the|each|every|language|other|thin|\w+'s|Python|Node|native) faces?\b|\bfaces\b": "binding, adapter",
    r"\b(?:in|every|whatever|each|four|other) homes?\b|\bhomes? of (?:the|nonces)\b": "replay store, backend",
    r"\bmend(?:s|ed|ing)?\b": "fix, repair",
    r"\bturn(?:s|ed|ing)? (?:\w+ )?away\b": "reject",
    r"\blet(?:s|ting)? (?:\w+ )?(?:pass|through)\b": "accept",
    r"\baskew\b": "inconsistent",
    r"\bto be had\b": "available",
    r"\bas ever\b": "as usual",
    r"\bof late\b": "recently",
    r"\bwhoever\b|\bsomebody\b": "client, caller, peer",
    r"\bnobody'?s\b": "name the subject",
    r"\blikewise\b": "also, in the same way",
    r"\b(?:thereof|asunder|betwixt)\b": "use a current word",
    r"\bstands? in the way\b": "why the goal was missed",
    r"\bfor want of\b": "because ... is missing",
    r"\bquick(?:er|est)?\b(?= (?:in|to|on|for) )": "fast",
}

# The words after "what" if it is a relative pronoun. "See what is left" and questions are normal English and do not match.
CLAUSE = (
    r"(?:is|was|are|were|has|had|it|they|stands?|both|a|an|the|nearly|services?|follows|comes|came|one|core|callers?"
    r"|this|each|others?|you|we|most|every|remains|belongs|others)"
)
PLAIN = r"(?<!\bfor )(?<!\bsee )(?<!\band )(?<!\bdecide )(?<!\bknow )(?<!\bshows )(?<!\bshow )(?<!\bexactly )"

PATTERNS = {
    "clause in place of a noun": rf"{PLAIN}\bwhat(?:ever)? {CLAUSE}\b(?![^.]*\?)|^What (?![^.]*\?)|\bwhatever\b|\bthat which\b",
    "word of the list": "|".join(WORDS),
    "'tell' or 'say' for report, expose, contain": r"\b(?:is|are|was|were|be) (?:told|said)\b|\b(?:tells?|says?|saying|telling) (?:of|what|whether|so|nothing|no more|how|why)\b",
    "'hold' for check or contain": r"\b(?:held|holds?|holding) (?:\w+ ){0,3}(?:to|against)\b",
    "'sentence' or 'words' for message": r"\b(?:(?:with|in) a sentence|a sentence (?:that|which)|(?:its|the|these|whose) sentences?|sentences are)\b",
    "'answer' for response": r"\b(?:answers?|answered|answering)\b",
    "'stand', 'lie', 'room', 'place' as a metaphor": r"\b(?:stands? (?:in|at|for itself|alone|twice|first|there|ready|beside)|stood|lies? (?:in|on|at|where|ahead|beside)|room for|the room|a place for|in a place|of its own making)\b",
    "'nobody', 'nothing' as the subject": r"(?:^|[.;:] )(?:Nobody|Nothing|No one)\b|\b(?:nobody|no one) (?:\w+s|can|could|has|had|will)\b",
    "inverted opening": r"(?:^|[.;:] )(?:Nor\b|Of (?:a|an|all|any|the|each|those)\b|Where (?:nothing|nobody|none)\b|Such (?:a|an)\b|Only (?:where|then|so)|Not (?:so|that)\b)",
    "old or rare idiom": r"\b(?:be it|by a hair|in company|at hand|goes on|go on as|gives? way|comes? of|becomes? of|makes? of|made of it|as it (?:came|stands)|is no \w+(?: at all)?[.;,]|it serves|for naught|seldom|anew|meanwhile it|in (?:its|their) stead|in vain|so many (?:seconds|bytes|slots|requests)|does without)\b",
    "personification": r"\b(?:says|speaks|believes?|believed|hears|vouches|forgets|forgotten|remembers|remembered|is asked|are asked)\b",
    "'leave out' for omit": r"\b(?:leav(?:e|es|ing)|left) (?:\w+ ){0,3}out\b",
    "'of its own' for own, separate": r"\bof (?:its|your|their|our) own[.,;:)]?(?: (?:in|as|for|that|with|without)\b|$)",
    "'names' as a verb for contain, identify": r"\b(?:errors?|messages?|which|that|it|log|line|warning) names? (?:the|it|both|an?|every|each|its)\b",
    "'hold' for contain": r"\b(?:holds?|holding) (?:secrets|keys|an?|no|all|every|each|one|more|two|them|what|anything|nothing|any)\b(?! (?:shared |exclusive )?(?:lock|mutex|handle))",
    "'ask' for request, query": r"\basks? (?:the|of|for|it|them|which|whether)\b|\basked (?:for|of|to|by)\b",
    "'tell from' for distinguish": r"\btell(?:s|ing)? (?:\w+ ){1,3}(?:apart|from)\b|\bbe told (?:apart|from)\b",
    "question word in place of a noun": r"^(?:How (?:far|long|much|many|often|old|full)|Where|Why) (?!to\b)(?![^.]*\?)(?![^.]*, )",
}
# These patterns depend on the capital letter at the start of a sentence.
CASED = ("'nobody', 'nothing' as the subject", "inverted opening", "question word in place of a noun")
COMPILED = {
    kind: re.compile(pattern, 0 if kind in CASED else re.IGNORECASE) for kind, pattern in PATTERNS.items()
}

SOURCE = (".rs", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".c", ".h", ".cpp")
PROSE = (".md", ".py", ".pyi", *SOURCE)
PUBLIC = re.compile(r"\.md$|\.d\.ts$|\.pyi$|^include/|^monitoring/.*\.yml$")
# Files that are not checked: generated files, copied files, and files that quote the words.
SKIPPED = re.compile(
    r"(^|/)(node_modules|records|structured-fields)/|(^|/)LICENSE|package-lock|\.svg$"
    r"|^scripts/check-prose\.py$|^tests/docs/test_prose\.py$|^CONTRIBUTING\.md$"
)


@dataclass(frozen=True)
class Finding:
    """A sentence with the patterns it matches."""

    path: str
    sentence: str
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence[:200]}\n    {'; '.join(self.kinds)}"


def main() -> int:
    """Runs the mode that the arguments select."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--changed", metavar="BASE")
    parser.add_argument("--lower", action="store_true")
    options = parser.parse_args()
    if options.changed:
        return listed(f for path, text in added(options.changed) for f in findings(path, text))
    if options.files:
        return listed(f for name in options.files for f in findings(name, Path(name).read_text()))
    return repository(options.lower)


def listed(found: Iterator[Finding]) -> int:
    """Prints findings. Returns the exit code 0, because findings are hints."""
    for finding in found:
        print(finding)
    return 0


def repository(lower: bool) -> int:
    """Checks all tracked files against the word list and the budget."""
    counts: Counter[str] = Counter()
    sentences_in: Counter[str] = Counter()
    wrong = []
    for path, text in tracked():
        counts[area(path)] += len(findings(path, text))
        sentences_in[area(path)] += sum(1 for part in prose(path, text) for _ in sentences(part))
        if PUBLIC.search(path):
            wrong += words(path, text)
    rates = rates_of(counts, sentences_in)
    budget = json.loads((ROOT / BUDGET).read_text()) if (ROOT / BUDGET).exists() else dict(rates)
    if lower:
        budget = {name: min(allowed, math.ceil(rates.get(name, 0))) for name, allowed in budget.items()}
        (ROOT / BUDGET).write_text(json.dumps(budget, indent=2) + "\n")
    wrong += over_budget(rates, budget) + raised(budget)
    for complaint in wrong:
        print(complaint, file=sys.stderr)
    total, found = sum(sentences_in.values()), sum(counts.values())
    print(
        f"prose: {found} suspicious of {total} sentences, {rates[WHOLE]:.1f} in a thousand, budget {budget.get(WHOLE)}"
    )
    for name in sorted(counts):
        allowed = f", budget {budget[name]}" if name in budget else ""
        print(f"    {name}: {counts[name]} of {sentences_in[name]}, {rates[name]:.1f} in a thousand{allowed}")
    return 1 if wrong else 0


def rates_of(counts: Counter[str], sentences_in: Counter[str]) -> dict[str, float]:
    """Returns the number of suspicious sentences in a thousand, for each area and for the whole repository."""
    rates = {name: 1000 * counts[name] / max(sentences_in[name], 1) for name in sentences_in}
    rates[WHOLE] = 1000 * sum(counts.values()) / max(sum(sentences_in.values()), 1)
    return rates


def over_budget(rates: dict[str, float], budget: dict[str, float]) -> list[str]:
    """Returns an error for each area that exceeds its budget."""
    return [
        f"{name}: {rates.get(name, 0):.1f} suspicious sentences in a thousand, the budget is {allowed}; list yours with "
        f"scripts/check-prose.py --changed main"
        for name, allowed in budget.items()
        if rates.get(name, 0) > allowed
    ]


def raised(budget: dict[str, float]) -> list[str]:
    """Returns an error for each budget that is higher than in one of the last two commits of the budget file."""
    history = git("log", "-2", "--format=%H", "--", BUDGET).split()
    complaints = []
    for commit in history:
        try:
            before = json.loads(git("show", f"{commit}:{BUDGET}"))
        except (subprocess.CalledProcessError, json.JSONDecodeError):
            continue
        complaints += [
            f"{BUDGET}: the budget of {name} was raised from {before[name]} to {value}"
            for name, value in budget.items()
            if value > before.get(name, value)
        ]
    return sorted(set(complaints))


def area(path: str) -> str:
    """Returns the area of a file. An area is the documents, the public documentation, or a top-level folder."""
    if path.endswith(".md"):
        return "documents"
    if PUBLIC.search(path):
        return "public"
    return path.split("/")[0] if "/" in path else "root"


def words(path: str, text: str) -> list[str]:
    """Returns an error for each word of WORDS in a file."""
    found = []
    for part in prose(path, text):
        for sentence in sentences(part):
            for word, better in WORDS.items():
                if match := re.search(word, sentence, re.IGNORECASE):
                    found.append(f"{path}: '{match[0]}': write {better}: {sentence[:120]}")
    return found


def findings(path: str, text: str) -> list[Finding]:
    """Returns the suspicious sentences in a file."""
    found = []
    for part in prose(path, text):
        for sentence in sentences(part):
            kinds = tuple(kind for kind, pattern in COMPILED.items() if pattern.search(sentence))
            if kinds:
                found.append(Finding(path, sentence, kinds))
    return found


def sentences(text: str) -> Iterator[str]:
    """Returns the sentences of a text with at least four words. Code is replaced by `x`."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "`x`", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    for sentence in re.split(r"(?<=[.!?:])[*_)\"']*\s+(?=[A-Z`'\"*(\[-])", re.sub(r"\s+", " ", text)):
        if len(re.findall(r"[A-Za-z']+", sentence)) >= 4:
            yield sentence.strip()


def prose(path: str, text: str) -> list[str]:
    """Returns the parts of a file that are written in English."""
    suffix = Path(path).suffix
    if suffix == ".md":
        return markdown(text)
    if suffix in (".py", ".pyi"):
        return python(text)
    if suffix in SOURCE:
        return comments(text, suffix) + (messages(text) if not is_test(path) else [])
    if suffix == ".yml":
        return re.findall(r"^\s*(?:#|summary:|description:)\s*(.*)$", text, re.MULTILINE)
    return []


def is_test(path: str) -> bool:
    return bool(re.search(r"(^|/)(tests?|benches|fuzz|examples)/|[._]test\.|tests?\.rs$", path))


def markdown(text: str) -> list[str]:
    """Returns paragraphs, list entries and table cells, without code and generated blocks."""
    text = re.sub(r"```.*?```", "\n\n", text, flags=re.DOTALL)
    text = re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", "\n\n", text, flags=re.DOTALL)
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=#)", text)
    found = []
    for part in parts:
        if part.lstrip().startswith("|"):
            found += [cell for line in part.splitlines() for cell in line.split("|")]
        elif not part.startswith("    "):
            found.append(re.sub(r"^\s*(?:[-*]|\d+\.|#+)\s+", "", part))
    return found


def comments(text: str, suffix: str) -> list[str]:
    """Returns line comments and block comments. Consecutive lines are joined."""
    # In Rust, `*` at the start of a line is an operator, because the project has no Rust block comments.
    marks = r"\s*//[/!]?\s?(.*)" if suffix == ".rs" else r"\s*(?://[/!]?|\*(?!/)|/\*\*?)\s?(.*)"
    runs: list[str] = []
    run: list[str] = []
    for line in text.splitlines():
        found = re.match(marks, line) or re.match(r".*?\s//\s(.*)", line)
        content = found[1].strip("*/ ") if found else ""
        if content and not content.startswith(("|", "eslint", "@")):
            run.append(content)
        elif run:
            runs.append(" ".join(run))
            run = []
    return runs + ([" ".join(run)] if run else [])


def messages(text: str) -> list[str]:
    """Returns string literals that contain a sentence, which are messages for users."""
    code = re.sub(r"^\s*(?://|\*|/\*).*$", "", text, flags=re.MULTILINE)
    code = code.split("#[cfg(test)]")[0]
    literals = re.findall(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', code)
    return [text for text in map("".join, literals) if len(re.findall(r"\b[a-z]{2,}\b", text)) >= 5]


def python(text: str) -> list[str]:
    """Returns the comments, docstrings and messages of a Python file. If the text does not parse, only comments and docstrings."""
    found = re.findall(r"(?:^|\s)#\s(.*)$", text, re.MULTILINE)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return found + re.findall(r'"""(.*?)(?:"""|\Z)', text, re.DOTALL)
    return found + [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(re.findall(r"\b[a-z]{2,}\b", node.value)) >= 4
    ]


def tracked() -> Iterator[tuple[str, str]]:
    """Returns the files in the repository that contain prose."""
    for name in git("ls-files").splitlines():
        if not checked(name):
            continue
        path = ROOT / name
        if path.is_file():
            yield name, path.read_text(errors="replace")


def added(base: str) -> Iterator[tuple[str, str]]:
    """Returns for each file the lines that were added since a commit."""
    lines: dict[str, list[str]] = {}
    name = None
    for line in git("diff", "-U0", base, "--").splitlines():
        if line.startswith("+++ "):
            name = line[6:] if line != "+++ /dev/null" else None
        elif name and line.startswith("+") and checked(name):
            lines.setdefault(name, []).append(line[1:])
    for path, new in lines.items():
        yield path, "\n".join(new)


def checked(name: str) -> bool:
    return not SKIPPED.search(name) and (Path(name).suffix in PROSE or bool(PUBLIC.search(name)))


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())

"""The five charts at the top of the page, which compare Sealwire with the code that it replaces in Python and
Node."""

import json
import statistics
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import peers
from figures import Rounds, added
from results import Outcome


@dataclass(frozen=True)
class Pair:
    """The results of Sealwire and of the code that it replaces, in the same unit."""

    own: float
    other: float
    against: str


@dataclass(frozen=True)
class Question:
    """A question that users ask, with a pair of results for each language."""

    title: str
    unit: str
    python: Pair
    node: Pair


def questions(outcome: Outcome) -> list[Question]:
    def taken(source: str, peer: str, against: str, read: Callable[[Rounds, str], float]) -> Pair:
        rounds = outcome.measured[source].counted
        return Pair(read(rounds, "sealwire"), read(rounds, peer), against)

    python, node = "standard library and cachetools", "node:crypto and lru-cache"
    by_hand = "node:crypto + lru-cache"
    command = "`SET` by hand"
    memory = next(row.figures for row in outcome.absolutes if "per live nonce" in row.work)
    return [
        Question(
            "A verification with all checks",
            "µs",
            taken("python-all-checks", "stdlib + cachetools", python, microseconds),
            taken("node-all-checks", by_hand, node, microseconds),
        ),
        Question(
            "Middleware, added to a request",
            "µs",
            taken("python-asgi", "BaseHTTPMiddleware", "BaseHTTPMiddleware", added_microseconds),
            taken("node-express", by_hand, node, microseconds),
        ),
        Question(
            "A claim in Redis, 32 requests at a time",
            "µs",
            taken("python-store-32", "SET by hand", command, microseconds),
            taken("node-store-32", "SET by hand", command, microseconds),
        ),
        Question(
            "Memory for each live nonce",
            "bytes",
            Pair(memory["sealwire"], memory["cachetools (Python)"], "cachetools"),
            Pair(memory["sealwire"], memory["lru-cache (Node)"], "lru-cache"),
        ),
        Question(
            "Loading the package",
            "ms",
            taken(
                "python-import",
                "PyJWT without cryptography",
                "PyJWT without cryptography",
                added_milliseconds,
            ),
            taken("node-require", "jose", "jose", added_milliseconds),
        ),
    ]


def microseconds(rounds: Rounds, name: str) -> float:
    return statistics.median(rounds[name]) / 1e3


def added_microseconds(rounds: Rounds, name: str) -> float:
    return statistics.median(added(rounds[name], rounds["none"])) / 1e3


def added_milliseconds(rounds: Rounds, name: str) -> float:
    return added_microseconds(rounds, name) / 1e3


def table(asked: list[Question]) -> Iterator[str]:
    yield "| | Python: Sealwire | Python: other | Node: Sealwire | Node: other |"
    yield "|---|---:|---:|---:|---:|"
    for question in asked:
        cells = [cell for pair in (question.python, question.node) for cell in cells_of(pair, question.unit)]
        yield f"| {question.title} | {' | '.join(cells)} |"


def cells_of(pair: Pair, unit: str) -> tuple[str, str]:
    return f"**{short(pair.own)} {unit}**", f"{short(pair.other)} {unit}, {pair.against}"


def short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def draw(asked: list[Question], path: Path) -> None:
    """Draws the charts in a separate interpreter, because only that one has matplotlib installed."""
    panels = [
        {
            "title": f"{question.title}, {question.unit}",
            "bars": [
                {
                    "language": language,
                    "own": pair.own,
                    "other": pair.other,
                    "against": pair.against.replace("`", ""),
                }
                for language, pair in (("Python", question.python), ("Node", question.node))
            ],
        }
        for question in asked
    ]
    plot = [str(peers.PYTHON), str(Path(__file__).parent / "plot.py"), str(path)]
    subprocess.run(plot, input=json.dumps(panels), check=True, text=True)

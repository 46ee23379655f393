"""The page order in the navigation. A page that is not listed is added to the guides."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

Entry = str | tuple[str, list["Entry"]]

LISTED: list[Entry] = [
    "index.md",
    ("Get started", [
        "start/index.md", "start/fastapi.md", "start/flask.md", "start/django.md", "start/express.md", "start/fastify.md",
        "start/nuxt.md", "start/axum.md", "start/c.md", "start/rotate.md", "start/explain.md",
        "start/examples.md",
    ]),
    ("Concepts", [
        "concepts/request.md", "concepts/rotation.md", "concepts/replay-window.md", "schemes.md", "architecture.md",
        "threat-model.md",
    ]),
    ("Guides", [
        "rollout.md", "key-rotation.md", "operations.md", "guides/migration-python.md", "guides/migration-node.md",
        "proxies.md", "retries.md", "websockets.md", "testing.md", "edge.md", "replay.md", "caches.md", "scale.md",
        "platforms.md",
    ]),
    ("Languages", ["languages/python.md", "languages/node.md", "languages/rust.md", "languages/c.md"]),
    ("Reference", [
        "settings.md",
        ("Rejections", ["reasons.md", "reasons/*"]),
        ("Start-up errors", ["errors.md", "errors/*"]),
        ("Python API", ["reference/python/*"]),
        ("Node.js API", ["reference/node/*"]),
        "reference/c.md",
        "reference/rust.md",
        "reference/vectors.md",
    ]),
    "playground.md",
    ("Project", [
        "security.md", "platforms.md", "benchmarks.md", ("Decisions", ["decisions/*"]), "project/contributing.md", "project/security.md",
        "project/changelog.md",
    ]),
]  # fmt: skip
NOT_LISTED = {"project/readme.md"}


def navigation(docs: Path) -> str:
    """Returns the navigation in TOML. Pages that do not exist are omitted."""
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")} - NOT_LISTED
    entries = list(_resolved(LISTED, pages))
    rest = sorted(pages - set(_paths(entries)))
    guides = next(entry for entry in entries if isinstance(entry, tuple) and entry[0] == "Guides")
    guides[1].extend(rest)
    return f"nav = {_toml(entries, docs)}"


def _resolved(entries: list[Entry], pages: set[str]) -> Iterator[Entry]:
    for entry in entries:
        if isinstance(entry, tuple):
            inner = list(_resolved(entry[1], pages))
            if inner:
                yield entry[0], inner
        elif entry.endswith("/*"):
            yield from sorted(page for page in pages if page.startswith(entry[:-1]))
        elif entry in pages:
            yield entry


def _paths(entries: list[Entry]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, tuple):
            yield from _paths(entry[1])
        else:
            yield entry


def _toml(entries: list[Entry], docs: Path) -> str:
    parts = [
        f"{{ {json.dumps(entry[0])} = {_toml(entry[1], docs)} }}"
        if isinstance(entry, tuple)
        else f"{{ {json.dumps(title(docs / entry))} = {json.dumps(entry)} }}"
        for entry in entries
    ]
    return f"[{', '.join(parts)}]"


def title(page: Path) -> str:
    """Returns a page's first heading, without markup."""
    heading = re.search(r"^# (.+)$", page.read_text(), re.MULTILINE)
    return (heading[1] if heading else page.stem).replace("`", "")

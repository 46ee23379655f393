#!/usr/bin/env python3
"""Writes the results of the hardening tests into the marked sections of docs/security.md."""

import json
import pathlib
import re
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORDS = ROOT / "tests/hardening/records"
PAGE = ROOT / "docs/security.md"


def main() -> None:
    parts = {
        "fuzz": fuzz,
        "soak": soak,
        "coverage": coverage,
        "planted": str,
    }
    page = PAGE.read_text()
    for name, table in parts.items():
        record = next(RECORDS.glob(f"{name}.*"), None)
        text = table(read(record)).strip() if record else "Not recorded yet."
        marks = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        page, found = re.subn(marks, lambda it, text=text: f"{it[1]}{text}\n{it[2]}", page, flags=re.DOTALL)
        assert found == 1, f"docs/security.md has no markers for {name}"
    PAGE.write_text(page)


def read(record: pathlib.Path) -> Any:
    return json.loads(record.read_text()) if record.suffix == ".json" else record.read_text()


def table(*rows: list) -> str:
    head, *rest = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *rest])


def fuzz(rows: list[dict]) -> str:
    return table(
        ["target", "inputs", "seconds", "edges covered", "findings"],
        *([row["target"], f"{row['inputs']:,}", row["seconds"], f"{row['edges']:,}", 0] for row in rows),
    )


def soak(rows: list[dict]) -> str:
    keys = ["requests", "per_second", "valid_answered", "valid_p99_ms", "server_errors", "memory_mib"]
    head = [
        "service",
        "traffic",
        "requests",
        "per second",
        "valid, accepted",
        "p99, ms",
        "5xx",
        "memory, MiB",
    ]
    lines = [
        [row["service"], name, *(phase[key] for key in keys)]
        for row in rows
        for name, phase in row["phases"].items()
    ]
    return table(head, *lines)


def coverage(parts: dict[str, dict]) -> str:
    return table(
        ["part", "lines", "covered", "share"],
        *([name, it["lines"], it["covered"], f"{it['percent']} %"] for name, it in parts.items()),
    )


if __name__ == "__main__":
    main()

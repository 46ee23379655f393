"""A verifier's log line: JSON of the Python or the Node package, or plain text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from sealwire.secrets._file import Parsed

LINE: Final = re.compile(
    r"request (?:rejected|observed): (?P<reason>\w+), from (?P<sender>.+?): (?P<method>\S+) (?P<path>\S+)"
)


@dataclass(frozen=True, slots=True)
class Logged:
    """What the line tells; None where it does not."""

    reason: str | None = None
    sender: str | None = None
    path: str | None = None
    age_ms: int | None = None
    service: str | None = None


def read(line: str) -> Logged:
    """Reads a line as far as it can be."""
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return of_text(line)
    text = next((record[key] for key in ("message", "msg", "event") if isinstance(record.get(key), str)), "")
    found = of_text(text)
    return Logged(
        field(record, "sealwire_reason", "code") or found.reason,
        field(record, "sealwire_sender", "clientId") or found.sender,
        field(record, "path") or found.path,
        field(record, "sealwire_age_ms", "ageMs"),
        field(record, "sealwire_service"),
    )


def field(record: dict[str, Any], *names: str) -> Parsed:
    """The first of these that is there."""
    return next((record[name] for name in names if record.get(name) is not None), None)


def of_text(text: str) -> Logged:
    """The sentence both packages' plain logs have."""
    found = LINE.search(text)
    if found is None:
        return Logged()
    return Logged(found["reason"], found["sender"], found["path"])

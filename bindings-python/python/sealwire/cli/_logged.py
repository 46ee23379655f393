"""The log line of a verifier: JSON of the Python or Node package, or plain text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

LINE: Final = re.compile(
    r"request (?:rejected|observed): (?P<reason>\w+), from (?P<sender>.+?): (?P<method>\S+) (?P<path>\S+)"
)


@dataclass(frozen=True, slots=True)
class Logged:
    """The values in the log line; None for missing values."""

    reason: str | None = None
    sender: str | None = None
    path: str | None = None
    age_ms: int | None = None
    service: str | None = None


def read(line: str) -> Logged:
    """Parses a line. A field with an unexpected type is treated as absent."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        return of_text(line)
    found = of_text(text_in(record, "message", "msg", "event") or "")
    return Logged(
        text_in(record, "sealwire_reason", "code") or found.reason,
        text_in(record, "sealwire_sender", "clientId") or found.sender,
        text_in(record, "path") or found.path,
        number_in(record, "sealwire_age_ms", "ageMs"),
        text_in(record, "sealwire_service"),
    )


def text_in(record: dict[str, Any], *names: str) -> str | None:
    """Returns the first of these fields that is text."""
    return next((record[name] for name in names if isinstance(record.get(name), str)), None)


MAX_AGE_MS: Final = 10**15


def number_in(record: dict[str, Any], *names: str) -> int | None:
    """Returns the first of these fields that is a number of milliseconds."""
    for name in names:
        value = record.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MAX_AGE_MS:
            return int(value)
    return None


def of_text(text: str) -> Logged:
    """Parses the plain text message of both packages."""
    found = LINE.search(text)
    if found is None:
        return Logged()
    return Logged(found["reason"], found["sender"], found["path"])

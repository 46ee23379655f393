"""Services whose keys are unfit or missing do not start, and say why."""

import re
from collections.abc import Iterator

from . import processes
from .cast import SHORT_SECRET, Keys
from .fleet import Fleet
from .processes import Service
from .siege import gathered
from .table import Row

ENDS_WITHIN_S = 30
TOO_SHORT = f"the secret has {len(SHORT_SECRET)} bytes, fewer than 32"
MISSING = "HMAC_SECRET_<PEER>_PRACTICES"


def rows(keys: Keys) -> Iterator[Row]:
    short = Fleet.of(keys.shortened())
    none = Fleet.of(Keys()).practices
    cases = [
        (short.practices, "FastAPI", "secrets too short", TOO_SHORT),
        (short.iam, "Express", "secrets too short", TOO_SHORT),
        (short.gateway, "Nitro", "secrets too short", TOO_SHORT),
        (short.ledger, "C", "secrets too short", TOO_SHORT),
        (none, "FastAPI", "no secrets", MISSING),
    ]
    for service, _, what, _ in cases:
        service.name = f"{service.name} with {what}".replace(" ", "-")
    with processes.running([service for service, *_ in cases]):
        yield from gathered([one(*case) for case in cases])


def one(service: Service, whom: str, what: str, reason: str) -> Row:
    expected = f"does not start: {reason}"
    ended = service.ends_within(ENDS_WITHIN_S)
    return Row(
        "Operator",
        whom,
        what,
        "",
        expected,
        f"does not start: {said(service, reason)}" if ended else "starts",
        0,
    )


def said(service: Service, reason: str) -> str:
    found = re.search(re.escape(reason), service.log.read_text(errors="replace"))
    return found[0] if found and service.process.returncode != 0 else service.last_words(1).strip()

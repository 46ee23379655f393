"""Tests that a service with invalid or missing keys does not start and reports the reason."""

from collections.abc import Iterator

from . import processes
from .cast import SHORT_SECRET, Keys
from .fleet import Fleet
from .processes import Service
from .siege import gathered
from .table import Row

TOO_SHORT = f"the secret has {len(SHORT_SECRET)} bytes, fewer than 32"
MISSING = "HMAC_SECRET_<PEER>_PRACTICES"


def rows(keys: Keys) -> Iterator[Row]:
    short = Fleet.of(keys.shortened())
    cases = [
        (short.practices, "FastAPI", "secrets too short", TOO_SHORT),
        (short.iam, "Express", "secrets too short", TOO_SHORT),
        (short.gateway, "Nitro", "secrets too short", TOO_SHORT),
        (short.ledger, "C", "secrets too short", TOO_SHORT),
        (short.records, "axum", "secrets too short", TOO_SHORT),
        (short.archive, "actix", "secrets too short", TOO_SHORT),
        (Fleet.of(Keys()).practices, "FastAPI", "no secrets", MISSING),
    ]
    for service, _, what, _ in cases:
        service.name = f"{service.name}, {what}".replace(", ", "-").replace(" ", "-")
    with processes.running([service for service, *_ in cases]):
        yield from gathered([one(*case) for case in cases])


def one(service: Service, whom: str, what: str, reason: str) -> Row:
    """Starts a service with invalid keys and returns its row for the table."""
    expected = f"does not start: {reason}"
    return Row("operator", whom, what, "", expected, outcome(service, reason), None)


def outcome(service: Service, reason: str) -> str:
    if service.comes_up():
        return "starts"
    status = service.process.returncode
    said = service.log.read_text(errors="replace")
    why = reason if reason in said else "but does not report the reason"
    return f"does not start: {why}" if status else "ends with status 0"

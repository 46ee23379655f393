"""Runs the attacks. Receivers with the same response share a row of the table."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

from . import attacks, wire
from .attacks import REASONS, Attack
from .cast import ACCEPTED, AGENT, IAM, PRACTICES, Keys, Role
from .fleet import Fleet
from .honest import shortened
from .processes import Service
from .table import Row
from .victim import Victim, twice
from .wire import Request

ATTACKER = "plain hmac"
REASON = re.compile(rf"\b({'|'.join(sorted(REASONS))})\b")
LOGGED_WITHIN_S = 1

Sending = list[tuple[Service, Request]]


def rows(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    for attack in attacks.ALL:
        schemes = set(attack.scheme.split("+"))
        receivers = [role for role, accepted in ACCEPTED.items() if schemes <= set(accepted)]
        yield from gathered([one(attack, role, keys, fleet) for role in receivers])


def one(attack: Attack, role: Role, keys: Keys, fleet: Fleet) -> Row:
    service = fleet.of_role(role)
    requests = attack.make(Victim(role.name, f"127.0.0.1:{service.port}", keys), attack.scheme)
    return carried_out(attack, role.short, [(service, request) for request in requests])


def carried_out(attack: Attack, whom: str, sending: Sending) -> Row:
    expected = told(401, attack.text, attack.reason)
    for service, request in sending[:-1]:
        answer = wire.send(service.port, request)
        if answer.status != 200:
            return Row(
                ATTACKER, whom, attack.what, attack.scheme, expected, f"before it: {shortened(answer)}", 0
            )
    service, request = sending[-1]
    seen = service.log.stat().st_size
    answer = wire.send(service.port, request)
    got = told(answer.status, answer.text, logged_reason(service, seen))
    return Row(ATTACKER, whom, attack.what, attack.scheme, expected, got, answer.ms)


def told(status: int, text: str, reason: str) -> str:
    """Formats the status, the public message and the logged reason for the table."""
    return f"{status} {text} · {reason}"


def logged_reason(service: Service, start: int) -> str:
    """Returns the first rejection reason in the log after the byte offset `start`."""
    deadline = time.monotonic() + LOGGED_WITHIN_S
    while True:
        with service.log.open("rb") as log:
            log.seek(start)
            if found := REASON.search(log.read().decode(errors="replace")):
                return found[1]
        if time.monotonic() > deadline:
            return "no reason logged"
        time.sleep(0.01)


def gathered(single: list[Row]) -> Iterator[Row]:
    """Combines rows that differ only in the receiver. The time of the combined row is the mean."""
    by_answer: dict[tuple[str, str], list[Row]] = {}
    for row in single:
        by_answer.setdefault((row.what, row.got), []).append(row)
    for alike in by_answer.values():
        whom = ", ".join(row.whom for row in alike)
        times = [row.ms for row in alike if row.ms is not None]
        ms = sum(times) / len(times) if times else None
        yield replace(alike[0], whom=whom, ms=ms, exchanges=len(alike))


def survivors(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    """Checks that all services still respond after the attacks."""
    yield from gathered([still_serving(role, keys, fleet) for role in ACCEPTED])


def still_serving(role: Role, keys: Keys, fleet: Fleet) -> Row:
    service = fleet.of_role(role)
    request = Victim(role.name, f"127.0.0.1:{service.port}", keys).valid("message")
    answer = wire.send(service.port, request)
    expected = f"200 from {AGENT.name}"
    got = expected if answer.status == 200 else shortened(answer)
    return Row(ATTACKER, role.short, "unchanged request", "message", expected, got, answer.ms)


def on_other_workers(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    """Sends a request to one process, then again to another process that uses the same replay file."""
    practices, iam = fleet.practices, fleet.iam
    cases = [
        (
            PRACTICES,
            practices,
            fleet.practices_second,
            "message",
            attacks.NOT_ACCEPTED,
            "FastAPI, then FastAPI",
        ),
        (PRACTICES, practices, fleet.practices_in_c, "message", attacks.NOT_ACCEPTED, "FastAPI, then C"),
        (PRACTICES, fleet.practices_in_c, practices, "pairwise", attacks.PAIR_INVALID, "C, then FastAPI"),
        (
            PRACTICES,
            practices,
            fleet.practices_in_rust,
            "message",
            attacks.NOT_ACCEPTED,
            "FastAPI, then axum",
        ),
        (
            PRACTICES,
            fleet.practices_in_rust,
            practices,
            "pairwise",
            attacks.PAIR_INVALID,
            "axum, then FastAPI",
        ),
        (IAM, iam, fleet.iam_second, "client", attacks.CLIENT_REPLAY, "Express, then Express"),
    ]
    for role, first, second, scheme, text, whom in cases:
        attack = Attack("replayed to another worker", scheme, text, "replayed", twice)
        # `message` signs the authority. In production, all workers have the same authority.
        address = f"127.0.0.1:{first.port}"
        requests = attack.make(Victim(role.name, address, keys), scheme)
        told_alike = [replace(request, authority=address) for request in requests]
        yield carried_out(attack, whom, list(zip((first, second), told_alike, strict=True)))

"""Carries the attacks out, and gathers receivers that answered alike into one row."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from . import attacks, wire
from .attacks import Attack, Victim
from .cast import ACCEPTED, IAM, PRACTICES, Keys, Role
from .fleet import Fleet
from .honest import shortened
from .processes import Service
from .table import Row
from .wire import Answer, Request

ATTACKER = "attacker: plain hmac"


def rows(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    for attack in attacks.ALL:
        schemes = attack.scheme.split("+")
        receivers = [role for role, accepted in ACCEPTED.items() if set(schemes) <= set(accepted)]
        yield from gathered([one(attack, role, keys, fleet) for role in receivers])


def one(attack: Attack, role: Role, keys: Keys, fleet: Fleet) -> Row:
    service = fleet.of_role(role)
    victim = Victim(role.name, f"127.0.0.1:{service.port}", keys)
    sent = [(service, request) for request in attack.make(victim)]
    return row(role.language, attack.what, attack.scheme, attack.expected, sent)


def row(
    whom: str, what: str, scheme: str, expected: tuple[int, str], sent: list[tuple[Service, Request]]
) -> Row:
    wanted = str(Answer(*expected))
    *leading, last = [wire.send(service.port, request) for service, request in sent]
    got = shortened(last)
    for answer in leading:
        if answer.status != 200:
            got = f"before the attack: {shortened(answer)}"
    return Row(ATTACKER, whom, what, scheme, wanted, got, last.ms)


def gathered(single: list[Row]) -> Iterator[Row]:
    """Rows that are alike but for the receiver become one, with the mean of their times."""
    for _, group in groupby(single, key=lambda row: row.got):
        alike = list(group)
        first = alike[0]
        yield Row(
            first.who,
            ", ".join(row.whom for row in alike),
            first.what,
            first.scheme,
            first.expected,
            first.got,
            sum(row.ms for row in alike) / len(alike),
            len(alike),
        )


def on_other_workers(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    """Accepted by one process, replayed to another that shares its replay file, whatever language that is in."""
    cases = [
        (PRACTICES, fleet.practices, fleet.practices_second, "message", attacks.NOT_ACCEPTED),
        (PRACTICES, fleet.practices, fleet.practices_second, "pairwise", attacks.PAIR_INVALID),
        (PRACTICES, fleet.practices, fleet.practices_in_c, "pairwise", attacks.PAIR_INVALID),
        (PRACTICES, fleet.practices_in_c, fleet.practices, "pairwise", attacks.PAIR_INVALID),
        (IAM, fleet.iam, fleet.iam_second, "client", attacks.CLIENT_REPLAY),
    ]
    for role, first, second, scheme, expected in cases:
        yield replayed_elsewhere(keys, role, first, second, scheme, expected)


def replayed_elsewhere(
    keys: Keys, role: Role, first: Service, second: Service, scheme: str, expected: tuple[int, str]
) -> Row:
    # Workers behind one address are all told the same authority, which `message` signs.
    address = f"127.0.0.1:{first.port}"
    request = replace(Victim(role.name, address, keys).valid(scheme), authority=address)
    sent = [(first, request), (second, request)]
    return row(f"{first.name}, {second.name}", "replayed to another worker", scheme, expected, sent)

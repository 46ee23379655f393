"""The target service, and the valid requests that an attacker changes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from .cast import AGENT, BILLING, Keys
from .forge import Draft, sign
from .tampering import joined
from .wire import Request


@dataclass(frozen=True)
class Victim:
    """The attacked service, and the keys for signing valid requests to it."""

    receiver: str
    authority: str
    keys: Keys

    def draft(self, scheme: str) -> Draft:
        return Draft(
            sender=AGENT.name,
            receiver=self.receiver,
            authority=self.authority,
            method="POST",
            target="/orders?limit=10",
            # Each body is unique. The scheme pairwise has no nonce, so an identical second request would be a
            # replay.
            body=f'{{"amount": 10, "id": "{uuid.uuid4()}"}}'.encode(),
            key=self.keys.of(scheme, AGENT.name, self.receiver),
        )

    def valid(self, scheme: str) -> Request:
        """Returns a request signed with one or more schemes, which are separated by plus signs."""
        first, *others = scheme.split("+")
        draft = self.draft(first)
        request = sign(first, draft)
        for other in others:
            key = self.keys.of(other, AGENT.name, self.receiver)
            request = joined(request, sign(other, draft.but(key=key)))
        return request

    def key_of_others(self, scheme: str) -> bytes:
        """Returns the key that another sender shares with the receiver."""
        return self.keys.of(scheme, BILLING.name, self.receiver)


# A function that takes a victim and a scheme, and returns the requests of an attack.
Make = Callable[[Victim, str], list[Request]]


def changed(change: Callable[[Request], Request]) -> Make:
    """Returns an attack that changes a valid request after it was signed."""
    return lambda victim, scheme: [change(victim.valid(scheme))]


def signed(change: Callable[[Draft, Victim], Draft]) -> Make:
    """Returns an attack that changes a request before it is signed. The signature matches the changed request."""
    return lambda victim, scheme: [sign(scheme, change(victim.draft(scheme), victim))]


def twice(victim: Victim, scheme: str) -> list[Request]:
    """Returns the same valid request twice."""
    return [victim.valid(scheme)] * 2

"""An attacked receiver, and the valid requests that an attacker changes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from .cast import AGENT, BILLING, Keys
from .forge import Draft, sign
from .tampering import joined
from .wire import Request


@dataclass(frozen=True)
class Victim:
    """A receiver, and the keys for valid requests to it."""

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
            # Unique, because pairwise has no nonce, and an equal request in the same second would be a
            # replay.
            body=f'{{"amount": 10, "id": "{uuid.uuid4()}"}}'.encode(),
            key=self.keys.of(scheme, AGENT.name, self.receiver),
        )

    def valid(self, scheme: str) -> Request:
        """Returns a request signed in one scheme, or in several joined by a plus."""
        first, *others = scheme.split("+")
        draft = self.draft(first)
        request = sign(first, draft)
        for other in others:
            key = self.keys.of(other, AGENT.name, self.receiver)
            request = joined(request, sign(other, draft.but(key=key)))
        return request

    def key_of_others(self, scheme: str) -> bytes:
        """Returns a key in the receiver's key ring that belongs to another sender."""
        return self.keys.of(scheme, BILLING.name, self.receiver)


# The requests to send, in order, for a receiver and a scheme.
Make = Callable[[Victim, str], list[Request]]


def changed(change: Callable[[Request], Request]) -> Make:
    """Returns an attack with a valid request that is changed after signing."""
    return lambda victim, scheme: [change(victim.valid(scheme))]


def signed(change: Callable[[Draft, Victim], Draft]) -> Make:
    """Returns an attack with a correctly signed request that must be rejected."""
    return lambda victim, scheme: [sign(scheme, change(victim.draft(scheme), victim))]


def twice(victim: Victim, scheme: str) -> list[Request]:
    """Returns an attack with a valid request that is sent twice."""
    return [victim.valid(scheme)] * 2

"""Counts decisions by sender, with labels that peers cannot create."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from sealwire._native import KeyRing

UNKNOWN: Final = "unknown"
ACCEPTED: Final = "accepted"
# A reload can add names, but the key ring must not be listed for each unknown name.
LIST_EVERY_S: Final = 10.0


class Senders:
    """Counts decisions by sender. A name becomes a label if there is a key for it, or after it was verified. All
    other names count as unknown."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registers the two metrics."""
        self._requests = Counter(
            "hmac_auth_sender_requests",
            "Decisions by sender; enforcement would reject the observed requests",
            ["sender", "verdict", "reason"],
            registry=registry,
        )
        self._last = Gauge(
            "hmac_auth_sender_last_seconds",
            "Time of the last decision per sender and verdict, Unix time",
            ["sender", "verdict"],
            registry=registry,
            multiprocess_mode="max",
        )
        self._keys: list[KeyRing] = []
        self._known: set[str] = set()
        self._listed_at = float("-inf")

    def know(self, keys: KeyRing) -> None:
        """Adds the names in a key ring."""
        self._keys.append(keys)
        self._list()

    def accepted(self, sender: str) -> None:
        """Records an accepted request of a sender."""
        self._known.add(sender)
        self._count(sender, ACCEPTED, "")

    def refused(self, sender: str, verdict: str, reason: str) -> None:
        """Records a request with this claimed sender that was rejected, or would be rejected under
        `enforce`."""
        self._count(sender if self._is_known(sender) else UNKNOWN, verdict, reason)

    def _is_known(self, sender: str) -> bool:
        if sender not in self._known and time.monotonic() - self._listed_at > LIST_EVERY_S:
            self._list()
        return sender in self._known

    def _list(self) -> None:
        self._listed_at = time.monotonic()
        for keys in self._keys:
            self._known.update(names_in(keys))

    def _count(self, sender: str, verdict: str, reason: str) -> None:
        self._requests.labels(sender, verdict, reason).inc()
        self._last.labels(sender, verdict).set_to_current_time()


def names_in(keys: KeyRing) -> Iterable[str]:
    """Returns the services and clients in a key ring."""
    return {name for key in keys.status() for name in key.name.split("/")}

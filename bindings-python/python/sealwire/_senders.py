"""Counts decisions for each sender. Clients cannot create new labels by sending invented names."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from sealwire._native import KeyRing

UNKNOWN: Final = "unknown"
ACCEPTED: Final = "accepted"
# The minimum time in seconds between two reads of the key rings. A reload can add names, so the key rings are
# read again when a name is unknown. The interval limits the work that unknown names can cause.
LIST_EVERY_S: Final = 10.0


class Senders:
    """Counts decisions for each sender. A name is used as a label if a key ring contains it or if a request
    of this sender was accepted. All other senders are counted as `unknown`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registers the metrics in `registry`."""
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
        """Adds the names in a key ring to the names used as labels."""
        self._keys.append(keys)
        self._list()

    def accepted(self, sender: str) -> None:
        """Records an accepted request of `sender`."""
        self._known.add(sender)
        self._count(sender, ACCEPTED, "")

    def refused(self, sender: str, verdict: str, reason: str) -> None:
        """Records a request that was rejected, or that would be rejected under `enforce`. `sender` is the
        unauthenticated name in the request."""
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
    """Returns the names of all services and clients in a key ring."""
    return {name for key in keys.status() for name in key.name.split("/")}

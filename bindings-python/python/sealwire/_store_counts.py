"""Metrics for the latency and the failures of a shared replay store."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

# A round trip within a rack takes less than a millisecond. The default timeout is half a second.
STORE_BUCKETS: Final = (1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1)


class StoreCounts:
    """Counts the claims in a shared replay store."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registers the metrics in `registry`."""
        self._latency = Histogram(
            "hmac_auth_replay_store_latency_seconds",
            "Time until the shared replay store responded to a claim, or the time-out",
            registry=registry,
            buckets=STORE_BUCKETS,
        )
        self._errors = Counter(
            "hmac_auth_replay_store_errors",
            "Claims without a response from the shared replay store",
            registry=registry,
        )
        self._fallbacks = Counter(
            "hmac_auth_replay_store_fallbacks",
            "Claims without a response, decided by this process's own table",
            registry=registry,
        )
        self._near_hits = Counter(
            "hmac_auth_replay_store_near_hits",
            "Replays found in this process's own table, without a request to the store",
            registry=registry,
        )

    def responded(self, seconds: float) -> None:
        """Records a claim and the duration `seconds` until the store responded."""
        self._latency.observe(seconds)

    def failed(self, seconds: float, *, fell_back: bool) -> None:
        """Records a claim that received no response in time. With `fell_back`, the claim was made in the
        table of this process instead."""
        self._latency.observe(seconds)
        self._errors.inc()
        if fell_back:
            self._fallbacks.inc()

    def spared(self) -> None:
        """Records a replay that was found in the table of this process, without a request to the store."""
        self._near_hits.inc()

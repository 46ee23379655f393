"""Prometheus metrics for decisions about requests.

    metrics = Metrics()
    app.add_middleware(HMACAuthMiddleware, service_name="practices", metrics=metrics)
    metrics.watch(replay_table, keys, modes)    # adds gauges
    AsyncRedisStore(client, metrics=metrics)

All metrics support the multiprocess mode of prometheus_client. In this mode, each worker updates the gauges
once a second. Call `prometheus_client.multiprocess.mark_process_dead` for a worker that has exited.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sealwire._errors import ConfigError, Rejected
from sealwire._mirror import Mirror, is_multiprocess
from sealwire._native import MODES, REASONS, SCHEMES, Identity, KeyRing, Modes, ReplayTable
from sealwire._senders import Senders
from sealwire._store_counts import StoreCounts

__all__ = ["Metrics"]

LATENCY_BUCKETS: Final = (1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 0.5)
AGE_BUCKETS: Final = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 240)


class Metrics:
    """Counts decisions. Create one object per process, and pass it to all middlewares and replay stores."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        """Registers the metrics in `registry`. The counters for all reasons and schemes exist from the
        start, with the value zero, because alert rules need a value before the first event."""
        if isinstance(registry, type) or not callable(getattr(registry, "register", None)):
            raise ConfigError("registry: pass a CollectorRegistry of prometheus_client")
        self._registry = registry
        self._success = Counter("hmac_auth_success", "Requests accepted", ["scheme"], registry=registry)
        self._failure = Counter("hmac_auth_failure", "Requests rejected", ["reason"], registry=registry)
        self._observed = Counter(
            "hmac_auth_observed",
            "Requests accepted in observe mode that enforcement would reject",
            ["reason"],
            registry=registry,
        )
        self._latency = Histogram(
            "hmac_auth_latency_seconds",
            "Time to verify, including receipt of the body",
            registry=registry,
            buckets=LATENCY_BUCKETS,
        )
        self._age = Histogram(
            "hmac_auth_timestamp_age_seconds",
            "Age of accepted requests",
            registry=registry,
            buckets=AGE_BUCKETS,
        )
        self._since = Gauge(
            "hmac_auth_counting_since_seconds",
            "Start of counting, Unix time",
            registry=registry,
            multiprocess_mode="max",
        )
        self._since.set_to_current_time()
        self._mirrors: list[Mirror] = []
        self._senders = Senders(registry)
        self._store = StoreCounts(registry)
        self._accepted = {scheme: self._success.labels(scheme) for scheme in SCHEMES}
        self._rejected = {reason: self._failure.labels(reason) for reason in REASONS}
        self._observed_by_reason = {reason: self._observed.labels(reason) for reason in REASONS}

    def accepted(self, identity: Identity, seconds: float) -> None:
        """Records an accepted request. `seconds` is the duration of the verification."""
        self._accepted[identity.scheme].inc()
        self._latency.observe(seconds)
        self._age.observe(abs(identity.age_ms) / 1000)
        self._senders.accepted(identity.sender)

    def rejected(self, rejected: Rejected, seconds: float) -> None:
        """Records a request that was rejected, or that would be rejected under `enforce`. `seconds` is the
        duration of the verification."""
        enforced = rejected.mode == "enforce"
        (self._rejected if enforced else self._observed_by_reason)[rejected.reason].inc()
        self._latency.observe(seconds)
        self._senders.refused(rejected.sender, "rejected" if enforced else "observed", rejected.reason)

    def store_responded(self, seconds: float) -> None:
        """Records a claim and the duration `seconds` until the shared store responded."""
        self._store.responded(seconds)

    def store_failed(self, seconds: float, *, fell_back: bool) -> None:
        """Records a claim that received no response in time. With `fell_back`, the claim was made in the
        table of this process instead."""
        self._store.failed(seconds, fell_back=fell_back)

    def store_spared(self) -> None:
        """Records a replay that was found in the table of this process, without a request to the store."""
        self._store.spared()

    def watch(
        self, table: ReplayTable | None = None, keys: KeyRing | None = None, modes: Modes | None = None
    ) -> None:
        """Adds gauges for the used share of a replay table, the usage of each key version, and the modes.

        The names in `keys` become labels of the metrics for each sender, even before the first accepted
        request of a sender.
        """
        if table is not None and not isinstance(table, ReplayTable):
            raise ConfigError(
                "watch: pass a ReplayTable; for a store that hosts share, pass metrics= to the store"
            )
        if keys is not None:
            self._senders.know(keys)
        gauges = Gauges(table, keys, modes)
        if is_multiprocess():
            self._mirrors.append(Mirror(self._registry, gauges))
        else:
            self._registry.register(gauges)


class Gauges(Collector):
    """Gauges that are calculated during a scrape."""

    def __init__(self, table: ReplayTable | None, keys: KeyRing | None, modes: Modes | None) -> None:
        """If an argument is None, its gauges are omitted."""
        self._table = table
        self._keys = keys
        self._modes = modes

    def collect(self) -> Iterable[Metric]:
        """Returns the current gauges."""
        if self._table is not None:
            yield GaugeMetricFamily(
                "hmac_auth_replay_fill_ratio", "Fraction of the replay table in use", self._table.fill()
            )
        if self._keys is not None:
            yield from key_gauges(self._keys)
        if self._modes is not None:
            yield from mode_gauges(self._modes)


def key_gauges(keys: KeyRing) -> Iterable[Metric]:
    """Returns gauges for the number of uses and the last use of each key version, and for the primary
    version."""
    labels = ["name", "version", "primary"]
    uses = GaugeMetricFamily("hmac_auth_key_accepted", "Requests accepted with a key version", labels=labels)
    last = GaugeMetricFamily(
        "hmac_auth_key_last_accepted_seconds", "Time of the last acceptance, Unix time", labels=labels
    )
    primary = GaugeMetricFamily(
        "hmac_auth_key_primary",
        "Processes that sign with a key version",
        labels=["name", "version"],
    )
    for key in keys.status():
        primary.add_metric([key.name, str(key.version)], float(key.primary))
        names = [key.name, str(key.version), str(key.primary).lower()]
        uses.add_metric(names, key.accepted)
        if key.last_accepted is not None:
            last.add_metric(names, key.last_accepted)
    return uses, last, primary


def mode_gauges(modes: Modes) -> Iterable[Metric]:
    """Returns gauges for the modes of the service and of individual senders. The label `sender` is empty
    for the service."""
    gauge = GaugeMetricFamily(
        "hmac_auth_mode",
        "1 for the current mode, 0 for the others",
        labels=["sender", "mode"],
    )
    for sender, held in {"": modes.mode, **modes.senders}.items():
        for mode in MODES:
            gauge.add_metric([sender, mode], float(mode == held))
    yield gauge
    yield CounterMetricFamily(
        "hmac_auth_mode_changes", "Changes of modes while the service ran", modes.changes
    )

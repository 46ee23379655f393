"""Supports gauges in prometheus_client's multiprocess mode.

In this mode, each process writes its metrics to a file, and a scrape combines the files of all processes.
Gauges that are calculated during a scrape are not supported. A `Mirror` therefore calculates such gauges
every second and writes them to the file of its process.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterable, Mapping
from typing import Final, Literal, Protocol, TypeAlias
from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import Metric

from sealwire.secrets._fork import restart_after_forks

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
WRITE_EVERY_S: Final = 1.0

_Mode: TypeAlias = Literal["max", "sum", "livemax", "livemin", "livesum"]

# For each metric, the function that combines the values of several processes. With `live`, processes that
# were passed to `mark_process_dead` are ignored.
MODES: Final[Mapping[str, _Mode]] = {
    "hmac_auth_replay_fill_ratio": "livemax",
    "hmac_auth_key_accepted": "sum",
    "hmac_auth_key_last_accepted_seconds": "max",
    "hmac_auth_key_primary": "livesum",
    "hmac_auth_key_retire_after_seconds": "max",
    "hmac_auth_mode": "livemin",
    "hmac_auth_key_reload_in_order": "livemin",
    "hmac_auth_mode_reload_in_order": "livemin",
}
# The value written for labels that no longer exist, because labels cannot be removed from the files.
GONE: Final[Mapping[str, float]] = {
    "hmac_auth_key_accepted": 0.0,
    "hmac_auth_key_primary": 0.0,
    "hmac_auth_mode": 0.0,
    "hmac_auth_key_retire_after_seconds": math.inf,
}

Labels: TypeAlias = tuple[tuple[str, str], ...]

_metrics: WeakKeyDictionary[CollectorRegistry, dict[str, Gauge | Counter]] = WeakKeyDictionary()


class Collects(Protocol):
    """A collector for prometheus_client."""

    def collect(self) -> Iterable[Metric]:
        """Returns the current metrics."""
        ...


def is_multiprocess() -> bool:
    """Returns whether the multiprocess mode is enabled."""
    return VARIABLE in os.environ


class Mirror:
    """Writes the metrics of a collector every second, in this process and in forked processes."""

    def __init__(self, registry: CollectorRegistry, collector: Collects) -> None:
        """Writes the metrics once and starts a thread that writes them every second."""
        self._registry = registry
        self._collector = collector
        self._counted: dict[tuple[str, Labels], float] = {}
        self._written: dict[str, set[Labels]] = {}
        self.write()
        self._run_in_thread()
        restart_after_forks(self)

    def restart_in_child(self) -> None:
        """Starts the thread in a forked process. The counters continue with the values of the parent
        process."""
        self._run_in_thread()

    def write(self) -> None:
        """Writes the current values of all metrics."""
        for family in self._collector.collect():
            seen: set[Labels] = set()
            for sample in family.samples:
                labels = tuple(sample.labels.items())
                seen.add(labels)
                if family.type == "counter":
                    self._count(family, labels, sample.value)
                else:
                    self._set(family, labels, sample.value)
            for labels in self._written.get(family.name, set()) - seen:
                if family.name in GONE:
                    self._set(family, labels, GONE[family.name])
            self._written[family.name] = seen

    def _count(self, family: Metric, labels: Labels, value: float) -> None:
        before = self._counted.get((family.name, labels), 0.0)
        counter = self._metric(family, labels)
        if isinstance(counter, Counter):
            child = counter.labels(**dict(labels)) if labels else counter
            child.inc(max(0.0, value - before))
        self._counted[family.name, labels] = value

    def _set(self, family: Metric, labels: Labels, value: float) -> None:
        gauge = self._metric(family, labels)
        if isinstance(gauge, Gauge):
            child = gauge.labels(**dict(labels)) if labels else gauge
            child.set(value)

    def _metric(self, family: Metric, labels: Labels) -> Gauge | Counter:
        known = _metrics.setdefault(self._registry, {})
        if family.name not in known:
            names = [name for name, _ in labels]
            if family.type == "counter":
                known[family.name] = Counter(
                    family.name, family.documentation, names, registry=self._registry
                )
            else:
                known[family.name] = Gauge(
                    family.name,
                    family.documentation,
                    names,
                    registry=self._registry,
                    multiprocess_mode=MODES[family.name],
                )
        return known[family.name]

    def _run_in_thread(self) -> None:
        threading.Thread(target=self._run, name="sealwire-metrics", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(WRITE_EVERY_S):
            self.write()

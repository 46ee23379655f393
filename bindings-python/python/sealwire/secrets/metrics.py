"""Prometheus metrics for reloads and planned key removals, in addition to those of `sealwire.metrics`.

watch(reloader, path="keys.toml")
watch(modes_reloader)
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sealwire._errors import ConfigError
from sealwire._mirror import Mirror, is_multiprocess
from sealwire._native import KeyFile
from sealwire.secrets._reload import Reloader


def watch(
    reloader: Reloader[Any], path: str | PathLike[str] | None = None, registry: CollectorRegistry = REGISTRY
) -> None:
    """Adds metrics for a reloader. `path` is a key file whose `retireAfter` dates are reported."""
    metrics = ReloadMetrics(reloader, path)
    if is_multiprocess():
        Mirror(registry, metrics)
    else:
        registry.register(metrics)


class ReloadMetrics(Collector):
    """Metrics that are calculated during a scrape."""

    def __init__(self, reloader: Reloader[Any], path: str | PathLike[str] | None) -> None:
        """`path` is the key file whose `retireAfter` dates are reported, or None."""
        self._reloader = reloader
        self._path = path

    def collect(self) -> Iterable[Metric]:
        """Returns the current metrics."""
        what = self._reloader.what
        name = f"hmac_auth_{what.removesuffix('s')}_reload"
        reloads = CounterMetricFamily(
            name, f"Reloads of the {what}, accepted and rejected", labels=["result"]
        )
        reloads.add_metric(["accepted"], self._reloader.reloaded)
        reloads.add_metric(["refused"], self._reloader.refused)
        yield reloads
        yield GaugeMetricFamily(
            f"{name}_in_order",
            f"0 while old {what} are in use because new ones were rejected",
            float(self._reloader.in_order),
        )
        if self._path is not None:
            yield retire_dates(self._path)


def retire_dates(path: str | PathLike[str]) -> Metric:
    """Returns a gauge with the date of each planned version removal. The gauge has no values while the file
    is invalid, which another metric reports."""
    gauge = GaugeMetricFamily(
        "hmac_auth_key_retire_after_seconds",
        "Planned retirement of a key version, Unix time",
        labels=["name", "version"],
    )
    try:
        for label, version, seconds in KeyFile.read(path).retire_dates():
            gauge.add_metric([label, str(version)], seconds)
    except ConfigError:
        pass
    return gauge

"""Reads metrics of running services, directly or from a Prometheus server."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families

from sealwire._errors import ConfigError

TIMEOUT_S: Final = 10
MAX_PAGE_BYTES: Final = 64 << 20
COUNTING_SINCE: Final = "hmac_auth_counting_since_seconds"
STARTED: Final = "process_start_time_seconds"
POINTS: Final = 20  # the number of times at which a period is checked for gaps


@dataclass(frozen=True, slots=True)
class Sample:
    """A metric sample from a service."""

    instance: str
    name: str
    labels: dict[str, str]
    value: float


def from_services(urls: Sequence[str]) -> list[Sample]:
    """Reads the metrics of services. Raises `ConfigError` if a service does not respond, because the result
    would be incomplete."""
    return [sample for url in urls for sample in parsed(url, fetch(url))]


def parsed(url: str, text: str) -> Iterator[Sample]:
    """Parses the metrics of a service. The host and port of the URL identify the service."""
    instance = urllib.parse.urlsplit(url).netloc
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                yield Sample(instance, sample.name, dict(sample.labels), sample.value)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ConfigError(f"{url} does not respond with metrics in Prometheus' text format") from None


def starts_in(samples: Sequence[Sample]) -> dict[str, float]:
    """Returns the Unix time at which each service started to count, or the start time of its process if the
    service has no metric for this."""
    found: dict[str, float] = {}
    for name in (STARTED, COUNTING_SINCE):
        found |= {sample.instance: sample.value for sample in samples if sample.name == name}
    return found


def covers(server: str, metric: str, period_s: float) -> bool:
    """Returns whether a Prometheus server has samples of a metric for the last `period_s` seconds, without
    gaps."""
    if period_s <= 0:
        return True
    step_ms = max(1, int(period_s * 1000 / POINTS))
    query = f"count_over_time(count({metric})[{step_ms * POINTS}ms:{step_ms}ms])"
    found = from_prometheus(server, query)
    return bool(found) and found[0].value >= POINTS - 1


def from_prometheus(server: str, query: str) -> list[Sample]:
    """Returns the result of an instant query to a Prometheus server."""
    url = f"{server.rstrip('/')}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    page = fetch(url)
    try:
        return [sample_of(each) for each in json.loads(page)["data"]["result"]]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ConfigError(f"{server} does not respond like a Prometheus server") from None


def sample_of(result: dict[str, Any]) -> Sample:
    """Converts one series of a query result to a sample."""
    labels = dict(result["metric"])
    instance = labels.pop("instance", "?")
    return Sample(instance, labels.pop("__name__", ""), labels, float(result["value"][1]))


def fetch(url: str) -> str:
    """Returns the text at an http or https URL."""
    try:
        scheme = urllib.parse.urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        raise ConfigError(f"{url} is not an http or https address")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 # the scheme was checked above
            content: bytes = answer.read(MAX_PAGE_BYTES)
        return content.decode()
    except (OSError, ValueError, HTTPException) as cause:
        raise ConfigError(
            f"{url} does not respond ({cause or type(cause).__name__}); the command needs it"
        ) from None

"""What running services tell of themselves: their metrics, read from them or from a Prometheus server."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families

from sealwire._errors import ConfigError

TIMEOUT_S: Final = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one service."""

    instance: str
    name: str
    labels: dict[str, str]
    value: float


def from_services(urls: Sequence[str]) -> list[Sample]:
    """What services tell at their metrics endpoints. One that does not answer ends the command: silence is no proof."""
    return [sample for url in urls for sample in parsed(url, fetch(url))]


def parsed(url: str, text: str) -> Iterator[Sample]:
    """The samples of a service that is told by where it was asked."""
    instance = urllib.parse.urlsplit(url).netloc
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                yield Sample(instance, sample.name, dict(sample.labels), sample.value)
    except ValueError:
        raise ConfigError(f"{url} does not answer with metrics in Prometheus' text format") from None


def from_prometheus(server: str, query: str) -> list[Sample]:
    """What a Prometheus server answers to an instant query."""
    url = f"{server.rstrip('/')}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    try:
        found: list[dict[str, Any]] = json.loads(fetch(url))["data"]["result"]
    except (ValueError, KeyError):
        raise ConfigError(f"{server} does not answer as a Prometheus server does") from None
    return [sample_of(each) for each in found]


def sample_of(result: dict[str, Any]) -> Sample:
    """One series of an answer."""
    labels = dict(result["metric"])
    instance = labels.pop("instance", "?")
    return Sample(instance, labels.pop("__name__", ""), labels, float(result["value"][1]))


def fetch(url: str) -> str:
    """A page of text."""
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise ConfigError(f"{url} is not an http or https address")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 # looked at above
            text: str = answer.read().decode()
            return text
    except (OSError, ValueError) as cause:
        raise ConfigError(f"{url} does not answer ({cause}); nothing can be said without it") from None

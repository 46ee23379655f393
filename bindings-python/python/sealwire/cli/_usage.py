"""Which key versions running services sign with and still accept, and whether an old one can go."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from sealwire._errors import ConfigError
from sealwire._native import DEFAULT_PAST_SECONDS
from sealwire.cli._scrape import Sample, from_prometheus, from_services
from sealwire.secrets._file import ISSUER

ACCEPTED: Final = "hmac_auth_key_accepted"
LAST: Final = "hmac_auth_key_last_accepted_seconds"
# A Prometheus server also knows of processes that are gone; a day outlives every window of requests.
REMEMBERED: Final = "1d"
# The widest default window, back and ahead: after it nothing signed before can still come.
QUIET_FOR_S: Final = 2 * DEFAULT_PAST_SECONDS


@dataclass(frozen=True, slots=True)
class Use:
    """What one process says of one key version."""

    instance: str
    name: str
    version: int
    primary: bool
    accepted: int
    last_accepted: float | None


@dataclass(frozen=True, slots=True)
class Where:
    """Where running services are asked."""

    metrics_urls: Sequence[str] = ()
    prometheus: str | None = None
    status_dir: Path | None = None

    def uses(self) -> list[Use]:
        """All that is told, from all of these."""
        samples = from_services(self.metrics_urls)
        if self.prometheus:
            samples += from_prometheus(self.prometheus, ACCEPTED)
            samples += [
                Sample(each.instance, LAST, each.labels, each.value)
                for each in from_prometheus(self.prometheus, f"max_over_time({LAST}[{REMEMBERED}])")
            ]
        return [*of_samples(samples), *of_files(self.status_dir)]

    @property
    def named(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.metrics_urls or self.prometheus or self.status_dir)


def options(function: click.decorators.FC) -> click.decorators.FC:
    """The options that say where."""
    for option in (
        click.option("--status-dir", type=click.Path(path_type=Path), help="Directory of StatusFile files."),
        click.option("--prometheus", metavar="URL", help="A Prometheus server that scrapes the services."),
        click.option("--metrics-url", metavar="URL", multiple=True, help="A service's metrics; repeatable."),
    ):
        function = option(function)
    return function


def of_samples(samples: Iterable[Sample]) -> list[Use]:
    """Pairs the two gauges of each version."""
    told: dict[tuple[str, str, int], dict[str, float]] = {}
    primaries: dict[tuple[str, str, int], bool] = {}
    for sample in samples:
        if sample.name in (ACCEPTED, LAST):
            key = (sample.instance, sample.labels["name"], int(sample.labels["version"]))
            held = told.setdefault(key, {})
            held[sample.name] = max(sample.value, held.get(sample.name, 0))
            # History keeps a version's days as primary; only the present says whether it is one.
            if sample.name == ACCEPTED:
                primaries[key] = primaries.get(key, False) or sample.labels["primary"] == "true"
    return [
        Use(*key, primaries.get(key, False), int(held.get(ACCEPTED, 0)), held.get(LAST))
        for key, held in told.items()
    ]


def of_files(directory: Path | None) -> list[Use]:
    """What workers left in files, those of ended ones too: what they accepted counts, what they signed with does not."""
    if directory is None:
        return []
    if not directory.is_dir():
        raise ConfigError(f"{directory} is not a directory; name the one the services write their status to")
    return [use for path in sorted(directory.glob("*.json")) for use in of_file(path)]


STALE_S: Final = 60.0  # twelve writes missed: the process is gone


def of_file(path: Path) -> list[Use]:
    """One process's file."""
    try:
        status = json.loads(path.read_text())
        lives = time.time() - status["writtenAt"] < STALE_S
        return [
            Use(
                path.stem,
                key["name"],
                key["version"],
                key["primary"] and lives,
                key["accepted"],
                key["lastAccepted"],
            )
            for key in status["keys"]
        ]
    except (ValueError, KeyError, TypeError):
        raise ConfigError(f"{path} is not a status file") from None


def quiet_for(name: str, asked: float | None) -> float:
    """How long a version must have been unused. Tokens live as long as their issuer says, which only he knows."""
    if asked is None and name == ISSUER:
        raise ConfigError(
            "say with --quiet-for how many seconds the issuer's tokens live; until then they may come"
        )
    return QUIET_FOR_S if asked is None else asked


def objections(uses: Sequence[Use], name: str, version: int, quiet_s: float, now: float) -> list[str]:
    """Why a version cannot go yet; none when it can."""
    entry = [use for use in uses if use.name == name]
    if not entry:
        return [f"no running service was found that reports on {name}"]
    old = [use for use in entry if use.version == version]
    signing = [
        f"{use.instance} still signs with version {version}; it has not loaded the new primary"
        for use in old
        if use.primary
    ]
    recent = [
        f"{use.instance} accepted version {version} {ago(now - use.last_accepted)} ago; "
        f"wait another {ago(use.last_accepted + quiet_s - now)}"
        for use in old
        if use.last_accepted is not None and use.last_accepted + quiet_s > now
    ]
    return signing + recent


def ago(seconds: float) -> str:
    """A duration for people, rounded up: too long a wait is safe."""
    whole = max(0, int(seconds) + (seconds > int(seconds)))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= 2 * size:
            return f"{-(-whole // size)} {unit}"
    return f"{whole} s"

"""Reads the key usage of running services, and determines whether an old version can be retired."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from sealwire._errors import ConfigError
from sealwire._native import DEFAULT_PAST_SECONDS
from sealwire.cli._scrape import Sample, covers, from_prometheus, from_services, starts_in

ACCEPTED: Final = "hmac_auth_key_accepted"
LAST: Final = "hmac_auth_key_last_accepted_seconds"
PRIMARY: Final = "hmac_auth_key_primary"
ISSUER: Final = "issuer"
DAY_S: Final = 86_400
# The default time, in seconds, for which a version must be unused before it can be removed. It is the
# length of the largest default window, past and future together. Older signatures are rejected.
QUIET_FOR_S: Final = 2 * DEFAULT_PAST_SECONDS


@dataclass(frozen=True, slots=True)
class Use:
    """The usage of a key version that a process reports."""

    instance: str
    name: str
    version: int
    primary: bool
    accepted: int
    last_accepted: float | None
    since: float | None = 0.0  # the time from which usage data exists, in Unix seconds; None if unknown


@dataclass(frozen=True, slots=True)
class Where:
    """The sources of usage data."""

    metrics_urls: Sequence[str] = ()
    prometheus: str | None = None
    status_dir: Path | None = None

    def uses(self, quiet_s: float) -> list[Use]:
        """Returns the usage that all sources report. `quiet_s` is the time, in seconds, for which a version
        must be unused."""
        samples = from_services(self.metrics_urls)
        found = of_samples(samples, starts_in(samples))
        if self.prometheus:
            found += self._from_prometheus(self.prometheus, quiet_s)
        return [*found, *of_files(self.status_dir)]

    def _from_prometheus(self, server: str, quiet_s: float) -> list[Use]:
        # A Prometheus server also stores the data of processes that have exited.
        remembered = f"{int(max(DAY_S, 2 * quiet_s))}s"
        samples = [
            *from_prometheus(server, ACCEPTED),
            *from_prometheus(server, PRIMARY),
            *(
                Sample(each.instance, LAST, each.labels, each.value)
                for each in from_prometheus(server, f"max_over_time({LAST}[{remembered}])")
            ),
        ]
        since = 0.0 if covers(server, ACCEPTED, quiet_s) else time.time()
        return of_samples(samples, {sample.instance: since for sample in samples})

    @property
    def named(self) -> bool:
        """Returns whether any source is configured."""
        return bool(self.metrics_urls or self.prometheus or self.status_dir)


def options(function: click.decorators.FC) -> click.decorators.FC:
    """Adds the options for the sources of usage data to a command."""
    for option in (
        click.option("--status-dir", type=click.Path(path_type=Path), help="The directory of StatusFile."),
        click.option("--prometheus", metavar="URL", help="A Prometheus server that scrapes the services."),
        click.option("--metrics-url", metavar="URL", multiple=True, help="A service's metrics; repeatable."),
    ):
        function = option(function)
    return function


def of_samples(samples: Iterable[Sample], starts: Mapping[str, float]) -> list[Use]:
    """Returns the usage of each key version from the samples of several metrics."""
    told: dict[tuple[str, str, int], dict[str, float]] = {}
    labelled: dict[tuple[str, str, int], bool] = {}
    for sample in samples:
        if sample.name in (ACCEPTED, LAST, PRIMARY):
            key = (sample.instance, label(sample, "name"), number(sample))
            held = told.setdefault(key, {})
            held[sample.name] = max(sample.value, held.get(sample.name, 0))
            # The history of `LAST` also contains former primaries, so only the label of `ACCEPTED` is used.
            if sample.name == ACCEPTED:
                labelled[key] = labelled.get(key, False) or label(sample, "primary") == "true"
    memory = {instance: first_known(instance, told, starts) for instance, _, _ in told}
    return [
        Use(
            *key,
            bool(held[PRIMARY]) if PRIMARY in held else labelled.get(key, False),
            int(held.get(ACCEPTED, 0)),
            held.get(LAST) or None,
            memory[key[0]],
        )
        for key, held in told.items()
    ]


def label(sample: Sample, name: str) -> str:
    """Returns the value of a label, which must exist."""
    if name not in sample.labels:
        raise ConfigError(
            f"{sample.instance}: {sample.name} has no label {name}; it is not a metric of Sealwire"
        )
    return sample.labels[name]


def number(sample: Sample) -> int:
    """Returns the value of the label `version` as a number."""
    try:
        return int(label(sample, "version"))
    except ValueError:
        raise ConfigError(f"{sample.instance}: {sample.name} has a version that is not a number") from None


def first_known(
    instance: str, told: Mapping[tuple[str, str, int], Mapping[str, float]], starts: Mapping[str, float]
) -> float | None:
    """Returns the Unix time, in seconds, from which an instance has usage data. It is the time when
    counting started, or an earlier recorded use."""
    known = [held[LAST] for (other, _, _), held in told.items() if other == instance and held.get(LAST)]
    if instance in starts:
        known.append(starts[instance])
    return min(known, default=None)


def of_files(directory: Path | None) -> list[Use]:
    """Returns the usage in the status files of processes. The files of exited processes are included. Their
    accepted requests still count, but these processes no longer sign requests."""
    if directory is None:
        return []
    if not directory.is_dir():
        raise ConfigError(
            f"{directory} is not a directory; pass the directory where services write their status"
        )
    files = [StatusRead.of(path) for path in sorted(directory.glob("*.json"))]
    return [use for file in files for use in file.uses(files)]


STALE_S: Final = 60.0  # a process is considered to have exited if it has not written its file for this time


@dataclass(frozen=True, slots=True)
class StatusRead:
    """The status file of a process."""

    instance: str
    service: str
    written_at: float
    started_at: float
    keys: Sequence[tuple[str, int, bool, int, float | None]]

    @classmethod
    def of(cls, path: Path) -> StatusRead:
        """Parses a status file."""
        try:
            status = json.loads(path.read_text(encoding="utf-8"))
            keys = [
                (
                    str(key["name"]),
                    int(key["version"]),
                    bool(key["primary"]),
                    int(key["accepted"]),
                    None if key["lastAccepted"] is None else float(key["lastAccepted"]),
                )
                for key in status["keys"]
            ]
            written = float(status["writtenAt"])
            started = float(status.get("startedAt", written))
            return cls(path.stem, str(status["service"]), written, started, keys)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            raise ConfigError(f"{path} is not a status file") from None

    @property
    def served(self) -> bool:
        """Returns whether the process accepted any request. If it accepted none, its file does not show
        whether a key is used."""
        return any(accepted for _, _, _, accepted, _ in self.keys)

    def uses(self, files: Sequence[StatusRead]) -> list[Use]:
        """Returns the usage in this file. `files` contains all status files. The usage data of a service
        starts with its earliest process."""
        lives = time.time() - self.written_at < STALE_S
        own = [file.started_at for file in files if file.service == self.service and file.served]
        since = min(own, default=None)
        return [
            Use(self.instance, name, version, primary and lives, accepted, last, since)
            for name, version, primary, accepted, last in self.keys
        ]


def quiet_for(name: str, asked: float | None) -> float:
    """Returns the time, in seconds, for which a version must be unused. There is no default for the issuer,
    because the lifetime of its tokens is unknown."""
    if asked is None and name == ISSUER:
        raise ConfigError("pass --quiet-for with the seconds that the issuer's tokens live")
    return QUIET_FOR_S if asked is None else asked


def objections(uses: Sequence[Use], name: str, version: int, quiet_s: float, now: float) -> list[str]:
    """Returns the reasons why a version cannot be removed yet. Missing usage data is also a reason."""
    entry = [use for use in uses if use.name == name]
    if not entry:
        return [f"no running service reports the usage of {name}"]
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
    return signing + recent or without_evidence(entry, name, quiet_s, now)


def without_evidence(entry: Sequence[Use], name: str, quiet_s: float, now: float) -> list[str]:
    """Returns the reasons why the data does not cover the required unused time."""
    if not any(use.accepted for use in entry):
        return [f"no service has accepted a request of {name} yet, so the version in use is unknown"]
    found = {}
    for use in entry:
        if use.since is None and quiet_s > 0:
            found[use.instance] = f"{use.instance} does not report the start of its counting"
        elif use.since is not None and use.since + quiet_s > now:
            wait = ago(use.since + quiet_s - now)
            found[use.instance] = (
                f"{use.instance} has counted for {ago(now - use.since)} only; wait another {wait}"
            )
    return list(found.values())


def ago(seconds: float) -> str:
    """Formats a duration in the largest suitable unit, rounded up."""
    whole = max(0, int(seconds) + (seconds > int(seconds)))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= 2 * size:
            return f"{-(-whole // size)} {unit}"
    return f"{whole} s"

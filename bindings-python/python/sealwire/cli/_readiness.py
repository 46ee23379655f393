"""The command `sealwire readiness`, which reports whether a service can enforce signatures."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import click

from sealwire.cli._options import SECONDS
from sealwire.cli._output import bad, command, fail, good, say, table
from sealwire.cli._scrape import STARTED, Sample, covers, from_prometheus, from_services, starts_in
from sealwire.cli._usage import ago, label

REQUESTS: Final = "hmac_auth_sender_requests_total"
LAST: Final = "hmac_auth_sender_last_seconds"
SUCCESS: Final = "hmac_auth_success_total"
ACCEPTED: Final = "accepted"
DAY_S: Final = 86400.0
REMEMBERED_S: Final = 30 * 86_400


@dataclass(slots=True)
class Sender:
    """The request counts of one sender at a service."""

    instance: str
    name: str
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    last_accepted: float | None = None
    last_refused: float | None = None

    def is_ready(self, quiet_s: float, now: float) -> bool:
        """Returns whether the sender has sent signed requests, and no unsigned requests in the last `quiet_s`
        seconds."""
        quiet = self.last_refused is None or now - self.last_refused > quiet_s
        return quiet and self.was_accepted

    @property
    def was_accepted(self) -> bool:
        """Returns whether a request of the sender was ever accepted."""
        return self.accepted > 0 or self.last_accepted is not None

    def is_gone(self, quiet_s: float, now: float) -> bool:
        """Returns whether the sender has only sent unsigned requests, all of them more than `quiet_s` seconds
        ago. This sender is ignored."""
        return not self.was_accepted and self.last_refused is not None and now - self.last_refused > quiet_s


@click.command()
@click.option("--metrics-url", metavar="URL", multiple=True, help="A service's metrics; repeatable.")
@click.option("--prometheus", metavar="URL", help="A Prometheus server that scrapes the services.")
@click.option(
    "--quiet-for",
    type=SECONDS,
    metavar="SECONDS",
    default=DAY_S,
    show_default=True,
    help="The time for which a sender must not have sent unsigned requests.",
)
@command
def readiness(metrics_url: tuple[str, ...], prometheus: str | None, quiet_for: float, as_json: bool) -> None:
    """Show which senders sign all their requests. For other senders, show the reasons of rejections and their
    times.

    The exit code is 0 if all requests are signed and the metrics cover at least the time given by
    --quiet-for. A service loses its counters when it restarts, whereas a Prometheus server keeps them.
    """
    if not (metrics_url or prometheus):
        fail("pass the services to query: --metrics-url or --prometheus", 2)
    own = from_services(metrics_url)
    samples = [*own]
    if prometheus:
        samples += history(prometheus, quiet_for)
    senders, started = senders_in(samples), starts_in(samples)
    if not senders:
        fail(
            "no service has counted requests by sender yet; check that it uses a Metrics object and receives requests"
        )
    now = time.time()
    rows = [row(each, started.get(each.instance), quiet_for, now) for each in senders]
    gaps = gaps_of(own, started, quiet_for, now)
    if prometheus and not covers(prometheus, SUCCESS, quiet_for):
        gaps.append(f"{prometheus} has no complete samples of the last {ago(quiet_for)}")
    signed = all(each["ready"] or each["gone"] for each in rows) and any(each["ready"] for each in rows)
    ready = signed and not gaps
    head = ("service", "sender", "state", "since", "signed", "not signed")
    verdict = good("every sender is signed: enforce") if ready else bad("not yet: keep observing")
    lines = [*table(head, [shown(each) for each in rows]), *map(bad, gaps), verdict]
    say(as_json, {"ready": ready, "senders": rows, "withoutEvidence": gaps}, lines)
    raise SystemExit(0 if ready else 1)


def gaps_of(samples: Sequence[Sample], started: Mapping[str, float], quiet_s: float, now: float) -> list[str]:
    """Returns a message for each service whose metrics do not cover the last `quiet_s` seconds."""
    if quiet_s <= 0:
        return []
    counted = {sample.instance for sample in samples if sample.name in (REQUESTS, LAST)}
    found = []
    for instance in sorted({sample.instance for sample in samples}):
        since = started.get(instance)
        if instance not in counted:
            found.append(f"{instance} has counted no request by sender")
        elif since is None:
            found.append(f"{instance} does not report the start of its counting")
        elif now - since < quiet_s:
            covered = f"{instance} has counted for {ago(now - since)} of {ago(quiet_s)} only"
            found.append(f"{covered}; wait, or query a Prometheus server with --prometheus")
    return found


def history(server: str, quiet_s: float) -> list[Sample]:
    """Returns the samples from a Prometheus server, which include those of processes that have exited."""
    last = from_prometheus(server, f"max_over_time({LAST}[{int(max(REMEMBERED_S, 2 * quiet_s))}s])")
    return [
        *from_prometheus(server, REQUESTS),
        *(Sample(each.instance, LAST, each.labels, each.value) for each in last),
        *from_prometheus(server, STARTED),
    ]


def senders_in(samples: Iterable[Sample]) -> list[Sender]:
    """Returns the senders of each service."""
    found: dict[tuple[str, str], Sender] = {}
    for sample in samples:
        if sample.name in (REQUESTS, LAST):
            key = (sample.instance, label(sample, "sender"))
            note(found.setdefault(key, Sender(*key)), sample)
    return [found[key] for key in sorted(found)]


def note(sender: Sender, sample: Sample) -> None:
    """Adds the value of a sample to a sender."""
    accepted = label(sample, "verdict") == ACCEPTED
    if sample.name == LAST and accepted:
        sender.last_accepted = max(sample.value, sender.last_accepted or 0)
    elif sample.name == LAST:
        sender.last_refused = max(sample.value, sender.last_refused or 0)
    elif accepted:
        sender.accepted += int(sample.value)
    else:
        sender.refused[label(sample, "reason")] += int(sample.value)


def row(sender: Sender, started: float | None, quiet_s: float, now: float) -> dict[str, object]:
    """Returns one line of the report as JSON data."""
    since = sender.last_refused if sender.last_refused is not None else started
    return {
        "service": sender.instance,
        "sender": sender.name,
        "ready": sender.is_ready(quiet_s, now),
        "gone": sender.is_gone(quiet_s, now),
        "since": since and datetime.fromtimestamp(since, UTC).isoformat(timespec="seconds"),
        "sinceSeconds": since and now - since,
        "accepted": sender.accepted,
        "refused": dict(sender.refused),
        "lastAccepted": sender.last_accepted,
        "lastRefused": sender.last_refused,
    }


def shown(found: dict[str, object]) -> list[str]:
    """Returns the cells of a row as text."""
    refused, seconds = found["refused"], found["sinceSeconds"]
    reasons = (
        ", ".join(f"{count} {reason}" for reason, count in refused.items())
        if isinstance(refused, dict)
        else ""
    )
    since = f"{ago(seconds)} ago" if isinstance(seconds, float) else "the start"
    state = good("signed") if found["ready"] else "gone" if found["gone"] else bad("NOT SIGNED")
    return [str(found["service"]), str(found["sender"]), state, since, str(found["accepted"]), reasons]

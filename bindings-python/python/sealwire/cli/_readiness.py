"""`sealwire readiness`: can this service enforce yet?"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import click

from sealwire.cli._output import bad, command, fail, good, say, table
from sealwire.cli._scrape import Sample, from_prometheus, from_services
from sealwire.cli._usage import ago

REQUESTS: Final = "hmac_auth_sender_requests_total"
LAST: Final = "hmac_auth_sender_last_seconds"
STARTED: Final = "process_start_time_seconds"
ACCEPTED: Final = "accepted"
DAY_S: Final = 86400.0
REMEMBERED: Final = "30d"


@dataclass(slots=True)
class Sender:
    """What is known of one sender at one service."""

    instance: str
    name: str
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    last_accepted: float | None = None
    last_refused: float | None = None

    def is_ready(self, quiet_s: float, now: float) -> bool:
        """Whether all it sent of late was signed. Who only sends unsigned requests is not ready by falling silent."""
        quiet = self.last_refused is None or now - self.last_refused > quiet_s
        return quiet and self.accepted > 0

    def is_gone(self, quiet_s: float, now: float) -> bool:
        """Whether it has sent nothing of late, and nothing that was signed: it holds nobody up."""
        return self.accepted == 0 and self.last_refused is not None and now - self.last_refused > quiet_s


@click.command()
@click.option("--metrics-url", metavar="URL", multiple=True, help="A service's metrics; repeatable.")
@click.option("--prometheus", metavar="URL", help="A Prometheus server that scrapes the services.")
@click.option(
    "--quiet-for",
    type=float,
    metavar="SECONDS",
    default=DAY_S,
    show_default=True,
    help="How long a sender must have sent nothing unsigned.",
)
@command
def readiness(metrics_url: tuple[str, ...], prometheus: str | None, quiet_for: float, as_json: bool) -> None:
    """Show which senders are fully signed, which are not and why, and since when. Exit code 0 when all are."""
    if not (metrics_url or prometheus):
        fail("say where services are asked: --metrics-url or --prometheus", 2)
    samples = from_services(metrics_url)
    if prometheus:
        samples += history(prometheus)
    senders, started = senders_in(samples), starts_in(samples)
    if not senders:
        fail(
            "no service has counted requests by sender yet; is its Metrics in use, and does anything call it?"
        )
    now = time.time()
    rows = [row(each, started.get(each.instance), quiet_for, now) for each in senders]
    ready = all(each["ready"] or each["gone"] for each in rows)
    head = ("service", "sender", "state", "since", "signed", "not signed")
    verdict = good("every sender is signed: enforce") if ready else bad("not yet: keep observing")
    say(as_json, {"ready": ready, "senders": rows}, [*table(head, [shown(each) for each in rows]), verdict])
    raise SystemExit(0 if ready else 1)


def history(server: str) -> list[Sample]:
    """What a Prometheus server remembers, of restarted processes too."""
    last = from_prometheus(server, f"max_over_time({LAST}[{REMEMBERED}])")
    return [
        *from_prometheus(server, REQUESTS),
        *(Sample(each.instance, LAST, each.labels, each.value) for each in last),
        *from_prometheus(server, STARTED),
    ]


def senders_in(samples: Iterable[Sample]) -> list[Sender]:
    """The senders of every service."""
    found: dict[tuple[str, str], Sender] = {}
    for sample in samples:
        if sample.name in (REQUESTS, LAST):
            key = (sample.instance, sample.labels["sender"])
            note(found.setdefault(key, Sender(*key)), sample)
    return [found[key] for key in sorted(found)]


def note(sender: Sender, sample: Sample) -> None:
    """Adds one sample to what is known."""
    accepted = sample.labels["verdict"] == ACCEPTED
    if sample.name == LAST and accepted:
        sender.last_accepted = max(sample.value, sender.last_accepted or 0)
    elif sample.name == LAST:
        sender.last_refused = max(sample.value, sender.last_refused or 0)
    elif accepted:
        sender.accepted += int(sample.value)
    else:
        sender.refused[sample.labels["reason"]] += int(sample.value)


def starts_in(samples: Iterable[Sample]) -> dict[str, float]:
    """When each service started, where it says so."""
    return {sample.instance: sample.value for sample in samples if sample.name == STARTED}


def row(sender: Sender, started: float | None, quiet_s: float, now: float) -> dict[str, object]:
    """One line of the report."""
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
    """The same for people."""
    refused, seconds = found["refused"], found["sinceSeconds"]
    reasons = (
        ", ".join(f"{count} {reason}" for reason, count in refused.items())
        if isinstance(refused, dict)
        else ""
    )
    since = f"{ago(seconds)} ago" if isinstance(seconds, float) else "the start"
    state = good("signed") if found["ready"] else "gone" if found["gone"] else bad("NOT SIGNED")
    return [str(found["service"]), str(found["sender"]), state, since, str(found["accepted"]), reasons]

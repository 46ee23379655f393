"""`sealwire explain`: finds the reason for a rejection and what changed on the way.

The request is verified repeatedly, each time with one change reverted. If it then verifies, this change is
the cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click

from sealwire import Identity, KeyRing, Rejected, Verifier
from sealwire._errors import ConfigError
from sealwire._native import (
    CLIENT_REQUEST_ID_HEADER,
    CLIENT_SIGNATURE_HEADER,
    MESSAGE_SIGNATURE_HEADER,
    SCHEMES,
    SERVICE_SIGNATURE_HEADER,
)
from sealwire.cli import _captured, _hypotheses, _logged, _options
from sealwire.cli._captured import Captured
from sealwire.cli._output import bad, command, good, say, table
from sealwire.cli._request import FILE, KEYS, WEAK, moment_ms
from sealwire.cli._ring import names_in, secrets_in

SIGNATURES: Final = (MESSAGE_SIGNATURE_HEADER, SERVICE_SIGNATURE_HEADER, CLIENT_SIGNATURE_HEADER)


@dataclass(slots=True)
class Finding:
    """The result of the analysis."""

    culprit: str | None
    sentence: str
    signed: Captured | None = None  # the request as it was signed


@dataclass(frozen=True, slots=True)
class Bench:
    """The verifier for the analysis, with the name, keys and time of the service."""

    service: str
    secrets: Mapping[str, Any]
    allow_weak: bool
    past: int | None
    future: int | None
    rings: dict[int, KeyRing] = field(default_factory=dict)

    def verifier(self, service: str, keys: KeyRing | None) -> Verifier:
        """Creates a verifier like that of the service, without earlier nonces."""
        if keys is None:
            keys = self.rings.setdefault(0, KeyRing.from_dict(dict(self.secrets), allow_weak=self.allow_weak))
        return Verifier(
            service,
            keys,
            schemes=SCHEMES,
            past=self.past,
            future=self.future,
            external_replay_store=True,
            authorities="any",
        )

    def judge(
        self, request: Captured, now_ms: int, service: str | None = None, keys: KeyRing | None = None
    ) -> Identity | Rejected:
        """Verifies a request at a given time."""
        try:
            return self.verifier(service or self.service, keys).verify(
                request.method, request.target, request.headers, request.body, now_ms=now_ms
            )
        except Rejected as rejected:
            return rejected

    def has_right_head(self, request: Captured, now_ms: int) -> bool:
        """Returns whether a `message` head is valid. Other schemes do not sign a digest, so this proves nothing."""
        if request.header(MESSAGE_SIGNATURE_HEADER) is None:
            return False
        try:
            self.verifier(self.service, None).begin(
                request.method, request.target, request.headers, now_ms=now_ms
            )
        except Rejected:
            return False
        return True


@click.command()
@click.argument("captured", type=FILE)
@KEYS
@click.option("--service", required=True, help="The service that rejected it.")
@click.option("--log", "line", help="The verifier's log line; @FILE reads it from a file.")
@click.option("--sent", type=FILE, help="The same request as the sender sent it.")
@click.option(
    "--at", metavar="TIME", help="The time of arrival, if the log does not contain it; default: now."
)
@click.option("--past", type=_options.WINDOW, metavar="SECONDS", help="The past window of the service.")
@click.option("--future", type=_options.WINDOW, metavar="SECONDS", help="The future window of the service.")
@click.option("--prefix", metavar="PATH", help="A path prefix that a proxy removes.")
@click.option("--entry", type=click.IntRange(0), default=0, help="The index of the request in a HAR file.")
@_options.table
@WEAK
@command
def explain(
    captured: Path,
    keys_file: Path,
    service: str,
    line: str | None,
    sent: Path | None,
    at: str | None,
    past: int | None,
    future: int | None,
    prefix: str | None,
    entry: int,
    table: str | None,
    allow_weak: bool,
    as_json: bool,
) -> None:
    """Find the part of a CAPTURED request that made it fail: raw HTTP, a HAR file or JSON.

    Pass the request as it arrived, with the log line of its rejection; or as it was sent, with the log line of the
    receiver. Parts are shown as hashes, secrets never. Exit code 0 when the culprit was found.
    """
    request = _captured.read(captured, entry)
    logged = _logged.read(text_of(line))
    bench = Bench(service, secrets_in(keys_file, table), allow_weak, past, future)
    original = None if sent is None else _captured.read(sent)
    finding = explained(bench, request, original, logged, moment_ms(at), prefix)
    rows = compared(request, finding.signed)
    data = {
        "culprit": finding.culprit,
        "explanation": finding.sentence,
        "logged": logged.reason,
        "components": [
            {"component": name, "arrived": one, "signed": other, "same": one == other}
            for name, one, other in rows
        ],
    }
    say(as_json, data, lines(finding, logged, rows))
    raise SystemExit(0 if finding.culprit else 1)


def explained(
    bench: Bench,
    request: Captured,
    sent: Captured | None,
    logged: _logged.Logged,
    now_ms: int,
    prefix: str | None,
) -> Finding:
    """Returns the cause, or the remaining possibilities."""
    if missing := without_signature(request):
        return missing
    then = bench.judge(request, now_ms)
    if then.age_ms is None:
        return malformed(bench, request, then, now_ms)
    signed_at = now_ms - then.age_ms
    arrived_at = now_ms if logged.age_ms is None else signed_at + logged.age_ms
    arrived = bench.judge(request, arrived_at)
    in_time = bench.judge(request, signed_at)
    if isinstance(in_time, Identity):
        return right_but(bench, request, arrived, arrived_at - signed_at, logged)
    if sent is not None:
        return on_the_way(request, sent)
    return tried(bench, request, in_time, signed_at, logged, prefix)


def without_signature(request: Captured) -> Finding | None:
    """Analyses a request without a signature, or with an incomplete signature."""
    if any(request.header(name) is not None for name in SIGNATURES):
        return None
    wanted = " or ".join(SIGNATURES)
    return Finding(
        "missing header",
        f"it has no signature: {wanted} is missing; did the sender sign, and does a proxy drop headers?",
    )


def malformed(bench: Bench, request: Captured, verdict: Identity | Rejected, now_ms: int) -> Finding:
    """Analyses a head that was rejected before its time was checked."""
    named = verdict.field if isinstance(verdict, Rejected) else None
    if named is None:
        return meant_for_another(bench, request, now_ms) or Finding(
            "key", f"{verdict}: this key file has no key of that name and version for {bench.service}"
        )
    values = [value for name, value in request.headers if name.lower() == named.lower()]
    if not values:
        return Finding(
            "missing header", f"{named} is missing; does the sender send it, and does a proxy drop it?"
        )
    if len(values) > 1:
        return Finding("doubled header", f"{named} occurs {len(values)} times; a proxy adds it again")
    return Finding("malformed header", f"{named} is malformed")


def meant_for_another(bench: Bench, request: Captured, now_ms: int) -> Finding | None:
    """Analyses a signature that another service would accept."""
    for name in names_in(dict(bench.secrets)):
        verdict = bench.judge(request, now_ms, name)
        if verdict.age_ms is not None and isinstance(
            bench.judge(request, now_ms - verdict.age_ms, name), Identity
        ):
            return Finding("pair", _hypotheses.meant_for(name, bench.service), request)
    return None


def right_but(
    bench: Bench, request: Captured, arrived: Identity | Rejected, age_ms: int, logged: _logged.Logged
) -> Finding:
    """Analyses a valid signature: the cause is the clock, or the verifier received another request."""
    if isinstance(arrived, Rejected):
        seconds = abs(age_ms) / 1000
        late = "behind" if age_ms > 0 else "ahead of"
        return Finding(
            "clock",
            f"the signature is valid, but its timestamp is {seconds:.0f} s {late} this service's clock: "
            "compare both clocks; or the request was delayed or sent again",
            request,
        )
    if logged.path is not None and logged.path != request.path:
        seen = request.with_path(logged.path)
        return Finding(
            "path",
            f"the captured request is valid, but the verifier received the path {logged.path}: it was rewritten on the way",
            seen,
        )
    told = f" The log contains {logged.reason}:" if logged.reason else ""
    return Finding(
        None,
        f"the captured request is valid.{told} it was sent a second time, or the verifier received another request; "
        "capture it on the other side of the proxy",
        request,
    )


def on_the_way(request: Captured, sent: Captured) -> Finding:
    """Returns the differences between the two captured requests."""
    before, after = sent.parts(), request.parts()
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not names:
        return Finding(None, "both captures are equal: the sender signs another request than it sends")
    return Finding(names[0], f"changed on the way: {', '.join(names)}", sent)


def tried(
    bench: Bench,
    request: Captured,
    verdict: Rejected,
    signed_at: int,
    logged: _logged.Logged,
    prefix: str | None,
) -> Finding:
    """Returns the first change that makes the request verify if it is reverted."""
    case = _hypotheses.Case(request, bench.service, verdict.sender, dict(bench.secrets), logged.path, prefix)
    for each in _hypotheses.of(case):
        if isinstance(bench.judge(each.request, signed_at, each.service, each.keys), Identity):
            return Finding(each.culprit, each.sentence, each.request)
    if bench.has_right_head(request, signed_at):
        return Finding("body", "the head is unchanged, but the bytes of the body were changed on the way")
    return Finding(None, suspicion(request, verdict))


def suspicion(request: Captured, verdict: Rejected) -> str:
    """Returns advice if no single change explains the rejection."""
    advice = "the secret may differ between the two sides, or more than one thing was changed; capture it at the sender and pass that with --sent"
    if request.header(CLIENT_REQUEST_ID_HEADER) is not None:
        advice += (
            f". Compare {CLIENT_REQUEST_ID_HEADER} with the one the sender logged: some proxies replace it"
        )
    return f"{verdict}: no single change makes it valid; {advice}"


def compared(request: Captured, signed: Captured | None) -> list[tuple[str, str, str]]:
    """Returns the hashes of each part as received and as signed."""
    arrived, expected = request.parts(), {} if signed is None else signed.parts()
    return [
        (name, arrived.get(name, "-"), expected.get(name, "?" if signed is None else "-"))
        for name in {**arrived, **expected}
    ]


def lines(finding: Finding, logged: _logged.Logged, rows: list[tuple[str, str, str]]) -> list[str]:
    """Returns the result as text, with marks at parts that differ."""
    verdict = good(f"culprit: {finding.culprit}") if finding.culprit else bad("no culprit found")
    shown = [
        [name, one, other, "" if one == other or other == "?" else bad("differs")]
        for name, one, other in rows
    ]
    log = [f"logged: {logged.reason}"] if logged.reason else []
    return [*log, verdict, finding.sentence, "", *table(("component", "arrived", "signed", ""), shown)]


def text_of(line: str | None) -> str:
    """Returns the log line, or the last line of a file."""
    if line is None or not line.startswith("@"):
        return line or ""
    try:
        found = Path(line[1:]).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except (OSError, ValueError) as cause:
        reason = getattr(cause, "strerror", None) or type(cause).__name__
        raise ConfigError(f"{line[1:]} cannot be read: {reason}") from None
    return found[-1] if found else ""

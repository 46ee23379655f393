"""Reports all decisions to the log, to the metrics and to the current OpenTelemetry span."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from sealwire._errors import Rejected
from sealwire._native import Identity, help_url

annotate: Callable[[str, str, int | None, str | None], None] | None
current_context: Callable[[], Mapping[str, object]]
try:
    from opentelemetry.context import get_current as current_context

    from sealwire._otel import annotate
except ImportError:  # OpenTelemetry is not installed
    annotate, current_context = None, dict

logger = logging.getLogger("sealwire")

MAX_SHOWN: Final = 256


class Metrics(Protocol):
    """An object that counts decisions. Use `sealwire.metrics.Metrics`, or write your own class."""

    def accepted(self, identity: Identity, seconds: float) -> None:
        """Records an accepted request. `seconds` is the duration of the verification."""
        ...

    def rejected(self, rejected: Rejected, seconds: float) -> None:
        """Records a request that was rejected, or that would be rejected under `enforce`. `seconds` is the
        duration of the verification."""
        ...


class StoreMetrics(Protocol):
    """An object that counts claims in a shared replay store. Use `sealwire.metrics.Metrics`, or write your
    own class."""

    def store_responded(self, seconds: float) -> None:
        """Records a claim and the duration `seconds` until the store responded."""
        ...

    def store_failed(self, seconds: float, *, fell_back: bool) -> None:
        """Records a claim that received no response in time. With `fell_back`, the table of this process
        then stores the claim instead."""
        ...

    def store_spared(self) -> None:
        """Records a replay that was detected by the table of this process, without a request to the
        store."""
        ...


def modes_changed(mode_before: str, before: Mapping[str, str], mode: str, after: Mapping[str, str]) -> None:
    """Logs a change of modes as a warning, because the change can disable enforcement. The native module
    calls this function."""
    own = [
        f"{sender} {before.get(sender, 'as the service')} -> {after.get(sender, 'as the service')}"
        for sender in sorted({*before, *after})
        if before.get(sender) != after.get(sender)
    ]
    logger.warning(
        "modes changed: %s",
        ", ".join([f"the service {mode_before} -> {mode}"] * (mode_before != mode) + own),
        extra={
            "sealwire_event": "modes_changed",
            "sealwire_mode": mode,
            "sealwire_mode_before": mode_before,
            "sealwire_senders": dict(after),
            "sealwire_senders_before": dict(before),
        },
    )


def clock_failed(error: Exception) -> None:
    """Logs an exception that the setting `clock` raised. The native module calls this function and then
    rejects the request."""
    logger.error(
        "%s; the request is rejected", error, exc_info=error, extra={"sealwire_event": "clock_failed"}
    )


class Reporter:
    """Reports decisions about requests. Reports never contain a signature, a secret or a body."""

    __slots__ = ("metrics", "service")

    def __init__(self, service: str, metrics: Metrics | None) -> None:
        """`service` is the name of the service. `metrics` is the setting `metrics`, or None."""
        self.service = service
        self.metrics = metrics

    def accepted(self, identity: Identity, method: str, path: str, peer: str, seconds: float) -> None:
        """Reports an accepted request. `peer` is the network address of the client, or an empty string if it
        is unknown."""
        if self.metrics is not None:
            self.metrics.accepted(identity, seconds)
        # The context is checked first, because this is faster than looking up the span.
        if annotate is not None and current_context():
            annotate(identity.sender, identity.scheme, identity.key_version, None)
        if logger.isEnabledFor(logging.INFO):
            request = request_fields(method, path, peer)
            extra = self.fields(
                "accepted", identity.sender, identity.scheme, identity.key_version, identity.age_ms
            )
            logger.info(
                "request accepted from %s: %s", identity.sender, shown(request), extra=extra | request
            )

    def rejected(self, rejected: Rejected, method: str, path: str, peer: str, seconds: float) -> None:
        """Reports a rejected request, or a request that was accepted only because of the mode `observe`."""
        if rejected.mode == "off":
            return
        if self.metrics is not None:
            self.metrics.rejected(rejected, seconds)
        if annotate is not None:
            annotate(rejected.sender, rejected.scheme, rejected.key_version, rejected.reason)
        verdict = "rejected" if rejected.mode == "enforce" else "observed"
        extra = self.fields(verdict, rejected.sender, rejected.scheme, rejected.key_version, rejected.age_ms)
        extra |= {
            "sealwire_reason": rejected.reason,
            "sealwire_field": rejected.field,
            "sealwire_help": help_url(rejected.reason),
        }
        request = request_fields(method, path, peer)
        logger.warning(
            "request %s: %s, from %s: %s",
            verdict,
            rejected.reason,
            rejected.sender or "unknown",
            shown(request),
            extra=extra | request,
        )

    def fields(
        self, event: str, sender: str, scheme: str, key_version: int | None, age_ms: int | None
    ) -> dict[str, object]:
        """Returns the structured fields of a log record."""
        return {
            "sealwire_event": event,
            "sealwire_service": self.service,
            "sealwire_sender": sender,
            "sealwire_scheme": scheme,
            "sealwire_key_version": key_version,
            "sealwire_age_ms": age_ms,
        }


def request_fields(method: str, path: str, peer: str) -> dict[str, str]:
    """Returns the fields that describe a request. Each value has at most `MAX_SHOWN` characters."""
    return {
        "sealwire_method": printable(method),
        "sealwire_path": printable(path),
        "sealwire_peer": printable(peer),
    }


def shown(request: Mapping[str, str]) -> str:
    """Returns the description of a request for the message of a log record."""
    method, path, peer = request.values()
    return f"{method} {path} ({peer or 'no peer address'})"


def printable(text: str) -> str:
    """Escapes text from a request and limits it to `MAX_SHOWN` characters. Unescaped control characters could
    forge log lines."""
    text = text[: MAX_SHOWN + 1]
    escaped = text if text.isascii() and text.isprintable() else ascii(text)
    return escaped if len(escaped) <= MAX_SHOWN else escaped[: MAX_SHOWN - 3] + "..."

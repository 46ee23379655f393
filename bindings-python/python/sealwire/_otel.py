"""Adds attributes to the current OpenTelemetry span. This module is imported only if OpenTelemetry is
installed."""

from __future__ import annotations

from opentelemetry.trace import get_current_span


def annotate(sender: str, scheme: str, key_version: int | None, reason: str | None) -> None:
    """Adds the decision about a request to the current span, if that span is recorded. `reason` is None for
    an accepted request."""
    span = get_current_span()
    if not span.is_recording():
        return
    span.set_attribute("sealwire.sender", sender)
    span.set_attribute("sealwire.scheme", scheme)
    span.set_attribute("sealwire.accepted", reason is None)
    if key_version is not None:
        span.set_attribute("sealwire.key_version", key_version)
    if reason is not None:
        span.set_attribute("sealwire.reason", reason)

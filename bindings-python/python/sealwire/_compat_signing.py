"""The two functions that the older code signed and verified with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sealwire._compat_secrets import secret_manager
from sealwire._errors import Rejected, SealwireError
from sealwire._native import (
    DEFAULT_PAST_SECONDS,
    SERVICE_NAME_HEADER,
    SERVICE_SIGNATURE_HEADER,
    SERVICE_TIMESTAMP_HEADER,
    KeyRing,
    Signer,
    Verifier,
)

SCHEMES: Final = ("pairwise",)


@dataclass
class ServiceAuthHeaders:
    """What a signed request carries."""

    service_name: str
    timestamp: int
    signature: str
    user_id: str | None = None


def sign_service_request(
    sender: str,
    receiver: str,
    method: str,
    path: str,
    body: str | bytes | None = None,
    user_id: str | None = None,
    timestamp: int | None = None,
) -> ServiceAuthHeaders:
    """Signs a request from `sender` to `receiver`. `timestamp` is in Unix seconds, now by default.

    ValueError names the variable of a missing secret, or what cannot be signed.
    """
    signer = signer_for(sender, secret_manager.ring(sender, receiver))
    now_ms = None if timestamp is None else timestamp * 1000
    headers = signer.sign(method, path, None, bytes_of(body), receiver, None, None, now_ms)
    return ServiceAuthHeaders(
        service_name=sender,
        timestamp=int(headers[SERVICE_TIMESTAMP_HEADER]),
        signature=headers[SERVICE_SIGNATURE_HEADER],
        user_id=user_id,
    )


def verify_service_request(
    sender: str,
    receiver: str,
    method: str,
    path: str,
    body: str | bytes | None,
    signature: str,
    timestamp: int,
    max_age_seconds: int = DEFAULT_PAST_SECONDS,
) -> bool:
    """Whether a request from `sender` to `receiver` is signed and not older than `max_age_seconds`."""
    headers = (
        (SERVICE_NAME_HEADER, str(sender)),
        (SERVICE_TIMESTAMP_HEADER, str(timestamp)),
        (SERVICE_SIGNATURE_HEADER, str(signature)),
    )
    try:
        verifier = verifier_for(receiver, secret_manager.ring(sender, receiver), max_age_seconds)
        verifier.verify(method, path, headers, bytes_of(body))
    except (Rejected, SealwireError, ValueError, TypeError, OverflowError, AttributeError):
        # The older function answered with a bool, whatever it was given.
        return False
    return True


@lru_cache(maxsize=256)
def signer_for(sender: str, ring: KeyRing) -> Signer:
    """One signer per sender and ring: a changed secret is another ring."""
    return Signer(sender, ring, schemes=SCHEMES)


@lru_cache(maxsize=256)
def verifier_for(receiver: str, ring: KeyRing, max_age_seconds: int) -> Verifier:
    """One verifier per receiver, ring and age."""
    return Verifier(receiver, ring, schemes=SCHEMES, past=max_age_seconds)


def bytes_of(body: str | bytes | None) -> bytes | None:
    """The body as it is sent: the older code took text."""
    return body.encode() if isinstance(body, str) else body

"""The signing and verifying functions of the older code."""

from __future__ import annotations

from dataclasses import dataclass
from time import time

from sealwire._compat_secrets import secret_manager
from sealwire._errors import SealwireError
from sealwire._native import DEFAULT_PAST_SECONDS, sign_pairwise, verify_pairwise


@dataclass
class ServiceAuthHeaders:
    """The headers of a signed request."""

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

    ValueError names the variable of a missing secret, or the argument that cannot be signed.
    """
    timestamp = int(time()) if timestamp is None else timestamp
    if timestamp < 0:
        raise ValueError("timestamp: give Unix seconds, which are not negative")
    keys = secret_manager.ring(sender, receiver)
    signature = sign_pairwise(keys, sender, receiver, method, path, as_bytes(body), timestamp)
    return ServiceAuthHeaders(sender, timestamp, signature, user_id)


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
    """Returns whether a request from `sender` to `receiver` is signed and not older than `max_age_seconds`."""
    try:
        keys = secret_manager.ring(sender, receiver)
        return verify_pairwise(
            keys, sender, receiver, method, path, as_bytes(body), signature, timestamp, int(max_age_seconds)
        )
    except (SealwireError, ValueError, TypeError, OverflowError, AttributeError):
        # The older function returned a bool for any argument.
        return False


def as_bytes(body: str | bytes | bytearray | memoryview | None) -> str | bytes | None:
    """Any bytes-like body as bytes."""
    return bytes(body) if isinstance(body, bytearray | memoryview) else body

"""The functions of the earlier implementation for signing and verification."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import Final

from sealwire._compat_secrets import secret_manager
from sealwire._errors import SealwireError, SignError
from sealwire._native import DEFAULT_PAST_SECONDS, sign_pairwise, verify_pairwise

MOST_SECONDS: Final = 2**40
"""Later than any timestamp in use, and far from the limits of the native types."""


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
    body: str | bytes | bytearray | memoryview | None = None,
    user_id: str | None = None,
    timestamp: int | None = None,
) -> ServiceAuthHeaders:
    """Signs a request from `sender` to `receiver`. `timestamp` is in Unix seconds, now by default.

    ValueError contains the variable of a missing secret, or the argument that cannot be signed.
    """
    timestamp = int(time()) if timestamp is None else whole(timestamp)
    keys = secret_manager.ring(sender, receiver)
    signature = sign_pairwise(keys, sender, receiver, method, path, body, timestamp)
    return ServiceAuthHeaders(sender, timestamp, signature, user_id)


def verify_service_request(
    sender: str,
    receiver: str,
    method: str,
    path: str,
    body: str | bytes | bytearray | memoryview | None,
    signature: str,
    timestamp: int,
    max_age_seconds: float = DEFAULT_PAST_SECONDS,
) -> bool:
    """Returns whether a request from `sender` to `receiver` is signed and not older than `max_age_seconds`.

    The path is used as given, with its query. The time comes from Python's clock, also when signing.
    """
    try:
        past = int(min(max_age_seconds, MOST_SECONDS))
        keys = secret_manager.ring(sender, receiver)
        return max_age_seconds >= 0 and verify_pairwise(
            keys, sender, receiver, method, path, body, signature, timestamp, past, int(time())
        )
    except (SealwireError, ValueError, TypeError, OverflowError, AttributeError):
        # The earlier function returned a bool for any argument.
        return False


def whole(timestamp: object) -> int:
    """Validates a timestamp in whole seconds since 1970."""
    if not isinstance(timestamp, int) or not 0 <= timestamp <= MOST_SECONDS:
        raise SignError(
            f"timestamp must be a whole number of Unix seconds and not negative, not {timestamp!r}"
        )
    return timestamp

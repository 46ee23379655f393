"""The functions of the earlier implementation that sign and verify requests."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import Final

from sealwire._compat_secrets import secret_manager
from sealwire._errors import SealwireError, SignError
from sealwire._native import DEFAULT_PAST_SECONDS, sign_pairwise, verify_pairwise

MOST_SECONDS: Final = 2**40
"""The maximum timestamp, in Unix seconds. It exceeds every realistic timestamp, but fits in the native
integer types."""


@dataclass
class ServiceAuthHeaders:
    """The values of the headers of a signed request."""

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
    """Signs a request from `sender` to `receiver`. `timestamp` is in Unix seconds, and defaults to the
    current time.

    Raises ValueError if there is no secret or an argument cannot be signed. The message names the variable
    or the argument.
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
    """Returns whether a request from `sender` to `receiver` has a valid signature and is not older than
    `max_age_seconds`.

    The path is used unchanged, including its query. The current time is read from the same Python clock
    that is used for signing.
    """
    try:
        past = int(max_age_seconds) if max_age_seconds < MOST_SECONDS else MOST_SECONDS
        keys = secret_manager.ring(sender, receiver)
        return max_age_seconds >= 0 and verify_pairwise(
            keys, sender, receiver, method, path, body, signature, timestamp, past, int(time())
        )
    except (SealwireError, ValueError, TypeError, OverflowError, AttributeError):
        # The earlier function also returned False for invalid arguments.
        return False


def whole(timestamp: object) -> int:
    """Returns a timestamp if it is a valid number of whole Unix seconds, otherwise raises `SignError`."""
    if not isinstance(timestamp, int) or not 0 <= timestamp <= MOST_SECONDS:
        raise SignError(
            f"timestamp must be a whole number of Unix seconds and not negative, not {timestamp!r}"
        )
    return timestamp

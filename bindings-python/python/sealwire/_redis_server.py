"""Checks whether a Redis or Valkey server can store claims, and interprets its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)

# Above this difference, the clocks of two hosts can differ by more than the margin for claims.
MAX_SKEW_S: Final = 1.0
POLICY: Final = "maxmemory_policy"
KEEPS_EVERY_KEY: Final = "noeviction"

# Responses of a server that is temporarily not ready.
_NOT_READY: Final = (BusyLoadingError, ClusterDownError, MasterDownError, TryAgainError)

_ADVICE: Final = (
    (
        (AuthenticationError, AuthorizationError),
        "rejects the user or the password; set username and password of the client",
    ),
    (
        NoPermissionError,
        "does not let this user run SET on these keys; grant it, e.g. ACL SETUSER <user> +set ~{prefix}*",
    ),
    (ReadOnlyError, "is a read-only replica; connect to the primary"),
    (OutOfMemoryError, "has no memory left; raise maxmemory"),
)


def fault_of(error: Exception, prefix: str) -> str | None:
    """Returns the required fix, or None for a server that does not respond or is not ready, which may be
    temporary."""
    if isinstance(error, _NOT_READY):
        return None
    for kind, advice in _ADVICE:
        if isinstance(error, kind):
            return advice.format(prefix=prefix)
    if isinstance(error, ResponseError):
        code = str(error).partition(" ")[0][:32]
        return f"responds with the error {code}; Redis 2.6.12 or newer, or Valkey, is needed"
    return None


def skew_of(times: object, before: float, after: float) -> float:
    """Returns the smallest possible clock difference to the server in seconds. For several servers, returns
    the largest difference."""
    several = times.values() if isinstance(times, Mapping) else [times]
    ahead = (beyond(each[0] + each[1] / 1e6, before, after) for each in several if isinstance(each, tuple))
    return max(ahead, key=abs, default=0.0)


def beyond(server: float, before: float, after: float) -> float:
    """Returns the distance of a time from the interval of the request."""
    return server - after if server > after else min(server - before, 0.0)


def policies_of(infos: object) -> list[str]:
    """Returns `maxmemory_policy` from INFO, for a server or for each server of a cluster."""
    if not isinstance(infos, Mapping):
        return []
    several = [infos] if POLICY in infos else [each for each in infos.values() if isinstance(each, Mapping)]
    return [str(each[POLICY]) for each in several if POLICY in each]


def evicting(infos: object) -> str | None:
    """Returns the policy of a server that evicts keys if memory is low, or None if there is none."""
    return next((policy for policy in policies_of(infos) if policy != KEEPS_EVERY_KEY), None)

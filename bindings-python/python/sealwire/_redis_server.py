"""Checks whether a Redis or Valkey server is suitable as a replay store, and interprets its errors."""

from __future__ import annotations

from asyncio import CancelledError
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

# The clock difference, in seconds, above which a warning is logged.
MAX_SKEW_S: Final = 1.0
POLICY: Final = "maxmemory_policy"
KEEPS_EVERY_KEY: Final = "noeviction"

# The error codes of a server that is temporarily not ready.
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


def fault_of(error: BaseException, prefix: str) -> str | None:
    """Returns a description of a permanent server error and its fix, or None if the server does not respond
    or is not ready, because such errors can be temporary.

    By default, redis-py repeats a command after an error, also after a wrong password. If this takes longer than
    the time limit, the error is a `TimeoutError`, and the error of the server is the context of the exception that
    caused it.
    """
    if isinstance(error, TimeoutError) and isinstance(error.__cause__, CancelledError):
        context = error.__cause__.__context__
        return None if context is None else fault_of(context, prefix)
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
    """Returns the difference between the clocks of the server and this host, in seconds. `before` and
    `after` are the local times immediately before and after the query, so the result is the smallest
    possible difference. For several servers, returns the largest difference."""
    several = times.values() if isinstance(times, Mapping) else [times]
    ahead = (beyond(each[0] + each[1] / 1e6, before, after) for each in several if isinstance(each, tuple))
    return max(ahead, key=abs, default=0.0)


def beyond(server: float, before: float, after: float) -> float:
    """Returns the distance in seconds between a time and the interval from `before` to `after`. The
    distance is negative for an earlier time, and 0 for a time in the interval."""
    return server - after if server > after else min(server - before, 0.0)


def policies_of(infos: object) -> list[str]:
    """Returns the value of `maxmemory_policy` in the response to INFO, for a single server or for each
    server of a cluster."""
    if not isinstance(infos, Mapping):
        return []
    several = [infos] if POLICY in infos else [each for each in infos.values() if isinstance(each, Mapping)]
    return [str(each[POLICY]) for each in several if POLICY in each]


def evicting(infos: object) -> str | None:
    """Returns the eviction policy of a server that evicts keys when its memory is full, or None if no
    server evicts keys."""
    return next((policy for policy in policies_of(infos) if policy != KEEPS_EVERY_KEY), None)

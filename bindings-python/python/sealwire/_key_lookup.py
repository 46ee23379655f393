"""Looks up the keys of senders with an application function, for example in a database."""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final, TypedDict

from sealwire._errors import ConfigError, Rejected
from sealwire._native import UNKNOWN_SENDER, KeyRing

logger = logging.getLogger("sealwire")

TTL_S: Final = 60.0
# The number of seconds for which an unknown sender is cached. Without the cache, a client could cause a
# lookup with each request.
MISS_S: Final = 10.0
MAX_MISSES: Final = 10_000


class FoundKeys(TypedDict, total=False):
    """The keys of a sender, in the form that `KeyRing` accepts."""

    clients: Mapping[str, Any]
    pairs: Mapping[Any, Any]


class KeyLookup:
    """A key ring that looks up a sender's keys at the sender's first request, and again after `ttl`
    seconds."""

    def __init__(self, look_up: Callable[[str], Any], ttl: float | None) -> None:
        """`look_up` takes the name of a sender. It returns the keys of the sender, or None for an unknown
        sender."""
        self.ring = KeyRing()
        self._look_up = look_up
        self._ttl = TTL_S if ttl is None else ttl
        # The time when the keys of a sender expire, and the keys. The first entry expires first, because `ttl`
        # is constant.
        self._found: dict[str, tuple[float, FoundKeys]] = {}
        self._misses: dict[str, float] = {}
        self._lock = threading.Lock()

    def expire(self) -> None:
        """Removes expired keys from the ring. A sender's keys are looked up again at its next request."""
        oldest = next(iter(self._found.values()), None)
        if oldest is None or oldest[0] > monotonic():
            return
        with self._lock:
            now = monotonic()
            self._found = {name: entry for name, entry in self._found.items() if entry[0] > now}
            self._update(self._found)

    def find(self, rejected: Rejected) -> bool:
        """Looks up the keys of the sender of a rejected request, if they are not in the ring. Returns whether
        keys were found, so that the request must be verified again."""
        if not self._is_due(rejected):
            return False
        try:
            return self._store(rejected.sender, self._look_up(rejected.sender))
        except Exception as error:
            return self._failed(error)

    async def find_async(self, rejected: Rejected) -> bool:
        """Like `find`, for ASGI."""
        if not self._is_due(rejected):
            return False
        try:
            keys = self._look_up(rejected.sender)
            return self._store(rejected.sender, await keys if inspect.isawaitable(keys) else keys)
        except Exception as error:
            return self._failed(error)

    def _is_due(self, rejected: Rejected) -> bool:
        name = rejected.sender
        if rejected.reason != UNKNOWN_SENDER or not name or name in self._found:
            return False
        return self._misses.get(name, 0.0) <= monotonic()

    def _store(self, name: str, keys: FoundKeys | None) -> bool:
        with self._lock:
            if keys is None:
                if len(self._misses) >= MAX_MISSES:
                    self._misses.pop(next(iter(self._misses)))
                self._misses[name] = monotonic() + MISS_S
                return False
            found = {**self._found, name: (monotonic() + self._ttl, keys)}
            self._update(found)
            self._found = found
            return True

    def _update(self, found: Mapping[str, tuple[float, FoundKeys]]) -> None:
        clients: dict[str, Any] = {}
        pairs: dict[Any, Any] = {}
        for _, keys in found.values():
            clients |= keys.get("clients", {})
            pairs |= keys.get("pairs", {})
        self.ring.replace(KeyRing(pairs, clients))

    def _failed(self, error: Exception) -> bool:
        # Messages of other exceptions are not logged, because they could contain a secret.
        text = str(error) if isinstance(error, ConfigError) else type(error).__name__
        logger.error("look_up_keys failed, so the sender stays unknown: %s", text)
        return False

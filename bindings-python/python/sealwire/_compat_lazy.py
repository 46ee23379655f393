"""Reads the secret of a pair at the first request of its sender. Google Secret Manager is queried with the
names of both services, and a sender's name is not known before its first request."""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import Final

from sealwire._compat_secrets import HMACSecretManager
from sealwire._errors import SealwireError
from sealwire._native import KeyRing

logger = logging.getLogger("sealwire")

NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
READ_EVERY_S: Final = 60.0
# The maximum number of cached lookups. The cache needs a limit, because failed lookups are cached too, and
# a client can send any sender name.
MAX_UNKNOWN: Final = 1024


class LazyKeys:
    """The key ring of a service. The secret of a sender is read at the first request of the sender, and again
    after a minute."""

    def __init__(self, service: str, manager: HMACSecretManager) -> None:
        """`manager` reads the secrets of `service` and its senders."""
        self.ring = KeyRing()
        self._service = service
        self._manager = manager
        self._pairs: dict[tuple[str, str], dict[str, str]] = {}
        self._read_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_due(self, sender: str) -> bool:
        """Returns whether a sender's secret must be read before its request is verified."""
        if not NAME.fullmatch(sender) or sender == self._service:
            return False
        read_at = self._read_at.get(sender)
        if read_at is None:
            return len(self._read_at) < MAX_UNKNOWN or self._forget()
        return time.monotonic() - read_at > READ_EVERY_S

    def read(self, sender: str) -> None:
        """Reads the secret of a sender and adds it to the key ring. If this fails, the key ring is not
        changed."""
        with self._lock:
            self._read_at[sender] = time.monotonic()
            try:
                pair, environ = self._manager.environ(sender, self._service)
                self._pairs[pair] = environ
                self.ring.replace(self._built())
            except (SealwireError, ValueError) as error:
                logger.warning("the secret of a sender cannot be read: %s", error)

    def _built(self) -> KeyRing:
        merged = {name: value for environ in self._pairs.values() for name, value in environ.items()}
        return KeyRing.from_env(pairs=list(self._pairs), environ=merged, allow_weak=True)

    def _forget(self) -> bool:
        """Removes lookups that are older than a minute from the cache. Returns whether the cache has a free
        entry."""
        now = time.monotonic()
        self._read_at = {name: at for name, at in self._read_at.items() if now - at <= READ_EVERY_S}
        return len(self._read_at) < MAX_UNKNOWN

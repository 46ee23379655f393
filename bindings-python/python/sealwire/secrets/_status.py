"""What a process knows of its keys, left in a file for the command `sealwire keys` to read.

For services whose workers are not scraped one by one. A file stays when its process ends: what it accepted last counts.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
from os import PathLike
from pathlib import Path
from typing import Final

from sealwire._native import KeyRing

logger = logging.getLogger("sealwire")

WRITE_EVERY_S: Final = 5.0


class StatusFile:
    """Writes a ring's status to `<directory>/<service>-<process id>.json`, every few seconds."""

    def __init__(self, ring: KeyRing, directory: str | PathLike[str], service: str) -> None:
        """The directory is one that every worker and the operator can reach."""
        self._ring = ring
        self._path = Path(directory) / f"{service}-{os.getpid()}.json"
        self._service = service
        self._ended = threading.Event()

    def start(self, every: float = WRITE_EVERY_S) -> StatusFile:
        """Writes now, so that a directory that cannot be written stops the start; then in a thread of its own."""
        self.write()
        threading.Thread(target=self._run, args=(every,), name="sealwire-status", daemon=True).start()
        return self

    def stop(self) -> None:
        """Writes a last time and ends."""
        self._ended.set()
        self.write()

    def write(self) -> None:
        """Writes the status as it stands, never half of it."""
        fresh = self._path.with_suffix(".tmp")
        fresh.write_text(json.dumps(self._status()))
        fresh.replace(self._path)

    def _status(self) -> dict[str, object]:
        keys = [
            {
                "name": key.name,
                "version": key.version,
                "primary": key.primary,
                "accepted": key.accepted,
                "lastAccepted": key.last_accepted,
            }
            for key in self._ring.status()
        ]
        return {"service": self._service, "writtenAt": time.time(), "keys": keys}

    def _run(self, every: float) -> None:
        failed = False
        while not self._ended.wait(every):
            with contextlib.suppress(OSError):
                self.write()
                failed = False
                continue
            if not failed:
                logger.warning("key status cannot be written to %s", self._path)
            failed = True

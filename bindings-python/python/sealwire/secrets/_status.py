"""What a process knows of its keys, written to a file that the command `sealwire keys` reads.

For services whose workers are not scraped one by one. A file stays when its process ends, because what the process
accepted last still counts.
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
from sealwire._process import forget, restart_after_fork

logger = logging.getLogger("sealwire")

WRITE_EVERY_S: Final = 5.0


class StatusFile:
    """Writes a ring's status to `<directory>/<service>-<process id>.json` every few seconds.

    A process that is forked after `start` writes a file of its own, so it may be started before workers are forked.
    """

    def __init__(self, ring: KeyRing, directory: str | PathLike[str], service: str) -> None:
        """`directory` is one that every worker and the operator can reach."""
        self._ring = ring
        self._directory = Path(directory)
        self._service = service
        self._every = WRITE_EVERY_S
        self._begin()

    def start(self, every: float = WRITE_EVERY_S) -> StatusFile:
        """Writes now, so that a directory that cannot be written stops the start; then in a thread of its own."""
        self._every = every
        self.write()
        self._run_in_thread()
        restart_after_fork(self)
        return self

    def stop(self) -> None:
        """Writes a last time and ends."""
        forget(self)
        self._ended.set()
        self.write()

    def restart(self) -> None:
        """Starts again in a forked child, under its process id."""
        self._begin()
        self._run_in_thread()

    def write(self) -> None:
        """Writes the status, never half of it."""
        path = self._directory / f"{self._service}-{os.getpid()}.json"
        fresh = path.with_suffix(".tmp")
        fresh.write_text(json.dumps(self._status()))
        fresh.replace(path)

    def _begin(self) -> None:
        self._ended = threading.Event()
        self._started_at = time.time()

    def _run_in_thread(self) -> None:
        arguments = (self._every, self._ended)
        threading.Thread(target=self._run, args=arguments, name="sealwire-status", daemon=True).start()

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
        return {
            "service": self._service,
            "startedAt": self._started_at,
            "writtenAt": time.time(),
            "keys": keys,
        }

    def _run(self, every: float, ended: threading.Event) -> None:
        failed = False
        while not ended.wait(every):
            with contextlib.suppress(OSError):
                self.write()
                failed = False
                continue
            if not failed:
                logger.warning("key status cannot be written to %s", self._directory)
            failed = True

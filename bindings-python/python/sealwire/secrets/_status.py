"""Writes the key usage of a process to a file, for the command `sealwire keys`.

Use a `StatusFile` if the workers of a service are not scraped individually. The file is not deleted when its
process ends, because the command still needs the time of the last use of each key.
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

from sealwire._errors import ConfigError
from sealwire._native import KeyRing
from sealwire.secrets._fork import not_after_forks, restart_after_forks

logger = logging.getLogger("sealwire")

WRITE_EVERY_S: Final = 5.0


class StatusFile:
    """Writes the status of a key ring to `<directory>/<service>-<process id>.json` every few seconds.

    Each forked process writes a separate file. If a process has accepted no requests, such as the parent of
    the workers, its file is no evidence that a key is unused.
    """

    def __init__(self, ring: KeyRing, directory: str | PathLike[str], service: str) -> None:
        """All workers must be able to write to `directory`, and the operator must be able to read it."""
        if not isinstance(ring, KeyRing):
            raise ConfigError("StatusFile: pass the KeyRing whose use is reported first")
        self._ring = ring
        self._directory = Path(directory)
        self._service = service
        self._every = WRITE_EVERY_S
        self._ended = threading.Event()
        self._started_at = time.time()

    def start(self, every: float = WRITE_EVERY_S) -> StatusFile:
        """Writes the file now, and starts a thread that writes it again every `every` seconds. Raises
        `OSError` if the directory is not writable."""
        if isinstance(every, bool) or not isinstance(every, int | float) or not every > 0:
            raise ConfigError("every: pass a number of seconds above 0")
        self._every = every
        self.write()
        restart_after_forks(self)
        self._start_thread()
        return self

    def _start_thread(self) -> None:
        threading.Thread(target=self._run, name="sealwire-status", daemon=True).start()

    def restart_in_child(self) -> None:
        """Starts the thread in a forked process. The fork hook calls this method."""
        self._ended = threading.Event()
        self._started_at = time.time()
        self._start_thread()

    def stop(self) -> None:
        """Stops the thread and writes the file one last time."""
        not_after_forks(self)
        self._ended.set()
        self.write()

    @property
    def path(self) -> Path:
        """The path of the file for this process."""
        return self._directory / f"{self._service}-{os.getpid()}.json"

    def write(self) -> None:
        """Atomically replaces the file with the current status."""
        path = self.path
        fresh = path.with_suffix(".tmp")
        fresh.write_text(json.dumps(self._status()))
        fresh.replace(path)

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
            "pid": os.getpid(),
            "startedAt": self._started_at,
            "writtenAt": time.time(),
            "keys": keys,
        }

    def _run(self) -> None:
        failed = False
        while not self._ended.wait(min(self._every, threading.TIMEOUT_MAX)):
            with contextlib.suppress(OSError):
                self.write()
                failed = False
                continue
            if not failed:
                logger.warning("key status cannot be written to %s", self.path)
            failed = True

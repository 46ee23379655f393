"""Reloads keys or modes without a restart, after a signal, a file change or an interval."""

from __future__ import annotations

import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Sequence
from os import PathLike, fspath
from types import FrameType, TracebackType
from typing import Final, Generic, TypedDict, TypeVar, Unpack

from sealwire._documented import documented
from sealwire._errors import ConfigError
from sealwire._native import KeyRing, Modes, file_state
from sealwire._settings import check_settings
from sealwire.secrets._fork import not_after_forks, restart_after_forks

logger = logging.getLogger("sealwire")

LOOK_EVERY_S: Final = 1.0  # polling, because file notifications do not work on all file systems

Kept = TypeVar("Kept", KeyRing, Modes)


class ReloaderOptions(TypedDict, total=False):
    """The settings of a reloader. A secret store does not report changes, so keys from such a store need
    `every` or `on_signal`."""

    path: str | PathLike[str] | Sequence[str | PathLike[str]]
    """The files to watch. A change causes a reload. Value: a file path, or a list of them."""
    every: float | None
    """The interval between reloads, even if no file has changed. Required for secret stores. Value: a number of seconds above 0."""
    look_every: float
    """The interval between checks for changed files. Value: a number of seconds above 0. Default: `1`."""


class Reloader(Generic[Kept]):
    """Reloads a key ring or modes. If the new file is invalid, logs an error, and the current keys or modes
    stay active.

    Use one reloader for keys and another for modes, so that enforcement can be switched off even while a
    secret store is unavailable.

    A reloader that is started before a server forks its workers, for example with `gunicorn --preload` or
    uWSGI, runs in each worker in a separate thread. The thread ends with the process or after `stop`.
    """

    @documented("reloader")
    def __init__(
        self,
        kept: Kept,
        load: Callable[[], Kept],
        **options: Unpack[ReloaderOptions],
    ) -> None:
        """`kept` is the key ring or the modes to update. `load` returns the new keys or modes. The reloader
        calls `load` when a file in `path` changes, and every `every` seconds.

        A secret store does not report changes, so keys from such a store need `every` or `on_signal`.
        """
        check_settings("reloader", options)
        if not isinstance(kept, KeyRing | Modes):
            raise ConfigError("Reloader: pass the KeyRing or Modes to keep current first")
        if not callable(load):
            raise ConfigError("Reloader: pass a function that loads the keys or modes as the second argument")
        path = options.get("path", ())
        self.kept: Kept = kept
        self.what = "modes" if isinstance(kept, Modes) else "keys"
        self.reloaded = 0
        self.refused = 0
        self.in_order = True
        self.last_success = time.time()
        self._load: Callable[[], Kept] = load
        self._paths = [path] if isinstance(path, str | PathLike) else list(path)
        self._every = options.get("every")
        self._look_every = options.get("look_every", LOOK_EVERY_S)
        self._seen = self._states()
        if None in self._seen:
            missing = self._paths[self._seen.index(None)]
            raise ConfigError(f"path: {fspath(missing)} does not exist; pass the file that is loaded")
        # Whether the files have been loaded after their properties in `_seen` were read.
        self._is_synchronised = False
        self._asked = threading.Event()
        self._has_signal = False
        self._ended = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> Reloader[Kept]:
        """Starts the thread in this process and in every process that is forked from it."""
        if self._thread is None:
            if not (self._paths or self._every or self._has_signal):
                logger.warning("the reloader of the %s has no path, no interval and no signal", self.what)
            restart_after_forks(self)
            self._start_thread()
        return self

    def _start_thread(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sealwire-reloader", daemon=True)
        self._thread.start()

    def restart_in_child(self) -> None:
        """Starts the thread in a forked process, where it also detects changes since the fork. The fork hook
        calls this method."""
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._start_thread()

    def on_signal(self, number: int | None = None) -> Reloader[Kept]:
        """Reloads when the process receives the signal, which is SIGHUP by default. Call this method from
        the main thread. The previous handler of the signal is also called.

        Windows has no SIGHUP. Pass another signal there, or use `path` or `every`.
        """
        number = getattr(signal, "SIGHUP", None) if number is None else number
        if number is None:
            raise ConfigError(
                "on_signal: this system has no SIGHUP; name another signal, or use path= or every="
            )
        before = signal.getsignal(number)

        def ask(received: int, frame: FrameType | None) -> None:
            self._asked.set()  # only wakes the thread, because a signal handler must not acquire locks
            if callable(before):
                before(received, frame)

        signal.signal(number, ask)
        self._has_signal = True
        return self

    def stop(self) -> None:
        """Stops the thread."""
        not_after_forks(self)
        self._ended = True
        self._asked.set()
        if self._thread is not None:
            self._thread.join()

    def reload(self) -> bool:
        """Reloads the keys or modes immediately. Returns False if this fails."""
        with self._lock:
            seen = self._states()  # taken before reading, so that a later change is detected
            try:
                self.kept.replace(self._load())
            except Exception as cause:
                self._refuse(cause)
            else:
                self._accept()
            self._seen = seen
            return self.in_order

    def _accept(self) -> None:
        self.reloaded += 1
        self.in_order = True
        self.last_success = time.time()
        logger.info("%s reloaded", self.what, extra={"sealwire_event": f"{self.what}_reloaded"})

    def _refuse(self, cause: Exception) -> None:
        self.refused += 1
        self.in_order = False
        # Messages of Sealwire exceptions contain no secrets. Messages of other exceptions could, so only
        # their type is logged.
        told = str(cause) if isinstance(cause, ConfigError) else type(cause).__name__
        logger.error(
            "%s NOT reloaded, the old ones stay in use: %s",
            self.what,
            told,
            extra={"sealwire_event": f"{self.what}_refused"},
        )

    def _load_again(self) -> None:
        """Loads the files once more, unless they have changed since the constructor read their properties.
        They can have changed between the caller's load and the constructor. This is not counted as a reload."""
        with self._lock:
            try:
                if self._states() == self._seen:
                    self.kept.replace(self._load())
            except Exception as cause:
                if self._states() == self._seen:
                    self._refuse(cause)
            self._is_synchronised = True

    def _run(self) -> None:
        if self._paths and not self._is_synchronised:
            self._load_again()
        look, due = self._next_look(), self._next_reload()
        while True:
            remaining = max(min(look, due) - time.monotonic(), 0)
            self._asked.wait(min(remaining, threading.TIMEOUT_MAX))
            if self._ended:
                return
            asked = self._asked.is_set()
            self._asked.clear()
            now = time.monotonic()
            if now >= look:
                asked = asked or self._states() != self._seen
                look = self._next_look()
            if asked or now >= due:
                self.reload()
                due = self._next_reload()

    def _next_look(self) -> float:
        """Returns the monotonic time of the next check for changed files."""
        return time.monotonic() + self._look_every if self._paths else math.inf

    def _next_reload(self) -> float:
        """Returns the monotonic time of the next reload that does not depend on the files."""
        return time.monotonic() + self._every if self._every else math.inf

    def _states(self) -> list[str | None]:
        return [file_state(path) for path in self._paths]

    def __enter__(self) -> Reloader[Kept]:
        """Calls `start`."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Calls `stop`."""
        self.stop()

"""Threads that a process needs again after a fork: a child has none of its parent's threads."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Restartable(Protocol):
    """Something with a thread."""

    def restart(self) -> None:
        """Starts its thread again, in a child."""
        ...


_running: weakref.WeakSet[Restartable] = weakref.WeakSet()
_registered = threading.Event()


def restart_after_fork(what: Restartable) -> None:
    """Restarts `what` in every process that is forked from this one, for as long as it exists."""
    _running.add(what)
    if not _registered.is_set() and hasattr(os, "register_at_fork"):
        _registered.set()
        os.register_at_fork(after_in_child=_restart)


def forget(what: Restartable) -> None:
    """No longer restarts it."""
    _running.discard(what)


def _restart() -> None:
    for what in list(_running):
        what.restart()

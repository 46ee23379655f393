"""Restarts threads in forked processes, because a fork copies only the calling thread."""

from __future__ import annotations

import importlib
import os
import sys
import weakref
from typing import Any, Final, Protocol

from sealwire._errors import ConfigError


class Restartable(Protocol):
    """An object that runs a thread."""

    def restart_in_child(self) -> None:
        """Recreates the locks and restarts the thread in a forked process."""
        ...


_running: Final[weakref.WeakSet[Any]] = weakref.WeakSet()
_hooked = False


def restart_after_forks(running: Restartable) -> None:
    """Registers an object whose thread is restarted in every forked process."""
    global _hooked
    check_threads()
    _running.add(running)
    if not _hooked:
        _hooked = True
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_restart_all)
        _hook_uwsgi()


def not_after_forks(running: Restartable) -> None:
    """Unregisters an object whose thread was stopped."""
    _running.discard(running)


_restarted_in = os.getpid()


def _restart_all() -> None:
    global _restarted_in
    if _restarted_in == os.getpid():
        return  # Python and uWSGI can both call this function
    _restarted_in = os.getpid()
    for running in list(_running):
        running.restart_in_child()


def check_threads() -> None:
    """Raises `ConfigError` if uWSGI is configured without Python threads, which is its default."""
    uwsgi = sys.modules.get("uwsgi")
    if uwsgi is not None and not any(option in uwsgi.opt for option in ("enable-threads", "threads")):
        raise ConfigError(
            "uWSGI runs no Python threads here, so nothing would be reloaded; start it with --enable-threads"
        )


def _hook_uwsgi() -> None:
    """Registers a hook in uWSGI, which does not call Python's fork hooks."""
    uwsgi = sys.modules.get("uwsgi")
    if uwsgi is None:
        return
    try:
        postfork = importlib.import_module("uwsgidecorators").postfork
    except ImportError:
        before = getattr(uwsgi, "post_fork_hook", None)

        def after_fork() -> None:
            if before is not None:
                before()
            _restart_all()

        setattr(uwsgi, "post_fork_hook", after_fork)  # noqa: B010 (a module's attribute that mypy does not know)
    else:
        postfork(_restart_all)

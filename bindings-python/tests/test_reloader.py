"""Tests for the intervals of reloaders and status files."""

from __future__ import annotations

import threading
import time

import pytest
from network import until
from sealwire import ConfigError, KeyRing
from sealwire.secrets import Reloader, StatusFile, load

from .conftest import CLIENT_SECRET

HUGE = [1e10, 1e300, 2**63 - 1]


def ring():
    return KeyRing(clients={"meals": CLIENT_SECRET})


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(
        '{"clients": {"meals": {"hmacPrimaryVersion": 1, "hmacSecrets": '
        '[{"version": 1, "secret": "a client\'s shared secret, 32 bytes or more"}]}}}'
    )
    path.chmod(0o600)
    return path


@pytest.fixture
def thread_errors(monkeypatch):
    """Collects the exceptions that end threads."""
    found = []
    monkeypatch.setattr(threading, "excepthook", found.append)
    return found


@pytest.mark.parametrize("look_every", [10, *HUGE])
@pytest.mark.parametrize("watches", [True, False])
def test_reloads_are_at_most_every_apart_also_if_files_are_checked_less_often(file, look_every, watches):
    paths = [file] if watches else []
    with Reloader(ring(), ring, path=paths, every=0.02, look_every=look_every) as reloader:
        until(lambda: reloader.reloaded >= 3)


@pytest.mark.parametrize("every", [0.5, *HUGE])
def test_files_are_checked_every_look_every_also_if_every_is_longer(file, every):
    kept = load(file)
    with Reloader(kept, lambda: load(file), path=file, every=every, look_every=0.01) as reloader:
        file.write_text(file.read_text().replace("meals", "recipes"))
        until(lambda: [key.name for key in kept.status()] == ["recipes"])
        assert reloader.in_order


def test_files_are_not_checked_more_often_than_look_every(file):
    kept = load(file)
    with Reloader(kept, ring, path=file, every=0.02, look_every=1000) as reloader:
        checked = []
        states = reloader._states
        reloader._states = lambda: checked.append(1) or states()
        until(lambda: reloader.reloaded >= 3)
        # Each reload reads the properties of the files once.
        assert len(checked) <= reloader.reloaded + 1


@pytest.mark.parametrize("seconds", HUGE)
def test_a_reloader_and_a_status_file_accept_intervals_that_no_thread_can_wait(
    file, tmp_path, thread_errors, seconds
):
    reloader = Reloader(ring(), ring, path=file, every=seconds, look_every=seconds).start()
    status = StatusFile(ring(), tmp_path, "practices").start(every=seconds)
    time.sleep(0.05)
    assert reloader._thread.is_alive()
    reloader._asked.set()  # as a signal does
    until(lambda: reloader.reloaded == 1)
    reloader.stop()
    status.stop()
    assert thread_errors == []


def test_a_path_without_a_file_is_an_error(file, tmp_path):
    with pytest.raises(ConfigError, match=r"^path: .*kyes\.json does not exist"):
        Reloader(ring(), ring, path=[file, tmp_path / "kyes.json"])


def test_a_reloader_that_nothing_starts_logs_a_warning(file, caplog):
    with Reloader(ring(), ring), Reloader(ring(), ring, every=1000), Reloader(ring(), ring, path=file):
        pass
    assert caplog.messages == ["the reloader of the keys has no path, no interval and no signal"]

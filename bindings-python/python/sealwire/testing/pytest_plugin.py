"""Fixtures for pytest. Name the plugin in the `conftest.py` beside your tests:

    pytest_plugins = ["sealwire.testing.pytest_plugin"]

The plugin has no entry point, because pytest would then import it in every test run of the environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from sealwire._native import KeyRing, ReplayTable
from sealwire.testing import ManualClock, environment, replay_table

__all__ = ["sealwire_clock", "sealwire_keys", "sealwire_replay", "sealwire_services"]


@pytest.fixture(scope="session")
def sealwire_services() -> tuple[str, ...]:
    """The names of the services whose keys `sealwire_keys` makes. Override the fixture in your `conftest.py`."""
    return ("caller", "service")


@pytest.fixture(scope="session")
def sealwire_keys(
    sealwire_services: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeyRing]:
    """New random keys for each pair of `sealwire_services`, also as environment variables, where an application reads them.

    The default replay file is in a temporary directory. The scope is the session, because applications read their keys once.
    """
    variables = environment(*sealwire_services)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNTIME_DIRECTORY", str(tmp_path_factory.mktemp("sealwire")))
        for name, value in variables.items():
            patch.setenv(name, value)
        yield KeyRing.from_env(pairs=list(combinations(sealwire_services, 2)), environ=variables)


@pytest.fixture
def sealwire_replay() -> ReplayTable:
    """A new replay table of this process."""
    return replay_table()


@pytest.fixture
def sealwire_clock() -> ManualClock:
    """A clock at the current time, which moves only when the test moves it."""
    return ManualClock()

"""Fixtures for pytest. To use them, add this line to the `conftest.py` of your tests:

    pytest_plugins = ["sealwire.testing.pytest_plugin"]

The plugin is not registered as an entry point, because pytest would then import it in all test runs of the
environment.
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
    """The names of the services for which `sealwire_keys` creates keys. Override this fixture in your
    `conftest.py`."""
    return ("caller", "service")


@pytest.fixture(scope="session")
def sealwire_keys(
    sealwire_services: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeyRing]:
    """A key ring with a new random secret for each pair of `sealwire_services`. The secrets are also set as
    environment variables, where an application can read them.

    The default replay file is created in a temporary directory. The fixture has session scope, because
    applications read their keys once.
    """
    variables = environment(*sealwire_services)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNTIME_DIRECTORY", str(tmp_path_factory.mktemp("sealwire")))
        for name, value in variables.items():
            patch.setenv(name, value)
        yield KeyRing.from_env(pairs=list(combinations(sealwire_services, 2)), environ=variables)


@pytest.fixture
def sealwire_replay() -> ReplayTable:
    """A new replay table in the memory of this process."""
    return replay_table()


@pytest.fixture
def sealwire_clock() -> ManualClock:
    """A clock that starts at the current time. Its time changes only when the test changes it."""
    return ManualClock()

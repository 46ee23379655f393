"""Tools for the tests of a service that uses Sealwire.

    from sealwire import testing

    def test_only_signed_requests_are_accepted():
        keys = testing.key_ring("agent", "practices")
        app = create_app(keys=keys, replay=testing.replay_table())
        client = testing.signed(TestClient(app), "agent", "practices", keys=keys)
        assert client.get("/items").status_code == 200

docs/testing.md describes all functions and classes. The fixtures for pytest are in
`sealwire.testing.pytest_plugin`.
"""

from sealwire.testing._clients import signed
from sealwire.testing._identity import environ_of, identity
from sealwire.testing._keys import environment, key_ring, replay_table
from sealwire.testing._time import ManualClock
from sealwire.testing.stores import StoreFault, check_store

__all__ = [
    "ManualClock",
    "StoreFault",
    "check_store",
    "environ_of",
    "environment",
    "identity",
    "key_ring",
    "replay_table",
    "signed",
]

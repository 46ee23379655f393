"""Tools for the tests of a service that uses Sealwire."""

from sealwire.testing.stores import StoreFault, check_store

__all__ = ["StoreFault", "check_store"]

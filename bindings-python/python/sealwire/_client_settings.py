"""Checks of the settings of client integrations, so that a mistake is found when the client is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from sealwire._errors import ConfigError
from sealwire._native import KeyRing, canonical_name, check_settings

SIMILARITY: Final = 0.55


def check(name: object, receiver: object, options: Mapping[str, Any]) -> None:
    """Raises `ConfigError` for a setting that does not exist or has the wrong type."""
    if not callable(receiver) and not isinstance(receiver, str):
        raise ConfigError("receiver: give the name of a service, or a function of the host that returns one")
    check_settings("client", {"name": name, **options})


def check_receiver(keys: KeyRing, name: str, receiver: object, schemes: Sequence[str]) -> None:
    """Raises `ConfigError` for a receiver that the keys do not name."""
    if callable(receiver) or not isinstance(receiver, str):
        return
    names = {entry.name for entry in keys.status()}
    if name in names and "pairwise" not in schemes:
        return  # a client key, which needs no receiver
    partners = {partner for entry in names for partner in partners_of(entry, name)}
    if canonical_name(receiver) in partners or not needs_pair(schemes):
        return
    if not receiver:
        raise ConfigError(f"receiver is empty; name the service that {name} calls")
    near = get_close_matches(canonical_name(receiver), sorted(partners), 1, SIMILARITY)
    advice = f"did you mean {near[0]}?" if near else "add a key for the pair"
    raise ConfigError(f"receiver: no key for the pair of {name} and {receiver}; {advice}")


def partners_of(entry: str, name: str) -> Iterable[str]:
    """The other half of a pair that `name` belongs to."""
    one, slash, other = entry.partition("/")
    if slash and canonical_name(one) == canonical_name(name):
        yield canonical_name(other)
    if slash and canonical_name(other) == canonical_name(name):
        yield canonical_name(one)


def needs_pair(schemes: Sequence[str]) -> bool:
    """Whether a pair's key signs in one of the schemes."""
    return any(scheme != "client" for scheme in schemes)

"""Checks of the settings of client integrations, so that a mistake is found when the client is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from sealwire._errors import ConfigError
from sealwire._native import KeyRing

SIMILARITY: Final = 0.55
SUFFIX: Final = "_service"


def check(name: object, receiver: object, options: Mapping[str, Any], known: type) -> None:
    """Raises `ConfigError` for a setting that does not exist or has the wrong type."""
    check_names(options, tuple(known.__annotations__))
    of_type("name", name, str)
    if not callable(receiver):
        of_type("receiver", receiver, str)
    if options.get("keys") is not None:
        of_type("keys", options["keys"], KeyRing)
    if options.get("user_id") is not None:
        of_type("user_id", options["user_id"], str)
    for setting in ("cover_authority", "verify_responses"):
        of_type(setting, options.get(setting, False), bool)
    for setting in ("schemes", "cover"):
        texts(setting, options.get(setting, ()))


def check_names(given: Iterable[str], known: Sequence[str]) -> None:
    """Raises `ConfigError` for a setting that does not exist, and suggests the nearest that does."""
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, 1, SIMILARITY)
            advice = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(sorted(known))}"
            raise ConfigError(f"{name} is not a setting; {advice}")


def of_type(setting: str, value: object, expected: type) -> None:
    """Raises `ConfigError` for a value of another type."""
    if not isinstance(value, expected):
        given = type(value).__name__
        advice = f"; write {setting}=str(...)" if expected is str and value is not None else ""
        raise ConfigError(f"{setting} must be {expected.__name__}, not {given}{advice}")


def texts(setting: str, value: object) -> None:
    """Raises `ConfigError` for anything but a list of texts."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise ConfigError(f"{setting} must be a list of str; write {setting}=[{value!r}]")
    if not isinstance(value, Sequence | set | frozenset):
        raise ConfigError(f"{setting} must be a list of str, not {type(value).__name__}")
    for entry in value:
        of_type(f"an entry of {setting}", entry, str)


def check_receiver(keys: KeyRing, name: str, receiver: object, schemes: Sequence[str]) -> None:
    """Raises `ConfigError` for a receiver that the keys do not name."""
    if callable(receiver) or not isinstance(receiver, str):
        return
    names = {entry.name for entry in keys.status()}
    if name in names and "pairwise" not in schemes:
        return  # a client key, which needs no receiver
    partners = {partner for entry in names for partner in partners_of(entry, name)}
    if short(receiver) in partners or not needs_pair(schemes):
        return
    if not receiver:
        raise ConfigError(f"receiver is empty; name the service that {name} calls")
    near = get_close_matches(short(receiver), sorted(partners), 1, SIMILARITY)
    advice = f"did you mean {near[0]}?" if near else "add a key for the pair"
    raise ConfigError(f"receiver: no key for the pair of {name} and {receiver}; {advice}")


def partners_of(entry: str, name: str) -> Iterable[str]:
    """The other half of a pair that `name` belongs to."""
    one, slash, other = entry.partition("/")
    if slash and short(one) == short(name):
        yield short(other)
    if slash and short(other) == short(name):
        yield short(one)


def short(name: str) -> str:
    """The canonical name of a service."""
    return name.removesuffix(SUFFIX)


def needs_pair(schemes: Sequence[str]) -> bool:
    """Whether a pair's key signs in one of the schemes."""
    return any(scheme != "client" for scheme in schemes)

"""Validates settings. The native module contains the rules of each setting. This module checks the properties of
Python values that native code cannot represent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sealwire._environment import is_utf8
from sealwire._errors import ConfigError
from sealwire._native import check_settings as check_native

# No setting needs more than a mapping of mappings of lists. The limit also stops a value that contains itself.
MAX_DEPTH: Final = 8
COLLECTIONS: Final = (list, tuple, set, frozenset)


def check_settings(group: str, settings: Mapping[str, Any]) -> None:
    """Validates the settings of a group. Raises `ConfigError` with the name of the setting."""
    for name, value in settings.items():
        check_value(name, value)
    check_native(group, dict(settings))


def check_value(name: str, value: object, depth: int = 0) -> None:
    """Raises `ConfigError` if the value of the setting `name` contains a string that is not valid Unicode, or a
    mapping whose keys are not strings."""
    if depth > MAX_DEPTH:
        raise ConfigError(f"{name}: the value is nested too deeply; pass a simple value")
    if isinstance(value, str):
        check_text(name, value)
    elif isinstance(value, COLLECTIONS):
        for item in value:
            check_value(name, item, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ConfigError(f"{name}: the names in it must be strings, not {type(key).__name__}")
            check_text(name, key)
            check_value(f"{name}.{key}", item, depth + 1)


def check_text(name: str, text: str) -> None:
    """Raises `ConfigError` if a string contains surrogates. Python uses them for bytes that are not UTF-8."""
    if not is_utf8(text):
        raise ConfigError(f"{name}: the string contains a surrogate, so it is not valid Unicode; remove it")


def with_lists(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the settings of a verifier with lists in place of sets. Raises `ConfigError` for a rule of a sender
    that is None, because None could be meant as "no methods" or as "all methods"."""
    changed = dict(settings)
    if "authorities" in settings:
        changed["authorities"] = as_list(settings["authorities"])
    if "senders" in settings:
        changed["senders"] = {
            sender: {rule: rule_of(sender, rule, value) for rule, value in rules.items()}
            for sender, rules in settings["senders"].items()
        }
    return changed


def rule_of(sender: str, rule: str, value: Any) -> Any:  # noqa: ANN401 - the type depends on the rule
    if value is None and rule != "mode":
        raise ConfigError(f"senders.{sender}.{rule}: pass a list of strings, or omit the setting")
    return as_list(value)


def as_list(value: Any) -> Any:  # noqa: ANN401 - the type depends on the setting
    return sorted(value) if isinstance(value, set | frozenset) else value

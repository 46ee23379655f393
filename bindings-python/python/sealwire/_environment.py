"""Reads environment variables, which can contain bytes that are not UTF-8."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from sealwire._errors import ConfigError
from sealwire._native import shown_name

KEY_PREFIXES: Final = ("HMAC_SECRET_", "HMAC_PRIMARY_")


def environment_variable(name: str, environ: Mapping[str, str | None] | None = None) -> str | None:
    """Returns the value of a variable, or None if it is not set. `environ` replaces the process environment.
    Raises `ConfigError` with the name of the variable if its value is not valid UTF-8."""
    value = (os.environ if environ is None else environ).get(name)
    if isinstance(value, str) and not is_utf8(value):
        raise ConfigError(
            f"the environment variable {shown_name(name)} is not valid UTF-8; set it to text without such bytes"
        )
    return value


def key_variables() -> dict[str, str]:
    """Returns the variables of the process environment that contain the keys of pairs. Bytes that are not UTF-8
    are replaced with `?`, which no valid value contains, so the key ring rejects the variable by its name."""
    variables = {name: value for name, value in os.environ.items() if name.startswith(KEY_PREFIXES)}
    return {replaced(name): replaced(value) for name, value in variables.items()}


def replaced(text: str) -> str:
    return text.encode(errors="replace").decode()


def is_utf8(text: str) -> bool:
    """Returns whether a string can be encoded as UTF-8. Python represents other bytes as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

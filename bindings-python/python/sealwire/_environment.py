"""Reads environment variables, which can contain bytes that are not UTF-8."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sealwire._errors import ConfigError
from sealwire._native import shown_name


def environment_variable(name: str, environ: Mapping[str, str | None] | None = None) -> str | None:
    """Returns the value of a variable, or None if it is not set. `environ` replaces the process environment.
    Raises `ConfigError` with the name of the variable if its value is not valid UTF-8."""
    value = (os.environ if environ is None else environ).get(name)
    if isinstance(value, str) and not is_utf8(value):
        raise ConfigError(
            f"the environment variable {shown_name(name)} is not valid UTF-8; set it to text without such bytes"
        )
    return value


def is_utf8(text: str) -> bool:
    """Returns whether a string can be encoded as UTF-8. Python represents other bytes as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

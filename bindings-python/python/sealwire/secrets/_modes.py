"""Modes from a file, so that enforcement can be switched off, and on again, while a service runs."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from sealwire._errors import ConfigError
from sealwire._guard import ENABLED_VARIABLE
from sealwire._native import Modes, is_enabled
from sealwire.secrets._file import (
    MODE,
    OBSERVE_ONLY,
    SENDERS,
    as_table,
    existing,
    parse,
    refuse_unknown,
    variables,
)


def load_modes(
    path: str | PathLike[str], *, mode: str | None = None, senders: Mapping[str, str] | None = None
) -> Modes:
    """The modes a file says: `mode`, `senders` and `observeOnly` of a TOML or JSON file, the key file or one of its own; or
    of a `.env` file the variable `HMAC_AUTH_ENABLED`.

    `observeOnly`, and that variable when false, turn every `enforce` into `observe`. What the file leaves out is as
    given here, and `enforce` where nothing is given.
    """
    if is_structured(path):
        return modes_in(str(path), parse(existing(path)), mode, senders)
    try:
        enabled = is_enabled(variables(path).get(ENABLED_VARIABLE))
    except ConfigError as cause:
        raise ConfigError(f"{path}: {cause}") from None
    return Modes(mode, senders, observe_only=not enabled)


def modes_in(
    file: str, data: Mapping[str, Any], mode: str | None = None, senders: Mapping[str, str] | None = None
) -> Modes:
    """The modes of a structured file, whatever else is in it: keys that are out of order must not stop a rollback."""
    refuse_unknown(file, data)
    try:
        return Modes(
            word(MODE, data[MODE]) if MODE in data else mode,
            own(data[SENDERS]) if SENDERS in data else senders,
            observe_only=flag(OBSERVE_ONLY, data.get(OBSERVE_ONLY, False)),
        )
    except ConfigError as cause:
        raise ConfigError(f"{file}: {cause}") from None


def is_structured(path: str | PathLike[str]) -> bool:
    """TOML or JSON, by its name; else lines of variables."""
    return Path(path).suffix in (".toml", ".json")


def own(table: Any) -> dict[str, str]:  # noqa: ANN401 - a piece of a file, before it was looked at
    """The modes of single senders."""
    return {name: word(f"senders.{name}", value) for name, value in as_table(SENDERS, table).items()}


def word(entry: str, value: Any) -> str:  # noqa: ANN401 - as above
    """A mode's name; which there are is core's to say."""
    if not isinstance(value, str):
        raise ConfigError(f'{entry}: write the mode as text, such as "observe"')
    return value


def flag(entry: str, value: Any) -> bool:  # noqa: ANN401 - as above
    """A switch; one that is meant for emergencies must not be misread."""
    if not isinstance(value, bool):
        raise ConfigError(f"{entry}: write true or false")
    return value

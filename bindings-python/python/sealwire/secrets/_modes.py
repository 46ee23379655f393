"""Loads modes from a file, so that enforcement can be changed at run time."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from sealwire._native import Modes, read_mode_file
from sealwire._settings import check_settings


def load_modes(
    path: str | PathLike[str], *, mode: str | None = None, senders: Mapping[str, str] | None = None
) -> Modes:
    """Loads modes from a file. A TOML or JSON file, which can be the key file, contains `mode`, `senders` and
    `observeOnly`. A `.env` file contains the variable `HMAC_AUTH_ENABLED`.

    `observeOnly = true` or `HMAC_AUTH_ENABLED=false` changes every `enforce` to `observe`. `mode` and
    `senders` are the defaults for settings that the file omits. The default mode is `enforce`. Keys in the
    same file are not checked, so an invalid key cannot prevent a rollback.
    """
    check_settings("load_modes", {"mode": mode, "senders": senders})
    return read_mode_file(path, mode, senders)[0]

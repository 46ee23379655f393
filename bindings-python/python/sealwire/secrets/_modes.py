"""Loads modes from a file, so that enforcement can be changed at run time."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from sealwire._native import Modes, check_settings, read_mode_file


def load_modes(
    path: str | PathLike[str], *, mode: str | None = None, senders: Mapping[str, str] | None = None
) -> Modes:
    """Loads the modes of a file: `mode`, `senders` and `observeOnly` of a TOML or JSON file, which may be the key file;
    or the variable `HMAC_AUTH_ENABLED` of a `.env` file.

    `observeOnly`, and that variable when false, turn every `enforce` into `observe`. The arguments are the defaults
    for settings that the file omits; the default mode is `enforce`. Invalid keys in the same file do not matter, so
    that they cannot stop a rollback.
    """
    check_settings("load_modes", {"mode": mode, "senders": senders})
    return read_mode_file(path, mode, senders)[0]

"""Loads key files. The native module parses them, and sources resolve their references."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TypedDict, Unpack

from sealwire._documented import documented
from sealwire._errors import ConfigError
from sealwire._native import KeyFile, KeyRing, is_open_to_others, read_variables, shown_name
from sealwire._settings import check_settings
from sealwire.secrets._sources import Env, Source

logger = logging.getLogger("sealwire")


class LoadOptions(TypedDict, total=False):
    """The settings of `load`."""

    sources: Sequence[Source] | None
    """The sources from which secret references are resolved. Value: a list of sources. Default: the environment."""
    table: str | None
    """The table with the issuer keys, if the file also contains other settings, such as `core.accountLifeCycle`. Value: a string."""
    service: str | None
    """The service that loads the file. Pairs without this service are not loaded. Value: a string."""
    allow_weak: bool
    """Accepts secrets of fewer than 32 bytes. Value: true or false. Default: `False`."""


@documented("load")
def load(
    path: str | PathLike[str],
    **options: Unpack[LoadOptions],
) -> KeyRing:
    """Loads a key ring from a key file. The extension of the file name selects TOML or JSON. A file with
    any other extension is read as a `.env` file.

    `sources` resolves the references. The default is the environment. With `service`, the pairs of other
    services are not loaded, so this process does not hold their secrets. `table` names the table that
    contains the keys for connection strings, such as `core.accountLifeCycle`, if they are in a larger
    configuration file. Raises `ConfigError`, whose message names the entry and the reference, but never
    contains a secret.
    """
    check_settings("load", options)
    sources = options.get("sources")
    for source in sources or ():
        check_source(source)
    file = KeyFile.read(path, options.get("table"), options.get("service"))
    if file.holds_secrets and is_open_to_others(path):
        logger.warning("%s contains secrets and other users can read it; run: chmod 600 %s", path, path)
    allow_weak = options.get("allow_weak", False)
    return file.ring(resolved(file, [Env()] if sources is None else sources), allow_weak)


def check_source(source: object) -> None:
    """Raises `ConfigError` for an object that is not a source, such as a class."""
    if isinstance(source, type) or not callable(getattr(source, "read", None)):
        name = source.__name__ if isinstance(source, type) else type(source).__name__
        raise ConfigError(f"sources: pass sources such as Env() or Vault(client), not {name}")


def load_dotenv(
    path: str | PathLike[str],
    service: str | None = None,
    *,
    pairs: Sequence[tuple[str, str] | str] | None = None,
    allow_weak: bool = False,
) -> KeyRing:
    """Loads pair secrets from a `.env` file, which contains the variables that `KeyRing.from_env` reads."""
    return KeyRing.from_env(service, pairs=pairs, environ=variables(path), allow_weak=allow_weak)


def variables(path: str | PathLike[str]) -> dict[str, str]:
    """Reads the variables of a `.env` file."""
    return dict(read_variables(path))


def resolved(file: KeyFile, sources: Iterable[Source]) -> list[str | bytes]:
    """Returns the secrets for the references in a file, in the order of `KeyFile.lookups`."""
    readers = {source.kind: source for source in sources}
    return [resolve(label, kind, json.loads(reference), readers) for label, kind, reference in file.lookups()]


def resolve(label: str, kind: str, reference: object, readers: Mapping[str, Source]) -> str | bytes:
    """Reads a secret from the source that handles its reference type."""
    if kind not in readers:
        known = ", ".join(sorted(readers)) or "none"
        raise ConfigError(f"{label}: no source reads {shown_name(kind)} references; configured: {known}")
    try:
        return readers[kind].read(reference)
    except ConfigError as cause:
        raise ConfigError(f"{label}: {cause}") from cause.__cause__

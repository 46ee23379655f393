"""Creates keys and replay tables for tests."""

from __future__ import annotations

import base64
import os
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Final

from sealwire._errors import ConfigError
from sealwire._native import KeyRing, ReplayTable, secret_variable

SECRET_BYTES: Final = 32


def key_ring(*services: str, clients: Iterable[str] = (), issuer: bool = False) -> KeyRing:
    """Returns a key ring with a new random secret for each pair of `services` and for each client id in
    `clients`.

    With `issuer`, the key ring also contains a key that signs connection strings.
    """
    if isinstance(clients, str | bytes):
        raise ConfigError(f"clients: pass a list of client ids, such as clients=[{clients!r}]")
    ids = list(clients)
    pairs = {pair: secret() for pair in pairs_of(services, needed=not (ids or issuer))}
    return KeyRing(
        pairs=pairs,
        clients={name: secret() for name in ids},
        issuer=secret() if issuer else None,
    )


def environment(*services: str) -> dict[str, str]:
    """Returns environment variables with a new random secret for each pair of `services`. Use it for an
    application that reads its keys from the environment. `KeyRing.from_env(name, environ=...)` returns the
    keys of one service. Raises `ConfigError` if two pairs share a variable.
    """
    pairs = {pair: secret_variable(*pair) for pair in pairs_of(services, needed=True)}
    shared = [name for name, count in Counter(pairs.values()).items() if count > 1]
    if shared:
        same = " and ".join("/".join(pair) for pair, name in pairs.items() if name == shared[0])
        raise ConfigError(f"services: {same} have the same variable {shared[0]}; rename a service")
    return {name: secret() for name in pairs.values()}


def pairs_of(services: tuple[str, ...], *, needed: bool) -> list[tuple[str, str]]:
    """Returns all pairs of `services`. Raises `ConfigError` if only one name is given, or if `needed` is true
    and no name is given."""
    for name in services:
        if not isinstance(name, str):
            raise ConfigError(
                f'services: pass each name as a str, such as key_ring("agent", "practices"), not {type(name).__name__}'
            )
    if len(services) == 1 or (needed and not services):
        raise ConfigError("services: pass two or more names, because each pair of services has a secret")
    if twice := [name for name, count in Counter(services).items() if count > 1]:
        raise ConfigError(f"services: {twice[0]!r} is given twice")
    return list(combinations(services, 2))


def secret() -> str:
    """Returns a new random secret in base64."""
    return base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def replay_table() -> ReplayTable:
    """Returns a new replay table in the memory of this process. It also accepts requests that were signed
    before it was created. Call `clear()` to remove its nonces."""
    return ReplayTable.heap(accept_older=True)

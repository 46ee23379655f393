"""Keys that exist for one test, and a replay table for them."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from itertools import combinations
from typing import Final

from sealwire._native import KeyRing, ReplayTable, secret_variable

SECRET_BYTES: Final = 32


def key_ring(*services: str, clients: Iterable[str] = (), issuer: bool = False) -> KeyRing:
    """Returns a key ring with new random secrets: one for each pair of `services`, and one for each client id in `clients`.

    With `issuer`, the ring also has a key that signs connection strings.
    """
    pairs = {pair: secret() for pair in combinations(services, 2)}
    return KeyRing(
        pairs=pairs,
        clients={name: secret() for name in clients},
        issuer=secret() if issuer else None,
    )


def environment(*services: str) -> dict[str, str]:
    """Returns environment variables with a new random secret for each pair of `services`, for an application that reads its keys
    from the environment. `KeyRing.from_env(name, environ=...)` returns the keys of one of them."""
    return {secret_variable(*pair): secret() for pair in combinations(services, 2)}


def secret() -> str:
    """Returns a new random secret, in base64."""
    return base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def replay_table() -> ReplayTable:
    """Returns a new replay table of this process. It accepts requests that were signed before it was created. `clear()` removes
    its nonces."""
    return ReplayTable.heap(accept_older=True)

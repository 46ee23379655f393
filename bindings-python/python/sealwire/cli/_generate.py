"""Creates secrets for new key files."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from sealwire._errors import ConfigError
from sealwire._native import generate_key_file
from sealwire.cli._stores import Secret, Store

SECRET_BYTES: Final = 32  # the size of the hash (RFC 2104 section 3)
FIRST: Final = 1
PAIRS: Final = "pairs"
CLIENTS: Final = "clients"
ISSUER: Final = "issuer"


class New(NamedTuple):
    """The first version of a new key."""

    section: str
    name: str
    secret: Secret


def fresh() -> str:
    """Returns a new random secret in base64. For a client, the base64 text itself is the secret."""
    return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def generate(
    services: Sequence[str], clients: Sequence[str], *, issuer: bool, store: Store, form: str
) -> list[New]:
    """Creates the first secret version for each pair of services, each client and the issuer.

    The names and the format are validated before a secret is stored in `store`.
    """
    names = [(PAIRS, "/".join(sorted(pair))) for pair in combinations(services, 2)]
    names += [(CLIENTS, name) for name in clients]
    names += [(ISSUER, ISSUER)] * issuer
    generate_key_file([(section, name, fresh()) for section, name in names], form)
    if store.keeps_elsewhere and form == "dotenv":
        raise ConfigError("a .env file contains secrets, not references; write TOML or JSON")
    return [New(section, name, store.keep(section, name, FIRST, fresh(), None)) for section, name in names]


def of_service(made: Sequence[New], service: str) -> list[New]:
    """Returns the pair keys of a service."""
    return [each for each in made if each.section == PAIRS and service in each.name.split("/")]

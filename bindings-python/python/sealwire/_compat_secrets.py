"""Look-up of pair secrets as in the older code: by service names, in the environment or Google Secret Manager."""

from __future__ import annotations

import base64
import importlib
import logging
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Protocol

from sealwire._errors import ConfigError
from sealwire._native import KeyRing, secret_variable

logger = logging.getLogger("sealwire")

BACKENDS: Final = ("env", "gcp")
SECRET_BYTES: Final = 32


# A request may spell a name in many ways that share a variable; no more than this are remembered.
MOST_RINGS: Final = 256


@dataclass(frozen=True, slots=True)
class Held:
    """Keys, and the value of the variable when they were read."""

    variable: str
    value: str | None
    keys: KeyRing


class SecretManager(Protocol):
    """The methods that are used of Google's client."""

    def access_secret_version(self, request: Any) -> Any:  # noqa: ANN401 - Google's types, which need not be here
        """Reads a version of a secret."""
        ...


class HMACSecretManager:
    """Finds the secret of two services. Create it once; a changed or removed variable takes effect at once."""

    def __init__(self, secret_backend: str = BACKENDS[0], client: SecretManager | None = None) -> None:
        """`env` reads environment variables, `gcp` the secrets of the same names in lower case.

        `client` is a `SecretManagerServiceClient`; without one, Google's defaults apply.
        """
        if secret_backend not in BACKENDS:
            raise ValueError(f"Unknown backend: {secret_backend}. Use one of {', '.join(BACKENDS)}.")
        self.backend = secret_backend
        self._client = client
        self._rings: dict[tuple[str, str], Held] = {}
        self._weak: set[str] = set()

    def get_secret(self, sender: str, receiver: str, version: int | None = None) -> bytes:
        """Returns the secret, or one version of it, for both directions. ValueError names a missing variable."""
        variable = variable_of(sender, receiver)
        if version is not None:
            variable += f"_V{version}"
        return base64.b64decode(self._value(variable), validate=True)

    def ring(self, sender: str, receiver: str) -> KeyRing:
        """Returns all versions of the keys of two services. ValueError names a missing variable."""
        held = self._rings.get((sender, receiver))
        if held is None or (self.backend == "env" and os.environ.get(held.variable) != held.value):
            held = self._hold(sender, receiver)
        return held.keys

    def _hold(self, sender: str, receiver: str) -> Held:
        # By name, not by variable: names that differ in case have one variable, and are different senders.
        variable = variable_of(sender, receiver)
        held = Held(variable, os.environ.get(variable), self._read(variable, sender, receiver))
        if len(self._rings) >= MOST_RINGS:
            self._rings.clear()
        self._rings[sender, receiver] = held
        return held

    def _read(self, variable: str, sender: str, receiver: str) -> KeyRing:
        environ = dict(os.environ) if self.backend == "env" else {variable: self._value(variable)}
        # Each name as the variable has it: with or without the ending that core looks past.
        pair = names_in(variable, sender, receiver)
        try:
            return KeyRing.from_env(pairs=[pair], environ=environ)
        except ConfigError:
            ring = KeyRing.from_env(pairs=[pair], environ=environ, allow_weak=True)
            self._warn_of_weakness(variable)
            return ring

    def _value(self, variable: str) -> str:
        if self.backend == "gcp":
            return secret_of_google(variable, self._client or google_client())
        value = os.environ.get(variable)
        if not value:
            raise ValueError(f"HMAC secret not found: {variable}. Set it to 32 random bytes in base64.")
        return value

    def _warn_of_weakness(self, variable: str) -> None:
        if variable not in self._weak:
            self._weak.add(variable)
            logger.warning("%s holds a secret shorter than %d bytes; rotate it", variable, SECRET_BYTES)


SUFFIX: Final = "_service"


def variable_of(sender: str, receiver: str) -> str:
    """Returns the variable for the names as given, or for those without `_service` if only that one is set."""
    exact = secret_variable(sender, receiver)
    if exact in os.environ:
        return exact
    short = secret_variable(sender.removesuffix(SUFFIX), receiver.removesuffix(SUFFIX))
    return short if short in os.environ else exact


def names_in(variable: str, sender: str, receiver: str) -> tuple[str, str]:
    """The pair as the variable names it."""
    if variable == secret_variable(sender, receiver):
        return sender, receiver
    return sender.removesuffix(SUFFIX), receiver.removesuffix(SUFFIX)


def google_client() -> SecretManager:
    """Imports Google's client on first use."""
    client: SecretManager = importlib.import_module("google.cloud.secretmanager").SecretManagerServiceClient()
    return client


def secret_of_google(variable: str, client: SecretManager) -> str:
    """Returns the latest version of a secret in Google Secret Manager, as base64."""
    project = os.environ.get("GCP_PROJECT_ID")
    if not project:
        raise ValueError("GCP_PROJECT_ID is not set; name the project that holds the secrets")
    name = f"projects/{project}/secrets/{variable.lower()}/versions/latest"
    try:
        data: bytes = client.access_secret_version(request={"name": name}).payload.data
    except Exception as error:
        raise ValueError(f"HMAC secret not readable: {name} ({type(error).__name__})") from error
    return base64.b64encode(data).decode()


def generate_service_secrets(services: Iterable[str]) -> Mapping[str, str]:
    """Returns a new base64 secret for each pair of services, by environment variable."""
    return {
        secret_variable(one, other): base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        for one, other in combinations(services, 2)
    }


secret_manager = HMACSecretManager(os.environ.get("HMAC_SECRET_BACKEND", "env"))

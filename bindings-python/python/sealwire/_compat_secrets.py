"""Finds the secret of two services in the environment or in Google Secret Manager."""

from __future__ import annotations

import base64
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from sealwire._compat_google import SecretManager, google_client, secrets_of_google
from sealwire._environment import environment_variable
from sealwire._errors import ConfigError
from sealwire._native import KeyRing, canonical_name, secret_variable

logger = logging.getLogger("sealwire")

BACKENDS: Final = ("env", "gcp")
SECRET_BYTES: Final = 32


# The maximum number of cached key rings. The cache is limited because many spellings of a service name have the
# same variable.
MOST_RINGS: Final = 256
MAX_VARIABLE_VERSION: Final = 9
GOOGLE_EVERY_S: Final = 60.0


class Watched:
    """Detects changes of environment variables.

    `os.environ.get` raises and catches an exception for each unset variable, which takes longer than
    signing a request. The internal dictionary of `os.environ` is therefore read directly if it exists.
    """

    __slots__ = ("_environ", "_held", "_unset", "_values")

    def __init__(self, names: list[str]) -> None:
        """Reads the current values of the variables `names`."""
        self._environ = os.environ
        self._held: Mapping[Any, Any] = getattr(os.environ, "_data", os.environ)
        encode = str if self._held is os.environ else os.environ.encodekey
        values = [(name, self._held.get(name)) for name in map(encode, names)]
        self._values = [(name, value) for name, value in values if value is not None]
        # A list, because a set would be compared by iterating over the environment if it has fewer variables,
        # which fails if another thread changes the environment.
        self._unset = [name for name, value in values if value is None]

    def changed(self) -> bool:
        """Returns whether a variable was set, changed or removed since this object was created. Returns True
        also if a test has replaced `os.environ`."""
        held = self._held
        for name, value in self._values:
            if held.get(name) != value:
                return True
        return os.environ is not self._environ or not held.keys().isdisjoint(self._unset)


@dataclass(frozen=True, slots=True)
class Held:
    """A cached key ring. `is_old` returns whether it must be read again."""

    is_old: Callable[[], bool]
    keys: KeyRing


class HMACSecretManager:
    """Finds the secret that two services share. A change of an environment variable takes effect at the next
    call. A change in Google Secret Manager takes effect within a minute."""

    def __init__(self, secret_backend: str = BACKENDS[0], client: SecretManager | None = None) -> None:
        """`secret_backend` is `env` for environment variables or `gcp` for Google Secret Manager. In Google
        Secret Manager, the secret has the name `hmac_secret_agent_practices` or `hmac-agent-practices`.

        `client` defaults to a `SecretManagerServiceClient` with Google's default configuration.
        """
        if secret_backend not in BACKENDS:
            raise ValueError(f"Unknown backend: {secret_backend}. Use one of {', '.join(BACKENDS)}.")
        self.backend = secret_backend
        self._client = client
        self._rings: dict[tuple[str, str], Held] = {}
        self._weak: set[str] = set()

    def get_secret(self, sender: str, receiver: str, version: int | None = None) -> bytes:
        """Returns the secret of two services, or one version of it. Requests in both directions use the
        same secret.

        Without `version`, returns version 2 if it exists, and otherwise the secret whose variable has no
        version number. Raises ValueError with the name of the variable if there is no secret.
        """
        plain, variables = self._variables(sender, receiver)
        wanted = [f"{plain}_V2", plain] if version is None else [f"{plain}_V{version}"]
        for name in wanted:
            if value := variables.get(name):
                return decoded(name, value)
        raise not_found(wanted[-1])

    def ring(self, sender: str, receiver: str) -> KeyRing:
        """Returns the key ring of two services with all versions of their secret. The highest version signs,
        as in the earlier implementation, unless `HMAC_PRIMARY_<A>_<B>` selects another version. Raises
        ValueError with the name of the variable if there is no secret."""
        held = self._rings.get((sender, receiver))
        if held is None or held.is_old():
            held = self._hold(sender, receiver)
        return held.keys

    def _watch(self, sender: str, receiver: str) -> Callable[[], bool]:
        """Returns a function that returns whether the secret must be read again."""
        if self.backend != "gcp":
            return Watched(names_of_pair(sender, receiver)).changed
        read_at = time.monotonic()
        return lambda: time.monotonic() - read_at > GOOGLE_EVERY_S

    def _hold(self, sender: str, receiver: str) -> Held:
        # The cache key contains the names, not the variable, because different senders can have the same
        # variable.
        is_old = self._watch(sender, receiver)
        plain, variables = self._variables(sender, receiver)
        held = Held(is_old, self._read(plain, variables, sender, receiver))
        if len(self._rings) >= MOST_RINGS:
            self._rings.clear()
        self._rings[sender, receiver] = held
        return held

    def _variables(self, sender: str, receiver: str) -> tuple[str, dict[str, str]]:
        """Returns the name of the variable without a version, and all variables of the pair that are set."""
        plain = variable_of(sender, receiver)
        if self.backend == "gcp":
            found = secrets_of_google(plain, self._client or google_client())
        else:
            found = {name: value for name in names_of(plain)[1:] if (value := os.environ.get(name))}
        primary = primary_of(plain)
        if value := environment_variable(primary):
            found[primary] = value
        return plain, found

    def environ(self, sender: str, receiver: str) -> tuple[tuple[str, str], dict[str, str]]:
        """Returns the two service names as spelt in their variable, and the variables of the pair. Raises
        ValueError if there is no secret."""
        plain, variables = self._variables(sender, receiver)
        return names_in(plain, sender, receiver), environ_of(plain, variables)

    def _read(self, plain: str, variables: Mapping[str, str], sender: str, receiver: str) -> KeyRing:
        # The variable can contain the names with or without the suffix `_service`.
        pair = names_in(plain, sender, receiver)
        environ = environ_of(plain, variables)
        try:
            return KeyRing.from_env(pairs=[pair], environ=environ)
        except ConfigError:
            ring = KeyRing.from_env(pairs=[pair], environ=environ, allow_weak=True)
            self._warn_of_weakness(plain)
            return ring

    def _warn_of_weakness(self, variable: str) -> None:
        if variable not in self._weak:
            self._weak.add(variable)
            logger.warning("%s contains a secret shorter than %d bytes; rotate it", variable, SECRET_BYTES)


SECRET_PREFIX: Final = "HMAC_SECRET_"  # noqa: S105 - a prefix of variable names, not a secret
PRIMARY_PREFIX: Final = "HMAC_PRIMARY_"


def environ_of(plain: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables of a pair, with their secrets converted to strict base64, and the variable that
    selects the primary version. By default, the highest version is the primary, as in the earlier
    implementation."""
    primary = primary_of(plain)
    secrets = [name for name in variables if name != primary]
    if not secrets:
        raise not_found(plain)
    environ = {name: canonical_base64(name, variables[name]) for name in secrets}
    newest = max(version_in(plain, name) for name in secrets)
    return {**environ, primary: variables.get(primary, str(newest))}


VERSIONED: Final = re.compile(rf"{SECRET_PREFIX}(?P<pair>.+)_V(?P<version>[1-9][0-9]*)")


def with_primaries(environ: Mapping[str, str]) -> dict[str, str]:
    """Returns a copy of the environment that contains a variable for the primary version of each pair. By
    default, the highest version is the primary, as in the earlier implementation."""
    found: dict[str, str] = dict(environ)
    newest: dict[str, int] = {}
    for name in environ:
        if match := VERSIONED.fullmatch(name):
            newest[match["pair"]] = max(int(match["version"]), newest.get(match["pair"], 1))
    for pair, version in newest.items():
        found.setdefault(f"{PRIMARY_PREFIX}{pair}", str(version))
    return found


def not_found(variable: str) -> ValueError:
    """Returns the error for a secret that is not set."""
    return ValueError(f"HMAC secret not found: {variable}. Set it to 32 random bytes in base64.")


def version_in(plain: str, name: str) -> int:
    """Returns the version number in the name of a variable, or 1 if the name contains no number."""
    return 1 if name == plain else int(name.removeprefix(f"{plain}_V"))


def decoded(variable: str, text: str) -> bytes:
    """Decodes base64. Line breaks and spaces are ignored, as in the earlier implementation."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise ValueError(f"{variable} is not base64; set it to 32 random bytes in base64") from None


def canonical_base64(variable: str, text: str) -> str:
    """Converts a secret to strict base64, with padding and without line breaks."""
    return base64.b64encode(decoded(variable, text)).decode()


def variable_of(sender: str, receiver: str) -> str:
    """Returns the variable for two service names, or the variable for the names without the suffix
    `_service` if only that variable is set."""
    exact = secret_variable(sender, receiver)
    short = secret_variable(canonical_name(sender), canonical_name(receiver))
    if is_set(exact) or not is_set(short):
        return exact
    return short


def names_of_pair(sender: str, receiver: str) -> list[str]:
    """Returns the names of all variables from which the keys of a pair can be read."""
    exact = secret_variable(sender, receiver)
    short = secret_variable(canonical_name(sender), canonical_name(receiver))
    return list(dict.fromkeys([*names_of(exact), *names_of(short)]))


def names_of(plain: str) -> list[str]:
    """Returns the names of the variable that selects the primary version and of the variables for all
    versions."""
    versions = (f"{plain}_V{number}" for number in range(1, MAX_VARIABLE_VERSION + 1))
    return [primary_of(plain), plain, *versions]


def primary_of(plain: str) -> str:
    return plain.replace(SECRET_PREFIX, PRIMARY_PREFIX, 1)


def is_set(plain: str) -> bool:
    """Returns whether the variable of a pair, or the variable for version 2, is set."""
    return plain in os.environ or f"{plain}_V2" in os.environ


def names_in(variable: str, sender: str, receiver: str) -> tuple[str, str]:
    """Returns a pair of service names as spelt in its variable: unchanged, or without the suffix
    `_service`."""
    if variable == secret_variable(sender, receiver):
        return sender, receiver
    return canonical_name(sender), canonical_name(receiver)


def generate_service_secrets(services: Iterable[str]) -> Mapping[str, str]:
    """Returns a new random secret in base64 for each pair of services. The keys of the mapping are names of
    environment variables."""
    return {
        secret_variable(one, other): base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        for one, other in combinations(services, 2)
    }


secret_manager = HMACSecretManager(os.environ.get("HMAC_SECRET_BACKEND", "env"))

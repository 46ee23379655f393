"""Sources of secrets. Each source reads one type of reference, with the standard client library for its
store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from sealwire._environment import environment_variable
from sealwire._errors import ConfigError
from sealwire._native import shown_name
from sealwire._settings import check_settings

Client: TypeAlias = Any  # an object from an optional library, which may be untyped
Reference: TypeAlias = Any  # each source validates its own references


class Source(Protocol):
    """A source that reads secrets by their reference. For example, a source whose kind is `vault` reads
    references such as `{ vault = .. }`."""

    @property
    def kind(self) -> str:
        """The type of references that the source reads, such as `vault`."""
        ...

    def read(self, reference: Reference) -> str | bytes:
        """Returns the secret. Raises `ConfigError` if it cannot be read. `load` adds the name of the entry to
        the message."""
        ...


class Env:
    """Reads references such as `{ env = "NAME" }` from the environment, or from a mapping such as a parsed
    `.env` file."""

    def __init__(self, environ: Mapping[str, str | None] | None = None) -> None:
        """`environ` replaces the process environment."""
        self._environ = environ

    @property
    def kind(self) -> str:
        """Returns `env`."""
        return "env"

    def read(self, reference: Reference) -> str:
        """Returns the value of a variable. Raises `ConfigError` if the variable is not set or empty."""
        if not isinstance(reference, str):
            raise ConfigError('write it as { env = "NAME" }')
        value = environment_variable(reference, self._environ)
        if not value:
            raise ConfigError(
                f"the environment variable {shown_name(reference)} is not set; set it and start again"
            )
        return value


class Vault:
    """Reads references such as `{ vault = { path = "..", key = ".." } }` from version 2 of the key-value
    engine of HashiCorp Vault or OpenBao."""

    def __init__(self, client: Client, *, mount: str = "secret") -> None:
        """`client` is an authenticated `hvac.Client`. `mount` is the mount path of the engine."""
        check_settings("vault", {"mount": mount})
        try:
            self._engine = client.secrets.kv.v2
        except AttributeError:
            raise ConfigError("Vault: pass an authenticated hvac.Client") from None
        self._mount = mount

    @property
    def kind(self) -> str:
        """Returns `vault`."""
        return "vault"

    def read(self, reference: Reference) -> str:
        """Returns the value of `key` in the latest version of the Vault secret at `path`."""
        path, key = fields(reference, "path", "key", shape='{ vault = { path = "..", key = ".." } }')
        data = self._data(path)
        if not isinstance(value := data.get(key), str) or not value:
            raise ConfigError(f"Vault has no key {key} at {self._mount}/{path}; write it there")
        return value

    def _data(self, path: str) -> Mapping[str, Any]:
        try:
            answer = self._engine.read_secret_version(
                path=path, mount_point=self._mount, raise_on_deleted_version=True
            )
            data: Mapping[str, Any] = answer["data"]["data"]
        except Exception as cause:  # errors of hvac and of its HTTP client
            raise ConfigError(
                f"Vault did not return {self._mount}/{path} ({type(cause).__name__}); "
                "check its address, the token and the policy"
            ) from cause
        return data


class Google:
    """Reads references such as `{ google = { secret = "..", version = ".." } }` from Google Secret
    Manager."""

    def __init__(self, client: Client, *, project: str) -> None:
        """`client` is a `SecretManagerServiceClient`. `project` is the id of the project that contains the
        secrets."""
        check_settings("google", {"project": project})
        if isinstance(client, type) or not callable(getattr(client, "access_secret_version", None)):
            raise ConfigError("Google: pass a SecretManagerServiceClient")
        self._client = client
        self._project = project

    @property
    def kind(self) -> str:
        """Returns `google`."""
        return "google"

    def read(self, reference: Reference) -> str | bytes:
        """Returns one version of a secret, by default `latest`. The secret must be text unless the
        reference contains `raw = true`."""
        (secret,) = fields(reference, "secret", shape='{ google = { secret = ".." } }')
        version = reference.get("version", "latest")
        name = f"projects/{self._project}/secrets/{secret}/versions/{version}"
        try:
            data: bytes = self._client.access_secret_version(request={"name": name}).payload.data
        except Exception as cause:  # errors of google.api_core and of its credentials
            raise ConfigError(
                f"Google Secret Manager did not return {name} ({type(cause).__name__}); "
                "check that it exists and that the service account may access it"
            ) from cause
        return data if reference.get("raw", False) else text_of(name, data)


def text_of(name: str, data: bytes) -> str:
    """Returns a payload as text. Removes a final line break, which an editor or `echo` may have added."""
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{name} contains bytes, not text; add raw = true to the reference") from None


def fields(reference: Reference, *names: str, shape: str) -> list[str]:
    """Returns the members `names` of a reference. They must be non-empty strings."""
    values = [reference.get(name) for name in names] if isinstance(reference, Mapping) else []
    texts = [value for value in values if isinstance(value, str) and value]
    if len(texts) != len(names):
        raise ConfigError(f"write it as {shape}")
    return texts

"""Stores for new secrets."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeAlias

from sealwire._errors import ConfigError
from sealwire.secrets._sources import Client

Secret: TypeAlias = str | tuple[str, str]  # a secret, or the type and JSON of a reference
Reference: TypeAlias = Any  # the value of a reference in a key file
VERSIONED: Final = re.compile(r"_V[1-9]\d*$")


class Store(Protocol):
    """A store for new secrets."""

    keeps_elsewhere: bool

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        """Stores a new version of a secret. Returns the secret or the reference to write to the key file.
        `before` is the reference to the previous version, if that version is in the same store."""
        ...


class Written:
    """A store that writes secrets to the key file itself."""

    keeps_elsewhere = False

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        return secret


class InVault:
    """A store that writes secrets to Vault or OpenBao, at `<path>/<name>`. Each version is stored under a
    separate key."""

    keeps_elsewhere = True

    def __init__(self, client: Client, path: str | None, mount: str) -> None:
        """`client` is an `hvac.Client` with write access. If `path` is omitted, a version is written to the
        path of its previous version."""
        self._engine = client.secrets.kv.v2
        self._path = path and path.strip("/")
        self._mount = mount

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        path, key = self._place(name, before), f"v{version}"
        data = self._data(path)
        if key in data:
            raise ConfigError(f"Vault already contains {key} at {self._mount}/{path}; it is not changed")
        try:
            self._engine.create_or_update_secret(
                path=path, secret={**data, key: secret}, mount_point=self._mount
            )
        except Exception as cause:
            raise ConfigError(
                f"Vault did not accept {self._mount}/{path} ({type(cause).__name__})"
            ) from cause
        return "vault", json.dumps({"path": path, "key": key})

    def _place(self, name: str, before: Reference) -> str:
        if self._path is not None:
            return f"{self._path}/{name.replace('/', '-')}"
        if isinstance(before, Mapping) and isinstance(path := before.get("path"), str):
            return path
        raise ConfigError(f"{name}: the file contains no path in Vault for it; pass --vault PATH")

    def _data(self, path: str) -> Mapping[str, Any]:
        not_there = importlib.import_module("hvac.exceptions").InvalidPath
        try:
            answer = self._engine.read_secret_version(
                path=path, mount_point=self._mount, raise_on_deleted_version=True
            )
            data: Mapping[str, Any] = answer["data"]["data"]
        except not_there:
            return {}
        except Exception as cause:
            raise ConfigError(
                f"Vault did not return {self._mount}/{path} ({type(cause).__name__})"
            ) from cause
        return data


class InGoogle:
    """A store that writes secrets to Google Secret Manager. Each key name has one secret in Google Secret
    Manager, and each key version is a version of that secret."""

    keeps_elsewhere = True

    def __init__(self, client: Client, project: str) -> None:
        """`client` is a `SecretManagerServiceClient` that has permission to create secrets."""
        self._client = client
        self._parent = f"projects/{project}"

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        held = before.get("secret") if isinstance(before, Mapping) else None
        secret_id = held if isinstance(held, str) else google_id(name)
        try:
            if held is None:
                self._create(secret_id)
            added = self._client.add_secret_version(
                request={
                    "parent": f"{self._parent}/secrets/{secret_id}",
                    "payload": {"data": secret.encode()},
                }
            )
        except Exception as cause:
            raise ConfigError(
                f"Google Secret Manager did not accept {secret_id} ({type(cause).__name__})"
            ) from cause
        # Google assigns the version numbers, which can differ from the numbers in the key file.
        return "google", json.dumps({"secret": secret_id, "version": added.name.rsplit("/", 1)[-1]})

    def _create(self, secret_id: str) -> None:
        request: dict[str, Any] = {"parent": self._parent, "secret_id": secret_id}
        request["secret"] = {"replication": {"automatic": {}}}
        self._client.create_secret(request=request)


class InEnvironment:
    """A store for secrets in environment variables. The command cannot set a service's variables, so it
    prints them for the operator."""

    keeps_elsewhere = True

    def __init__(self) -> None:
        """Creates a store. `to_set` contains the variables that the operator must set."""
        self.to_set: dict[str, str] = {}

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        if not isinstance(before, str):
            raise ConfigError(f"{name}: the reference contains no environment variable")
        variable = f"{VERSIONED.sub('', before)}_V{version}"
        self.to_set[variable] = secret
        return "env", json.dumps(variable)


def google_id(name: str) -> str:
    """Returns the name of a secret in Google Secret Manager, such as `hmac-agent-practices`."""
    return "hmac-" + "".join(each if each.isalnum() or each in "-_" else "-" for each in name)


def vault_client() -> Client:
    """Returns a Vault client. The usual variables VAULT_ADDR, VAULT_TOKEN and VAULT_CACERT configure the
    client."""
    if not os.environ.get("VAULT_ADDR"):
        raise ConfigError(
            "VAULT_ADDR is not set; set it to the address of the Vault server, and VAULT_TOKEN to a token"
        )
    return client_of("hvac", "vault").Client()


def google_client() -> Client:
    """Returns a Google client with the default credentials."""
    module = client_of("google.cloud.secretmanager", "google")
    try:
        return module.SecretManagerServiceClient()
    except Exception as cause:  # errors of google.auth and of its files
        raise ConfigError(
            f"Google's client cannot be created ({type(cause).__name__}); set GOOGLE_APPLICATION_CREDENTIALS, "
            "or run: gcloud auth application-default login"
        ) from cause


def client_of(module: str, extra: str) -> Client:
    """Imports an optional client library. `extra` is the name of the extra that installs it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise ConfigError(
            f"{module} is not installed; install it with: pip install sealwire[{extra}]"
        ) from None

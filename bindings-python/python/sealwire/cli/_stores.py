"""The stores that new secrets can go to."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeAlias

from sealwire._errors import ConfigError
from sealwire.secrets._sources import Client

Secret: TypeAlias = str | tuple[str, str]  # the secret itself, or kind and JSON of the reference to it
Reference: TypeAlias = Any  # what a file says of where a secret is kept
VERSIONED: Final = re.compile(r"_V[1-9]\d*$")


class Store(Protocol):
    """Keeps a new secret, and returns the reference for the key file."""

    keeps_elsewhere: bool

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        """Stores a version. `before` is the reference of the version before it, if that is kept in the same store."""
        ...


class Written:
    """Secrets go into the key file itself."""

    keeps_elsewhere = False

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        return secret


class InVault:
    """Secrets go to Vault or OpenBao: `<path>/<name>`, one key per version."""

    keeps_elsewhere = True

    def __init__(self, client: Client, path: str | None, mount: str) -> None:
        """`client` is an `hvac.Client` that may write there. Without `path`, a version goes where the one before is."""
        self._engine = client.secrets.kv.v2
        self._path = path and path.strip("/")
        self._mount = mount

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        path, key = self._place(name, before), f"v{version}"
        data = self._data(path)
        if key in data:
            raise ConfigError(f"Vault holds {key} at {self._mount}/{path} already; it is left as it is")
        try:
            self._engine.create_or_update_secret(
                path=path, secret={**data, key: secret}, mount_point=self._mount
            )
        except Exception as cause:
            raise ConfigError(f"Vault did not take {self._mount}/{path} ({type(cause).__name__})") from cause
        return "vault", json.dumps({"path": path, "key": key})

    def _place(self, name: str, before: Reference) -> str:
        if self._path is not None:
            return f"{self._path}/{name.replace('/', '-')}"
        if isinstance(before, Mapping) and isinstance(path := before.get("path"), str):
            return path
        raise ConfigError(f"{name}: the file does not say where Vault keeps it; pass --vault PATH")

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
            raise ConfigError(f"Vault did not give {self._mount}/{path} ({type(cause).__name__})") from cause
        return data


class InGoogle:
    """Secrets go to Google Secret Manager: one secret per name, one of its versions per version."""

    keeps_elsewhere = True

    def __init__(self, client: Client, project: str) -> None:
        """`client` is a `SecretManagerServiceClient` that may create secrets."""
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
                f"Google Secret Manager did not take {secret_id} ({type(cause).__name__})"
            ) from cause
        # Google numbers the versions itself; the number it gave need not be ours.
        return "google", json.dumps({"secret": secret_id, "version": added.name.rsplit("/", 1)[-1]})

    def _create(self, secret_id: str) -> None:
        request: dict[str, Any] = {"parent": self._parent, "secret_id": secret_id}
        request["secret"] = {"replication": {"automatic": {}}}
        self._client.create_secret(request=request)


class InEnvironment:
    """Secrets stay in environment variables, which the command cannot set: it prints them for the operator to set."""

    keeps_elsewhere = True

    def __init__(self) -> None:
        """Nothing is to be set yet."""
        self.to_set: dict[str, str] = {}

    def keep(self, section: str, name: str, version: int, secret: str, before: Reference) -> Secret:
        if not isinstance(before, str):
            raise ConfigError(f"{name}: the reference names no environment variable")
        variable = f"{VERSIONED.sub('', before)}_V{version}"
        self.to_set[variable] = secret
        return "env", json.dumps(variable)


def google_id(name: str) -> str:
    """The name of a secret, as services look it up: `hmac-agent-practices`."""
    return "hmac-" + "".join(each if each.isalnum() or each in "-_" else "-" for each in name)


def vault_client() -> Client:
    """Vault's client, from the variables its own tools read: VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT."""
    if not os.environ.get("VAULT_ADDR"):
        raise ConfigError("VAULT_ADDR is not set; name the Vault server, and a token in VAULT_TOKEN")
    return client_of("hvac", "vault").Client()


def google_client() -> Client:
    """Google's client, with the credentials its own tools find."""
    module = client_of("google.cloud.secretmanager", "google")
    try:
        return module.SecretManagerServiceClient()
    except Exception as cause:  # google.auth's own, and those of the files it reads
        raise ConfigError(
            f"Google's client cannot be made ({type(cause).__name__}); set GOOGLE_APPLICATION_CREDENTIALS, "
            "or run: gcloud auth application-default login"
        ) from cause


def client_of(module: str, extra: str) -> Client:
    """A client library that is installed if asked for."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise ConfigError(
            f"{module} is not installed; install it with: pip install sealwire[{extra}]"
        ) from None

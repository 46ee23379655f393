"""Fresh secrets, and the stores they may go to."""

from __future__ import annotations

import base64
import importlib
import json
import secrets
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Final, Protocol

import tomlkit

from sealwire._errors import ConfigError
from sealwire._native import secret_variable
from sealwire.cli._documents import Secret, inline
from sealwire.secrets._file import ISSUER, PRIMARY, VERSIONS, Parsed
from sealwire.secrets._sources import Client

SECRET_BYTES: Final = 32  # as long as the hash: RFC 2104 finds no use in more
FIRST: Final = 1


class Store(Protocol):
    """Keeps a new secret, and says how to refer to it."""

    def keep(self, name: str, version: int, secret: str) -> Secret:
        """The reference for the key file."""
        ...


def fresh() -> str:
    """A secret in base64, which serves as a client's text as well."""
    return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class Written:
    """Secrets go into the key file itself."""

    def keep(self, name: str, version: int, secret: str) -> Secret:
        return secret


class InVault:
    """Secrets go to Vault or OpenBao: `<path>/<name>`, one key per version."""

    def __init__(self, client: Client, path: str, mount: str) -> None:
        """`client` is an `hvac.Client` that may write there."""
        self._engine = client.secrets.kv.v2
        self._path = path.strip("/")
        self._mount = mount

    def keep(self, name: str, version: int, secret: str) -> Secret:
        path, key = f"{self._path}/{name.replace('/', '-')}", f"v{version}"
        data = self._data(path)
        if key in data:
            raise ConfigError(f"Vault holds {key} at {self._mount}/{path} already; it is left as it is")
        try:
            self._engine.create_or_update_secret(
                path=path, secret={**data, key: secret}, mount_point=self._mount
            )
        except Exception as cause:
            raise ConfigError(f"Vault did not take {self._mount}/{path} ({type(cause).__name__})") from cause
        return {"vault": {"path": path, "key": key}}

    def _data(self, path: str) -> Mapping[str, Any]:
        not_there = importlib.import_module("hvac.exceptions").InvalidPath
        try:
            answer = self._engine.read_secret_version(
                path=path, mount_point=self._mount, raise_on_deleted_version=True
            )
        except not_there:
            return {}
        except Exception as cause:
            raise ConfigError(f"Vault did not give {self._mount}/{path} ({type(cause).__name__})") from cause
        data: Mapping[str, Any] = answer["data"]["data"]
        return data


class InGoogle:
    """Secrets go to Google Secret Manager: one secret per name, one of its versions per version."""

    def __init__(self, client: Client, project: str) -> None:
        """`client` is a `SecretManagerServiceClient` that may create secrets."""
        self._client = client
        self._parent = f"projects/{project}"

    def keep(self, name: str, version: int, secret: str) -> Secret:
        secret_id = "hmac-" + "".join(each if each.isalnum() or each in "-_" else "-" for each in name)
        try:
            if version == FIRST:
                self._client.create_secret(
                    request={
                        "parent": self._parent,
                        "secret_id": secret_id,
                        "secret": {"replication": {"automatic": {}}},
                    }
                )
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
        return {"google": {"secret": secret_id, "version": added.name.rsplit("/", 1)[-1]}}


def generate(
    services: Sequence[str], clients: Sequence[str], *, issuer: bool, store: Store
) -> dict[str, dict[str, Secret]]:
    """A first secret for each pair of services, each client and the issuer, by section and name."""
    names = {
        "pairs": ["/".join(sorted(pair)) for pair in combinations(services, 2)],
        "clients": list(clients),
        ISSUER: [ISSUER] if issuer else [],
    }
    return {
        section: {name: store.keep(name, FIRST, fresh()) for name in listed}
        for section, listed in names.items()
        if listed
    }


def as_data(made: Mapping[str, Mapping[str, Secret]]) -> dict[str, Any]:
    """The shape of a key file."""

    def entry(secret: Secret) -> dict[str, Any]:
        return {PRIMARY: FIRST, VERSIONS: [{"version": FIRST, "secret": secret}]}

    data: dict[str, Any] = {}
    for section, secret_by_name in made.items():
        entries = {name: entry(secret) for name, secret in secret_by_name.items()}
        data[section] = entries[ISSUER] if section == ISSUER else entries
    return data


def as_json(made: Mapping[str, Mapping[str, Secret]]) -> str:
    """A JSON key file."""
    return json.dumps(as_data(made), indent=2) + "\n"


def as_toml(made: Mapping[str, Mapping[str, Secret]]) -> str:
    """A TOML key file."""
    document = tomlkit.document()
    for section, entries in as_data(made).items():
        if section == ISSUER:
            document[section] = toml_entry(entries)
            continue
        table = tomlkit.table(is_super_table=True)
        for name, entry in entries.items():
            table[name] = toml_entry(entry)
        document[section] = table
    return tomlkit.dumps(document)


def toml_entry(entry: Mapping[str, Any]) -> Parsed:
    """One version to a line, so that a rotation is a line of a diff."""
    table = tomlkit.table()
    table[PRIMARY] = entry[PRIMARY]
    versions = tomlkit.array().multiline(True)
    for version in entry[VERSIONS]:
        line = tomlkit.inline_table()
        line["version"] = version["version"]
        line["secret"] = inline(version["secret"])
        versions.append(line)
    table[VERSIONS] = versions
    return table


def as_dotenv(made: Mapping[str, Mapping[str, Secret]]) -> str:
    """Variables, which there are for pairs alone."""
    if set(made) - {"pairs"}:
        raise ConfigError("a .env file holds pairs of services; write clients and issuer to TOML or JSON")
    lines = [(secret_variable(*name.split("/")), secret) for name, secret in made["pairs"].items()]
    if not all(isinstance(secret, str) for _, secret in lines):
        raise ConfigError("a .env file holds secrets, not references; write TOML or JSON")
    return "".join(f"{variable}={secret}\n" for variable, secret in lines)

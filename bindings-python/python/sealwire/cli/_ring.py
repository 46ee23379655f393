"""The keys that the command works with: a key file with its references resolved, or a `.env` file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sealwire._native import KeyRing
from sealwire.cli._documents import Dotenv, open_document
from sealwire.cli._keys import client_of, vault_client
from sealwire.secrets import Env, Google, Source, Vault
from sealwire.secrets._file import read, resolved


def secrets_in(file: Path) -> dict[str, Any]:
    """A file's key sets in the shape that `KeyRing.from_dict` takes."""
    if file.suffix in (".toml", ".json"):
        return resolved(read(file), sources())
    document = open_document(file)
    if not isinstance(document, Dotenv):
        raise TypeError(file)
    return document.data()


def ring_of(file: Path, *, allow_weak: bool = False) -> KeyRing:
    """A file's keys."""
    return KeyRing.from_dict(secrets_in(file), allow_weak=allow_weak)


def sources() -> list[Source]:
    """The sources this environment has clients and addresses for."""
    found: list[Source] = [Env()]
    if os.environ.get("VAULT_ADDR"):
        found.append(Vault(vault_client(), mount=os.environ.get("SEALWIRE_VAULT_MOUNT", "secret")))
    if project := os.environ.get("GCP_PROJECT_ID"):
        client = client_of("google.cloud.secretmanager", "google").SecretManagerServiceClient()
        found.append(Google(client, project=project))
    return found


def rings_with_others_secrets(data: dict[str, Any], name: str) -> Iterator[tuple[str, KeyRing]]:
    """For each other entry, a ring in which this name has that entry's secrets: who signed with the wrong one?"""
    section = "pairs" if "/" in name else "clients"
    for other, spec in data.get(section, {}).items():
        if other != name:
            yield other, KeyRing.from_dict({section: {name: spec}}, allow_weak=True)


def names_in(data: dict[str, Any]) -> list[str]:
    """Every service and client the file names."""
    pairs = {service for pair in data.get("pairs", {}) for service in pair.split("/")}
    return sorted(pairs | set(data.get("clients", {})))

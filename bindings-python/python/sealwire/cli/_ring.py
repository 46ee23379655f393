"""Loads keys for commands from a key file or a `.env` file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sealwire._environment import environment_variable
from sealwire._native import KeyFile, KeyRing
from sealwire.cli._stores import google_client, vault_client
from sealwire.secrets import Env, Google, Source, Vault
from sealwire.secrets._file import resolved


def secrets_in(file: Path, table: str | None = None) -> dict[str, Any]:
    """Returns the keys in a file in the format that `KeyRing.from_dict` accepts."""
    read = KeyFile.read(file, table)
    found = iter(resolved(read, sources(read)))
    data: dict[str, Any] = {"pairs": {}, "clients": {}, "allow_weak": read.allow_weak}
    for section, name, primary, versions in read.entries():
        # Secrets are passed as text, because `from_dict` decodes base64 text for a pair, but uses bytes
        # unchanged.
        secrets = [(number, next(found) if text is None else text) for number, text in versions]
        entry = {"versions": secrets, "primary": primary}
        if section == "issuer":
            data[section] = entry
        else:
            data[section][name] = entry
    return data


def ring_of(file: Path, table: str | None = None, *, allow_weak: bool = False) -> KeyRing:
    """Returns the keys in a file."""
    read = KeyFile.read(file, table)
    return read.ring(resolved(read, sources(read)), allow_weak)


def sources(file: KeyFile) -> list[Source]:
    """Returns the sources for the references in a file."""
    kinds = {kind for _, kind, _ in file.lookups()}
    found: list[Source] = [Env()]
    if "vault" in kinds:
        found.append(Vault(vault_client(), mount=environment_variable("SEALWIRE_VAULT_MOUNT") or "secret"))
    if "google" in kinds and (project := environment_variable("GCP_PROJECT_ID")):
        found.append(Google(google_client(), project=project))
    return found

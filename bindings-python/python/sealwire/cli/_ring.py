"""The keys for commands: a key file with resolved references, or a `.env` file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sealwire._native import KeyFile, KeyRing
from sealwire.cli._stores import google_client, vault_client
from sealwire.secrets import Env, Google, Source, Vault
from sealwire.secrets._file import resolved


def secrets_in(file: Path, table: str | None = None) -> dict[str, Any]:
    """Returns the key sets of a file in the format for `KeyRing.from_dict`."""
    read = KeyFile.read(file, table)
    found = iter(resolved(read, sources(read)))
    data: dict[str, Any] = {"pairs": {}, "clients": {}, "allow_weak": read.allow_weak}
    for section, name, primary, versions in read.entries():
        # `from_dict` uses bytes unchanged, which is correct for the text of a client, but not for the Base64
        # of a pair.
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
    """Returns the sources that the file requires and whose clients and addresses are available."""
    kinds = {kind for _, kind, _ in file.lookups()}
    found: list[Source] = [Env()]
    if "vault" in kinds:
        found.append(Vault(vault_client(), mount=os.environ.get("SEALWIRE_VAULT_MOUNT", "secret")))
    if "google" in kinds and (project := os.environ.get("GCP_PROJECT_ID")):
        found.append(Google(google_client(), project=project))
    return found

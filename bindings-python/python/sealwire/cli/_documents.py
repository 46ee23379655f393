"""Key files as documents that can be changed, everything else in them left as it stood: TOML, JSON and `.env`."""

from __future__ import annotations

import io
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import tomlkit
from dotenv.parser import Binding, parse_stream
from tomlkit.exceptions import TOMLKitError

from sealwire._errors import ConfigError
from sealwire._native import KeyRing, secret_variable
from sealwire.secrets._file import (
    ISSUER,
    PRIMARY,
    RETIRE_AFTER,
    VERSIONS,
    Entry,
    Parsed,
    as_table,
    build,
    existing,
    key_file,
)

Secret = str | dict[str, Any]  # the secret itself, or a reference to where it is kept


class Document(ABC):
    """A key file that was read and can be changed."""

    @abstractmethod
    def names(self) -> list[str]:
        """The entries."""

    @abstractmethod
    def versions(self, name: str) -> list[int]:
        """An entry's versions."""

    @abstractmethod
    def primary(self, name: str) -> int:
        """The version that signs."""

    @abstractmethod
    def add(self, name: str, version: int, secret: Secret) -> None:
        """Adds a version, which does not sign yet."""

    @abstractmethod
    def promote(self, name: str, version: int, retire_after: date | None) -> None:
        """Has a version sign, and notes by when the others are to be gone."""

    @abstractmethod
    def remove(self, name: str, version: int) -> None:
        """Removes a version."""

    @abstractmethod
    def text(self) -> str:
        """The file as it is to be written."""

    @abstractmethod
    def check(self) -> KeyRing:
        """Core's opinion of the whole, without asking where references lead."""

    def known(self, name: str, version: int | None = None) -> str:
        """The name as the file has it; what is not there ends the command."""
        found = self.find(name)
        if found is None:
            raise ConfigError(f"no entry {name}; there are {', '.join(self.names()) or 'none'}")
        if version is not None and version not in self.versions(found):
            there = ", ".join(map(str, self.versions(found)))
            raise ConfigError(f"{name} has no version {version}; it has {there}")
        return found

    def find(self, name: str) -> str | None:
        """An entry; a pair in either order."""
        either = (name, "/".join(reversed(name.split("/"))))
        return next((each for each in self.names() if each in either), None)


def open_document(path: Path) -> Document:
    """By its name: `.toml`, `.json`, or else lines of variables."""
    text = existing(path).read_text(encoding="utf-8")
    if path.suffix in (".toml", ".json"):
        return Structured(path, text)
    return Dotenv(path, text)


class Structured(Document):
    """TOML or JSON in the shape of `sealwire.secrets`; TOML keeps its comments."""

    def __init__(self, path: Path, text: str) -> None:
        """Reads it."""
        self._json = path.suffix == ".json"
        try:
            self._data: Any = json.loads(text) if self._json else tomlkit.parse(text)
        except (ValueError, TOMLKitError) as cause:
            raise ConfigError(f"{path} is not {path.suffix[1:].upper()} ({type(cause).__name__})") from None
        self._path = path
        self._entries = {entry.label: entry for entry in key_file(str(path), self._plain()).entries}

    def _plain(self) -> dict[str, Any]:
        plain = self._data if self._json else self._data.unwrap()
        return as_table(str(self._path), plain)

    def names(self) -> list[str]:
        return list(self._entries)

    def versions(self, name: str) -> list[int]:
        # Plain numbers: tomlkit's own carry the comment they stood beside to wherever they are put.
        return [int(version["version"]) for version in self._table(name)[VERSIONS]]

    def primary(self, name: str) -> int:
        return int(self._table(name)[PRIMARY])

    def add(self, name: str, version: int, secret: Secret) -> None:
        self._table(name)[VERSIONS].append(self._version(name, version, secret))

    def promote(self, name: str, version: int, retire_after: date | None) -> None:
        self._table(name)[PRIMARY] = version
        for each in self._table(name)[VERSIONS]:
            if each["version"] == version:
                each.pop(RETIRE_AFTER, None)
            elif retire_after is not None:
                each[RETIRE_AFTER] = retire_after.isoformat() if self._json else retire_after

    def remove(self, name: str, version: int) -> None:
        versions = self._table(name)[VERSIONS]
        del versions[next(at for at, each in enumerate(versions) if each["version"] == version)]

    def text(self) -> str:
        return json.dumps(self._data, indent=2) + "\n" if self._json else tomlkit.dumps(self._data)

    def check(self) -> KeyRing:
        return build(key_file(str(self._path), self._plain()), [Stand(kind) for kind in self._kinds()])

    def _kinds(self) -> set[str]:
        entries = key_file(str(self._path), self._plain()).entries
        secrets = [secret for entry in entries for _, secret in entry.versions()]
        return {kind for secret in secrets if isinstance(secret, Mapping) for kind in secret}

    def _table(self, name: str) -> Parsed:
        entry: Entry = self._entries[name]
        return self._data[ISSUER] if entry.section == ISSUER else self._data[entry.section][entry.name]

    def _version(self, name: str, version: int, secret: Secret) -> Parsed:
        if self._json:
            return {"version": version, "secret": secret}
        listed = self._table(name)[VERSIONS]
        # An inline table in an inline list, a [[table]] after others of its kind.
        table = tomlkit.table() if isinstance(listed, tomlkit.items.AoT) else tomlkit.inline_table()
        table["version"] = version
        table["secret"] = inline(secret)
        return table


class Stand:
    """Stands in for a source, where only the file's shape is asked after."""

    def __init__(self, kind: str) -> None:
        """The kind of references it answers."""
        self.kind = kind

    def read(self, reference: Parsed) -> bytes:
        """Bytes that pass for a secret."""
        return bytes(range(32))


PREFIX: Final = "HMAC_SECRET_"
PRIMARY_PREFIX: Final = "HMAC_PRIMARY_"
NAMED: Final = re.compile(rf"{PREFIX}(?P<pair>[A-Z0-9_]+?)(?:_V(?P<version>[1-9]\d*))?")


class Dotenv(Document):
    """A `.env` file of pair secrets. It has no place for dates, so it notes none."""

    def __init__(self, path: Path, text: str) -> None:
        """Reads it."""
        self._path = path
        self._lines: list[Binding] = list(parse_stream(io.StringIO(text)))

    def names(self) -> list[str]:
        return list(dict.fromkeys(self._name(found["pair"]) for found, _ in self._secrets()))

    def find(self, name: str) -> str | None:
        """By its variable, from which the names cannot be told for certain."""
        pair = name.split("/")
        if len(pair) != 2:
            return None
        variable = secret_variable(*pair)
        return name if any(variable == f"{PREFIX}{found['pair']}" for found, _ in self._secrets()) else None

    def versions(self, name: str) -> list[int]:
        variable = secret_variable(*name.split("/"))
        own = [found for found, _ in self._secrets() if f"{PREFIX}{found['pair']}" == variable]
        return sorted(int(found["version"] or 1) for found in own)

    def primary(self, name: str) -> int:
        value = self._environ().get(self._primary_variable(name))
        return int(value) if value else min(self.versions(name))

    def add(self, name: str, version: int, secret: Secret) -> None:
        if not isinstance(secret, str):
            raise ConfigError("a .env file holds secrets, not references; use a TOML or JSON key file")
        last = self._variable(name, max(self.versions(name)))
        at = next(at for at, line in enumerate(self._lines) if line.key == last)
        self._lines[at : at + 1] = [ended(self._lines[at]), made(self._variable(name, version), secret)]

    def promote(self, name: str, version: int, retire_after: date | None) -> None:
        variable = self._primary_variable(name)
        line = made(variable, str(version))
        places = [at for at, each in enumerate(self._lines) if each.key == variable]
        if places:
            self._lines[places[-1]] = line
        else:
            if self._lines:
                self._lines[-1] = ended(self._lines[-1])
            self._lines.append(line)

    def remove(self, name: str, version: int) -> None:
        gone = {self._variable(name, version)} | (
            {f"{secret_variable(*name.split('/'))}_V1"} if version == 1 else set()
        )
        self._lines = [line for line in self._lines if line.key not in gone]

    def text(self) -> str:
        return "".join(line.original.string for line in self._lines)

    def check(self) -> KeyRing:
        return KeyRing.from_env(pairs=self._some(), environ=self._environ())

    def data(self) -> dict[str, Any]:
        """The secrets in the shape `KeyRing.from_dict` takes."""
        return {"pairs": {name: self._versions(name) for name in self._some()}}

    def _some(self) -> list[str]:
        names = self.names()
        if not names:
            variable = secret_variable("one", "other")
            raise ConfigError(
                f"{self._path} names no keys; add variables such as {variable}, named for two services"
            )
        return names

    def _versions(self, name: str) -> dict[str, Any]:
        environ = self._environ()
        numbers = self.versions(name)
        secrets = [(number, environ[self._variable(name, number)]) for number in numbers]
        return {"versions": secrets, "primary": self.primary(name)}

    def _environ(self) -> dict[str, str]:
        return {line.key: line.value for line in self._lines if line.key and line.value is not None}

    def _secrets(self) -> list[tuple[re.Match[str], str]]:
        matches = [(NAMED.fullmatch(name), value) for name, value in self._environ().items()]
        return [(found, value) for found, value in matches if found]

    def _name(self, pair: str) -> str:
        """Two names that this variable is for; where a service's name holds a `_`, perhaps not the true ones."""
        words = pair.lower().split("_")
        splits = (("_".join(words[:at]), "_".join(words[at:])) for at in range(1, len(words)))
        found = next((split for split in splits if secret_variable(*split) == PREFIX + pair), None)
        if found is None:
            raise ConfigError(f"{PREFIX}{pair} must name two services, in alphabetical order")
        return "/".join(found)

    def _variable(self, name: str, version: int) -> str:
        plain = secret_variable(*name.split("/"))
        return plain if version == 1 and plain in self._environ() else f"{plain}_V{version}"

    def _primary_variable(self, name: str) -> str:
        return secret_variable(*name.split("/")).replace(PREFIX, PRIMARY_PREFIX, 1)


def inline(secret: Secret) -> Parsed:
    """A reference on one line."""
    if isinstance(secret, str):
        return secret
    table = tomlkit.inline_table()
    for key, value in secret.items():
        table[key] = inline(value) if isinstance(value, dict) else value
    return table


def made(variable: str, value: str) -> Binding:
    """A line of a `.env` file."""
    return next(iter(parse_stream(io.StringIO(f"{variable}={value}\n"))))


def ended(line: Binding) -> Binding:
    """The last line of a file may lack its end."""
    text = line.original.string
    if text.endswith("\n"):
        return line
    original = line.original._replace(string=text + "\n")
    return line._replace(original=original)

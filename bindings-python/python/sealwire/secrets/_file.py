"""Key files: which versions there are, which one signs, and where each secret is kept."""

from __future__ import annotations

import importlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias

from sealwire._errors import ConfigError
from sealwire._native import KeyRing
from sealwire.secrets._sources import Env, Source

Parsed: TypeAlias = Any  # a piece of a file, before it was looked at

# The shape and its names are those of the gateways' configuration.
PRIMARY: Final = "hmacPrimaryVersion"
VERSIONS: Final = "hmacSecrets"
RETIRE_AFTER: Final = "retireAfter"
ISSUER: Final = "issuer"
MODE: Final = "mode"
SENDERS: Final = "senders"
OBSERVE_ONLY: Final = "observeOnly"
SECTIONS: Final = ("pairs", "clients", ISSUER, "allowWeak", MODE, SENDERS, OBSERVE_ONLY)


def load(
    path: str | PathLike[str],
    *,
    sources: Iterable[Source] | None = None,
    table: str | None = None,
    allow_weak: bool = False,
) -> KeyRing:
    """The ring a key file describes, every secret resolved; `ConfigError` names the entry that is not in order.

    `sources` read the references; the environment alone unless given. `table` names the table of a larger
    configuration file, such as `core.accountLifeCycle`, that holds the keys of connection strings.
    """
    return build(read(path, table), [Env()] if sources is None else sources, allow_weak=allow_weak)


def load_dotenv(
    path: str | PathLike[str],
    service: str | None = None,
    *,
    pairs: Sequence[tuple[str, str] | str] | None = None,
    allow_weak: bool = False,
) -> KeyRing:
    """The ring of the pair secrets in a `.env` file, named as in the environment. Needs python-dotenv."""
    return KeyRing.from_env(service, pairs=pairs, environ=variables(path), allow_weak=allow_weak)


def variables(path: str | PathLike[str]) -> dict[str, str]:
    """The variables of a `.env` file."""
    values = importlib.import_module("dotenv").dotenv_values(existing(path))
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Entry:
    """One key set of a file: its section and name, and the table that lists its versions."""

    section: str
    name: str
    table: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The entry as status reports and metrics name it: a pair's services sorted."""
        return "/".join(sorted(self.name.split("/"))) if self.section == "pairs" else self.name

    def versions(self) -> list[tuple[int, Any]]:
        """The versions in the file's order, twice given ones twice: core says what is wrong with them."""
        listed = self.table.get(VERSIONS, [])
        if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
            raise ConfigError(f"{self.label}: {VERSIONS} must list tables with a version and a secret")
        return [(self.number(each), self.secret(each)) for each in listed]

    def primary(self) -> int:
        """The version that signs."""
        value: Parsed = self.table.get(PRIMARY)
        if not is_number(value):
            raise ConfigError(f"{self.label}: {PRIMARY} must be the number of the version that signs")
        return int(value)

    def number(self, version: Mapping[str, Any]) -> int:
        """A listed version's number."""
        if not is_number(version.get("version")):
            raise ConfigError(f"{self.label}: each of {VERSIONS} needs a version, a whole number")
        return int(version["version"])

    def secret(self, version: Mapping[str, Any]) -> Parsed:
        """A listed version's secret, or its reference."""
        if "secret" not in version:
            raise ConfigError(f"{self.label} version {version['version']}: the secret is missing")
        return version["secret"]

    def retire_dates(self) -> dict[int, float]:
        """By when versions were to be retired, Unix seconds; the end of the day for a date."""
        listed = [each for each in self.table.get(VERSIONS, []) if RETIRE_AFTER in each]
        return {self.number(each): moment(self.label, each[RETIRE_AFTER]) for each in listed}


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file as read, nothing resolved."""

    entries: Sequence[Entry]
    allow_weak: bool


def read(path: str | PathLike[str], table: str | None = None) -> KeyFile:
    """Reads a key file and holds it to its shape."""
    file = existing(path)
    data = parse(file)
    return key_file(str(file), data) if table is None else foreign(str(file), data, table)


def key_file(file: str, data: Mapping[str, Any]) -> KeyFile:
    """A file of Sealwire's own shape."""
    refuse_unknown(file, data)
    entries = [
        Entry(section, name, as_table(f"the entry {name} of {section}", entry))
        for section in ("pairs", "clients")
        for name, entry in as_table(section, data.get(section, {})).items()
    ]
    if ISSUER in data:
        entries.append(Entry(ISSUER, ISSUER, as_table(ISSUER, data[ISSUER])))
    if not entries:
        raise ConfigError(f"{file} names no keys; add pairs, clients or an issuer")
    return KeyFile(entries, data.get("allowWeak", False) is True)


def foreign(file: str, data: Mapping[str, Any], table: str) -> KeyFile:
    """The issuer's keys, from a table of a configuration that holds much else."""
    found: Any = data
    for part in table.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        raise ConfigError(f"{file} has no table [{table}]")
    return KeyFile([Entry(ISSUER, ISSUER, found)], False)


def build(file: KeyFile, sources: Iterable[Source], *, allow_weak: bool = False) -> KeyRing:
    """Resolves every secret, and has core check the whole."""
    return KeyRing.from_dict(resolved(file, sources), allow_weak=allow_weak)


def resolved(file: KeyFile, sources: Iterable[Source]) -> dict[str, Any]:
    """The shape `KeyRing.from_dict` takes, every reference replaced by its secret."""
    readers = {source.kind: source for source in sources}
    data: dict[str, Any] = {"pairs": {}, "clients": {}, "allow_weak": file.allow_weak}
    for entry in file.entries:
        versions = [(number, resolve(entry, number, secret, readers)) for number, secret in entry.versions()]
        spec = {"versions": versions, "primary": entry.primary()}
        if entry.section == ISSUER:
            data[ISSUER] = spec
        else:
            data[entry.section][entry.name] = spec
    return data


def resolve(entry: Entry, number: int, secret: Parsed, readers: Mapping[str, Source]) -> str | bytes:
    """The secret itself: what is written in the file, or what the reference's source reads."""
    if isinstance(secret, str):
        return secret
    where = f"{entry.label} version {number}"
    if not isinstance(secret, Mapping) or len(secret) != 1:
        raise ConfigError(f'{where}: secret must be text, or one reference such as {{ env = "NAME" }}')
    ((kind, reference),) = secret.items()
    if kind not in readers:
        known = ", ".join(sorted(readers)) or "none"
        raise ConfigError(f"{where}: no source reads {kind} references; configured: {known}")
    try:
        return readers[kind].read(reference)
    except ConfigError as cause:
        raise ConfigError(f"{where}: {cause}") from cause.__cause__


def refuse_unknown(file: str, data: Mapping[str, Any]) -> None:
    """A misspelt section must not pass for one that was left out."""
    if unknown := sorted(set(data) - set(SECTIONS)):
        raise ConfigError(f"{file}: {unknown[0]} is not one of {', '.join(SECTIONS)}")


def existing(path: str | PathLike[str]) -> Path:
    """The file, which must be there and readable."""
    file = Path(path)
    try:
        file.open("rb").close()
    except OSError as cause:
        raise ConfigError(f"{file} cannot be opened: {cause.strerror}") from None
    return file


def parse(file: Path) -> dict[str, Any]:
    """TOML, or JSON by its name."""
    try:
        text = file.read_text(encoding="utf-8")
        data = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as cause:
        # Only the place: the parser's own words may quote a line that holds a secret.
        raise ConfigError(f"{file} cannot be read as {file.suffix[1:]}{place(cause)}") from None
    return as_table(str(file), data)


def place(cause: ValueError) -> str:
    """The line a parser stopped at."""
    line = getattr(cause, "lineno", None)
    return f": see line {line}" if line else ""


def as_table(label: str, value: Parsed) -> dict[str, Any]:
    """A table, or a sentence that says it must be one."""
    if not isinstance(value, dict):
        raise ConfigError(f"{label} must be a table")
    return value


def is_number(value: Parsed) -> bool:
    """A whole number; in Python a truth value is one too."""
    return isinstance(value, int) and not isinstance(value, bool)


def moment(label: str, value: Parsed) -> float:
    """A date or time as Unix seconds, UTC where it names no zone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, date):
        return datetime.combine(value, time.max, UTC).timestamp()
    raise ConfigError(f"{label}: {RETIRE_AFTER} must be a date, as 2030-01-31")

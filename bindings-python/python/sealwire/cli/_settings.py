"""Reads settings from a file or the environment, and validates them as a service does."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from sealwire._environment import environment_variable
from sealwire._errors import ConfigError
from sealwire._native import KeyRing, check_open_settings, check_settings, is_enabled
from sealwire.cli._input import content_of

Checked = TypeVar("Checked")

LANGUAGES: Final = ("python", "node")
ENABLED: Final = "HMAC_AUTH_ENABLED"
PREFIXES: Final = ("HMAC_SECRET_", "HMAC_PRIMARY_")
VARIABLES: Final = ("HMAC_AUTH_ENABLED", "HMAC_SECRET_BACKEND", "HMAC_CLIENT_ID", "HMAC_SHARED_SECRET")


def read(file: Path) -> dict[str, Any]:
    """Returns the settings in a TOML or JSON file."""
    try:
        text = content_of(file, "FILE").decode()
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not UTF-8 text; convert it") from None
    try:
        data = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            f"{file} is not valid {'JSON' if file.suffix == '.json' else 'TOML'}: {error}"
        ) from None
    if not isinstance(data, dict):
        raise ConfigError(f"{file}: pass a table of settings")
    return data


def check_server(settings: dict[str, Any], language: str) -> None:
    """Validates the settings of a server integration."""
    check_settings("server", settings, language)


def check_client(settings: dict[str, Any], language: str) -> None:
    """Validates the settings of a client integration."""
    check_settings("client" if language == "python" else "signed_fetch", settings, language)


def check_configuration(settings: dict[str, Any], _language: str) -> None:
    """Validates the argument of the Node.js function `configuration()`, which may also contain settings of
    other libraries."""
    check_open_settings("gateway", settings)
    service, server = table(settings, "service"), table(settings, "server")
    check_open_settings("gateway_service", service)
    if "Hmac" in service:
        verified = below("service", lambda: table(service, "Hmac"))
        below("service.Hmac", lambda: check_settings("server", verified, "node"))
    check_open_settings("gateway_server", server)
    signed = below("server", lambda: table(server, "hmac"))
    below("server.hmac", lambda: check_settings("gateway_hmac", signed, "node"))
    check_open_settings("gateway_ssl", table(server, "ssl"))


KINDS: Final[Mapping[str, Callable[[dict[str, Any], str], None]]] = {
    "server": check_server,
    "client": check_client,
    "configuration": check_configuration,
}


def check_environment(service: str) -> KeyRing:
    """Validates the environment variables of a service, and returns its keys."""
    is_enabled(environment_variable(ENABLED))
    for name in os.environ:
        if name.startswith("HMAC_") and name not in VARIABLES and not name.startswith(PREFIXES):
            near = get_close_matches(name, [*VARIABLES, *PREFIXES], 1)
            hint = f"did you mean {near[0]}?" if near else f"the variables are {', '.join(VARIABLES)}"
            raise ConfigError(f"{name}: no such variable; {hint}")
    return KeyRing.from_env(service)


def table(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Returns the table `name` of the settings, or an empty table if it is missing."""
    found = settings.get(name) or {}
    if not isinstance(found, dict):
        raise ConfigError(f"{name}: pass an object")
    return found


def below(path: str, check: Callable[[], Checked]) -> Checked:
    """Calls `check` and adds the path of a table to the message of its `ConfigError`."""
    try:
        return check()
    except ConfigError as error:
        raise ConfigError(f"{path}.{error}") from None

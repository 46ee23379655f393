"""Reads pair secrets from Google Secret Manager. The names of the secrets are the same as in the earlier
implementation."""

from __future__ import annotations

import base64
import importlib
from typing import Any, Final, Protocol

from sealwire._environment import environment_variable

SECRET_BYTES: Final = 32


class SecretManager(Protocol):
    """The method of Google's client that this module uses."""

    def access_secret_version(self, request: Any) -> Any:  # noqa: ANN401 - the package with Google's types is optional
        """Reads a version of a secret."""
        ...


def google_client() -> SecretManager:
    """Returns a client with the default configuration. Google's package is imported here, so that other
    code does not need it."""
    try:
        client: SecretManager = importlib.import_module(
            "google.cloud.secretmanager"
        ).SecretManagerServiceClient()
    except ModuleNotFoundError:
        raise ValueError(
            "google-cloud-secret-manager is not installed; install it with: pip install sealwire[google]"
        ) from None
    except Exception as error:  # errors of google.auth
        raise ValueError(
            f"Google's client cannot be created ({type(error).__name__}); set GOOGLE_APPLICATION_CREDENTIALS"
        ) from error
    return client


def secrets_of_google(variable: str, client: SecretManager) -> dict[str, str]:
    """Returns the base64 secrets of a pair by the name of their environment variable.

    The earlier implementation stores two versions as the secrets `hmac_secret_agent_practices` and
    `hmac_secret_agent_practices_v2`. If the second secret does not exist, the two newest Google versions of
    the first secret are read.
    """
    project = environment_variable("GCP_PROJECT_ID")
    if not project:
        raise ValueError("GCP_PROJECT_ID is not set; set it to the project that contains the secrets")
    parent = f"projects/{project}/secrets"
    dashed = variable.replace("HMAC_SECRET_", "HMAC_", 1).lower().replace("_", "-")
    failures: list[str] = []
    for name in (variable.lower(), dashed):
        found = versions_of(f"{parent}/{name}", variable, client, failures)
        second = payload_of(f"{parent}/{name}_v2/versions/latest", client, failures)
        if second is not None:
            found = {variable: found[max(found)]} if found else {}
            found[f"{variable}_V2"] = second[1]
        if found:
            return found
    raise ValueError(
        f"HMAC secret not readable: {parent}/{variable.lower()} ({', '.join(sorted(set(failures)))})"
    )


def versions_of(name: str, variable: str, client: SecretManager, failures: list[str]) -> dict[str, str]:
    """Returns the two newest Google versions of a secret. The keys of the mapping are names of environment
    variables."""
    latest = payload_of(f"{name}/versions/latest", client, failures)
    if latest is None:
        return {}
    number, value = latest
    if number <= 1:
        return {variable: value}
    found = {f"{variable}_V{number}": value}
    if before := payload_of(f"{name}/versions/{number - 1}", client, []):
        found[variable if number == 2 else f"{variable}_V{number - 1}"] = before[1]
    return found


def payload_of(name: str, client: SecretManager, failures: list[str]) -> tuple[int, str] | None:
    """Returns the number of a version and its base64 secret, or None if the version cannot be read. The
    payload is either base64, as the earlier implementation wrote it, or the raw secret."""
    try:
        response = client.access_secret_version(request={"name": name})
        payload: bytes = response.payload.data
    except Exception as error:
        failures.append(type(error).__name__)
        return None
    number = str(getattr(response, "name", "")).rpartition("/")[2]
    return int(number) if number.isdecimal() else 1, as_base64(payload)


def as_base64(payload: bytes) -> str:
    """Returns the secret in a payload in base64. A payload that decodes from base64 to at least 32 bytes is
    returned unchanged. Any other payload is a raw secret, which this function encodes."""
    try:
        inner = base64.b64decode(b"".join(payload.split()), validate=True)
    except ValueError:
        inner = b""
    return base64.b64encode(inner if len(inner) >= SECRET_BYTES else payload).decode()

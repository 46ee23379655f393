"""Sends valid and changed connection strings to the token gateway."""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sealwire

from . import wire
from .places import LOGS, RUST
from .processes import Service
from .siege import LOGGED_WITHIN_S
from .table import Row
from .wire import Request

HEADER = "x-mycelium-connection-string"
ACCOUNT = "00000000-0000-4000-8000-000000000007"
FAILED = "connection_string_verification_failed=true"
PRIMARY, RETIRED = 2, 7


@dataclass(frozen=True)
class Issuer:
    """The issuer of the connection strings, with two versions of its key."""

    secrets: dict[int, str] = field(
        default_factory=lambda: {version: secrets.token_urlsafe(32) for version in (1, PRIMARY)}
    )

    def config(self, primary: int = PRIMARY) -> str:
        """Returns the gateway's configuration. It contains one secret, and refers to an environment variable
        for the other."""
        return (
            f"[core.accountLifeCycle]\ntokenExpiration = 86400\nhmacPrimaryVersion = {primary}\n"
            '[[core.accountLifeCycle.hmacSecrets]]\nversion = 1\nsecret = { env = "TOKEN_SECRET_V1" }\n'
            f'[[core.accountLifeCycle.hmacSecrets]]\nversion = {PRIMARY}\nsecret = "{self.secrets[PRIMARY]}"\n'
        )

    def token(self, version: int = PRIMARY, age: timedelta = timedelta()) -> str:
        """Returns a token issued by the Python package."""
        ring = sealwire.KeyRing(issuer={"primary": version, "versions": self.secrets})
        expires = datetime.now(UTC) + timedelta(hours=1) - age
        return sealwire.ConnectionString.issue(ring, ACCOUNT, expires, [("billing", 0)])


def gateway(issuer: Issuer) -> Service:
    """Writes the gateway's configuration and returns the gateway, which is not started yet."""
    LOGS.mkdir(parents=True, exist_ok=True)
    config = LOGS / "token-gateway.toml"
    config.write_text(issuer.config())
    config.chmod(0o600)
    return started_with(config, issuer)


def started_with(config: Path, issuer: Issuer) -> Service:
    """Returns a gateway with this configuration, but does not start it."""
    environment = {"TOKEN_SECRET_V1": issuer.secrets[1]}
    return Service("token-gateway", [str(RUST / "token_gateway"), str(config), "{port}"], environment)


def rows(issuer: Issuer, service: Service) -> Iterator[Row]:
    """Sends each token and yields its row for the table."""
    token = issuer.token()
    for version in (1, PRIMARY):
        expected = f"200 {ACCOUNT} {version}"
        yield row(f"token of version {version}", issuer.token(version), expected, service)
    for what, changed, message in (
        ("version removed", edited(token, f"kvr={PRIMARY};", ""), "Invalid connection string: MYC00030"),
        ("unknown version", edited(token, "kvr=2", f"kvr={RETIRED}"), "Invalid connection string: MYC00031"),
        ("version changed to 1", edited(token, "kvr=2", "kvr=1"), "Invalid connection string: MYC00032"),
        ("role added", edited(token, "billing:0", "billing:1"), "Invalid connection string: MYC00032"),
        ("not base64", "nonsense!", "Invalid connection string"),
        ("no token", "", "Missing connection string"),
        ("expired", issuer.token(age=timedelta(hours=2)), "Expired connection string"),
    ):
        body = json.dumps({"msg": "Unauthorized", "status": 401, "message": message}, separators=(",", ":"))
        yield row(what, changed, f"401 {body} · {FAILED}", service)


def row(what: str, token: str, expected: str, service: Service) -> Row:
    """Sends a request with a token and returns its row for the table."""
    headers = [(HEADER, token)] if token else []
    seen = service.log.stat().st_size
    answer = wire.send(service.port, Request("GET", "/api/account", headers))
    got = f"{answer.status} {answer.text}"
    if answer.status != 200:
        got += f" · {FAILED if logged(service, seen) else 'not logged'}"
    return Row("plain HTTP", "actix token-gateway", what, "connection string", expected, got, answer.ms)


def logged(service: Service, start: int) -> bool:
    """Returns True if the log contains a rejection after the byte offset `start`. Waits for up to one
    second."""
    deadline = time.monotonic() + LOGGED_WITHIN_S
    while time.monotonic() < deadline:
        if FAILED in service.log.read_bytes()[start:].decode(errors="replace"):
            return True
        time.sleep(0.01)
    return False


def edited(token: str, old: str, new: str) -> str:
    """Changes one bean (`key=value`) of a token, but does not update the signature."""
    beans = base64.b64decode(token).decode()
    if old not in beans:
        raise ValueError(f"{old} is not in the token")
    return base64.b64encode(beans.replace(old, new).encode()).decode()

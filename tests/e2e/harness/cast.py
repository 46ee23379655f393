"""The services in the demo, their languages, and their keys.

Each run generates new keys and passes them to the services in environment variables.
"""

import base64
import secrets
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Role:
    """A service or caller: its name, its framework or library, and its language."""

    name: str
    made_of: str
    language: str

    @property
    def short(self) -> str:
        """Returns the framework or library, or `C` for the C service."""
        return self.language if self.language == "C" else self.made_of

    def __str__(self):
        return f"{self.language} {self.name}" if self.language else self.made_of


AGENT = Role("agent", "httpx", "Python")
BILLING = Role("billing", "libcurl", "C")
GATEWAY = Role("gateway", "Nitro", "Node")
PRACTICES = Role("practices", "FastAPI", "Python")
IAM = Role("iam", "Express", "Node")
LEDGER = Role("ledger", "libmicrohttpd", "C")
CATALOG = Role("catalog", "reqwest", "Rust")
RECORDS = Role("records", "axum", "Rust")
ARCHIVE = Role("archive", "actix", "Rust")
STRANGER = Role("agent", "plain hmac", "")

SENDERS = (AGENT, BILLING, GATEWAY, CATALOG)
RECEIVERS = (PRACTICES, IAM, GATEWAY, LEDGER, RECORDS, ARCHIVE)

SHORT_SECRET = b"too short"

# The schemes that each receiver accepts, in order of preference.
ACCEPTED = {
    PRACTICES: ("message", "pairwise"),
    IAM: ("message", "client"),
    GATEWAY: ("message",),
    LEDGER: ("message", "pairwise", "client"),
    RECORDS: ("message", "pairwise", "client"),
    ARCHIVE: ("message", "pairwise", "client"),
}


def pair_of(one: str, other: str) -> frozenset[str]:
    return frozenset((one, other))


@dataclass(frozen=True)
class Keys:
    """All secrets of the demo: one for each pair of services, and one for each client."""

    pairs: dict[frozenset[str], bytes] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=dict)

    @classmethod
    def drawn(cls) -> "Keys":
        pairs = {
            pair_of(sender.name, receiver.name): secrets.token_bytes(32)
            for sender in SENDERS
            for receiver in RECEIVERS
            if sender != receiver
        }
        return cls(pairs, {sender.name: secrets.token_urlsafe(32) for sender in SENDERS})

    def shortened(self) -> "Keys":
        """Returns a copy with pair secrets that are too short. Services must refuse to start with them."""
        return replace(self, pairs=dict.fromkeys(self.pairs, SHORT_SECRET))

    def of_pair(self, one: str, other: str) -> bytes:
        return self.pairs[pair_of(one, other)]

    def of(self, scheme: str, sender: str, receiver: str) -> bytes:
        return self.clients[sender].encode() if scheme == "client" else self.of_pair(sender, receiver)

    def environment(self, service: str) -> dict[str, str]:
        """Returns the environment variables of a service, with its pair secrets and its client secret. A
        service that verifies clients gets all client secrets."""
        told = {
            f"HMAC_SECRET_{'_'.join(sorted(pair))}".upper(): base64.b64encode(key).decode()
            for pair, key in self.pairs.items()
            if service in pair
        }
        verifies_clients = service in (IAM.name, LEDGER.name, RECORDS.name, ARCHIVE.name)
        for client, secret in self.clients.items():
            if verifies_clients or client == service:
                told[client_variable(client)] = secret
        return told


def client_variable(client: str) -> str:
    return f"CLIENT_SECRET_{client.upper()}"

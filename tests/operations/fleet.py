"""Starts services in Python, Node.js and C, and clients in Python and Node.js. All of them use the same key file."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from network import free_port, status_of, until
from processes import HERE, PYTHON, Program, page, sealwire
from prometheus_client.parser import text_string_to_metric_families

SERVICES = {
    "python-service": [PYTHON, HERE / "services/service.py"],
    "node-service": ["node", HERE / "services/service.js"],
    "c-service": [HERE.parents[1] / ".cache/operations/c_service"],
}
# The services that can use Redis and write status files. The C service supports neither.
SCRIPTED = ("python-service", "node-service")
CLIENTS = {
    "python-client": [PYTHON, HERE / "services/client.py"],
    "node-client": ["node", HERE / "services/client.js"],
}


class Service:
    """A service that verifies requests and exports metrics at /metrics."""

    def __init__(self, name: str, keys: Path, directory: Path, mode: str, **environment: str) -> None:
        self.name = name
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self.metrics_url = f"{self.url}/metrics"
        self.modes = directory / f"{name}.modes.toml"
        self.modes.write_text(f'mode = "{mode}"\n')
        settings = {"SERVICE": name, "KEYS": str(keys), "MODES": str(self.modes), "PORT": str(self.port)}
        log = directory / f"{name}-{self.port}.log"
        self.program = Program(SERVICES[name], log, **settings, **environment)

    def wait(self) -> None:
        """Waits until the service responds."""
        until(
            lambda: self.program.process.poll() is not None or status_of(f"{self.url}/health") == 200,
            self.name,
        )
        assert self.program.process.poll() is None, self.program.said()

    def metric(self, name: str, **labels: str) -> float:
        """Returns the sum of a metric over all series with these labels."""
        families = text_string_to_metric_families(page(self.metrics_url))
        samples = [sample for family in families for sample in family.samples if sample.name == name]
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())

    def versions(self) -> dict[str, set[str]]:
        """Returns the key versions that the service has loaded, by entry. A star marks the primary version."""
        found: dict[str, set[str]] = {}
        for family in text_string_to_metric_families(page(self.metrics_url)):
            for sample in family.samples:
                if sample.name == "hmac_auth_key_accepted":
                    star = "*" if sample.labels["primary"] == "true" else ""
                    found.setdefault(sample.labels["name"], set()).add(sample.labels["version"] + star)
        return found

    def until_loaded(self, wanted: dict[str, set[str]]) -> None:
        """Waits until the service has loaded the key versions in `wanted`."""
        until(lambda: wanted.items() <= self.versions().items(), f"{self.name} {wanted}")

    def until_metric(self, least: float, name: str, **labels: str) -> None:
        """Waits until the value of a metric is at least `least`."""
        until(lambda: self.metric(name, **labels) >= least, f"{self.name} {name} {labels}")


class Client:
    """A client that repeatedly calls all services and counts the responses."""

    def __init__(self, name: str, keys: Path, directory: Path, services: list[Service]) -> None:
        self.name = name
        self._report = directory / f"{name}.json"
        targets = {service.name: service.url for service in services}
        settings = {
            "NAME": name,
            "KEYS": str(keys),
            "TARGETS": json.dumps(targets),
            "REPORT": str(self._report),
        }
        self.program = Program(CLIENTS[name], directory / f"{name}.log", **settings)

    def answers(self) -> dict[str, int]:
        """Returns the number of responses so far, by status."""
        return json.loads(self._report.read_text()) if self._report.exists() else {}

    def sends_on(self) -> None:
        """Waits until the client has received more responses, which proves that it is still sending requests."""
        before = sum(self.answers().values())
        until(
            lambda: sum(self.answers().values()) > before + 20 or self.program.process.poll() is not None,
            self.name,
        )
        assert self.program.process.poll() is None, self.program.said()


class Fleet:
    """All services and clients. `shared` contains the URL of the Redis server for each service that uses one."""

    def __init__(
        self,
        directory: Path,
        mode: str = "enforce",
        shared: Mapping[str, str] = MappingProxyType({}),
        names: Iterable[str] = tuple(SERVICES),
        **environment: str,
    ) -> None:
        self.keys = directory / "keys.toml"
        self.names = tuple(names)
        sealwire("keys", "generate", *SERVICES, *CLIENTS, "-o", self.keys)
        own = {name: {"REDIS_URL": shared[name]} if name in shared else {} for name in names}
        self.services = [
            Service(name, self.keys, directory, mode, **environment, **own[name]) for name in own
        ]
        self._directory = directory
        self.clients: list[Client] = []

    def wait(self) -> None:
        """Waits until all services respond."""
        for service in self.services:
            service.wait()

    @property
    def asked(self) -> list[str]:
        """Returns the command-line options that pass the metrics URLs of all services."""
        return [word for service in self.services for word in ("--metrics-url", service.metrics_url)]

    @property
    def entries(self) -> list[str]:
        """Returns the key file entries that are in use: one for each client with each service."""
        return ["/".join(sorted((client, service))) for client in CLIENTS for service in self.names]

    def send(self) -> None:
        """Starts the clients."""
        self.clients = [Client(name, self.keys, self._directory, self.services) for name in CLIENTS]
        self.under_load()

    def under_load(self) -> None:
        """Waits until all clients have received more responses."""
        for client in self.clients:
            client.sends_on()

    def until_loaded(self, versions: set[str]) -> None:
        """Waits until all services have loaded these key versions for their pairs."""
        for service in self.services:
            own = {entry for entry in self.entries if service.name in entry.split("/")}
            service.until_loaded(dict.fromkeys(own, versions))

    def answers(self) -> dict[str, int]:
        """Returns the total number of responses that the clients received, by status."""
        totals: dict[str, int] = {}
        for client in self.clients:
            for status, count in client.answers().items():
                totals[status] = totals.get(status, 0) + count
        return totals

    def stop(self) -> None:
        """Stops the clients, and then the services."""
        for each in [*self.clients, *self.services]:
            each.program.stop()

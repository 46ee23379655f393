"""The processes of the demo, and the commands that start them."""

import sys
from dataclasses import dataclass

from .build import GATEWAY_OUTPUT
from .cast import ARCHIVE, GATEWAY, IAM, LEDGER, PRACTICES, RECORDS, Keys, Role
from .places import BIN, NODE, REPLAY, RUST, SERVICES
from .processes import Service

LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Fleet:
    """All processes of the demo. Processes of the same service share a replay file."""

    practices: Service
    practices_second: Service
    practices_in_c: Service
    practices_in_rust: Service
    iam: Service
    iam_second: Service
    ledger: Service
    records: Service
    archive: Service
    gateway: Service

    @classmethod
    def of(cls, keys: Keys) -> "Fleet":
        """Creates the services with these keys, but does not start their processes."""
        iam = express("iam", keys)
        return cls(
            practices=fastapi("practices", keys),
            practices_second=fastapi("practices-2", keys),
            practices_in_c=c_server("practices-c", PRACTICES, keys, mapped=True),
            practices_in_rust=rust("practices-rust", "records", PRACTICES, keys),
            iam=iam,
            iam_second=express("iam-2", keys),
            ledger=c_server("ledger", LEDGER, keys, mapped=False),
            records=rust("records", "records", RECORDS, keys),
            archive=rust("archive", "archive", ARCHIVE, keys),
            gateway=nitro("gateway", keys, iam),
        )

    def services(self) -> list[Service]:
        return list(vars(self).values())

    def of_role(self, role: Role) -> Service:
        first = {
            PRACTICES: self.practices,
            IAM: self.iam,
            LEDGER: self.ledger,
            RECORDS: self.records,
            ARCHIVE: self.archive,
            GATEWAY: self.gateway,
        }
        return first[role]


def fastapi(name: str, keys: Keys) -> Service:
    command = [sys.executable, "-m", "uvicorn", "app:app", f"--host={LOCAL}", "--port={port}"]
    return Service(
        name,
        [*command, "--no-server-header", "--no-access-log"],
        {**keys.environment(PRACTICES.name), "REPLAY_FILE": replay_file(PRACTICES)},
        SERVICES / "fastapi",
    )


def express(name: str, keys: Keys) -> Service:
    environment = {**keys.environment(IAM.name), "REPLAY_FILE": replay_file(IAM)}
    return Service(name, ["node", "iam.mjs"], environment, NODE / "express")


def nitro(name: str, keys: Keys, iam: Service) -> Service:
    calls = {"HOST": LOCAL, "IAM_ORIGIN": f"http://{LOCAL}:{iam.port}"}
    environment = {**keys.environment(GATEWAY.name), **calls, "NODE_ENV": "production"}
    return Service(name, ["node", str(GATEWAY_OUTPUT)], environment, NODE / "gateway")


def c_server(name: str, role: Role, keys: Keys, mapped: bool) -> Service:
    environment = keys.environment(role.name)
    if mapped:
        environment["REPLAY_FILE"] = replay_file(role)
    return Service(name, [str(BIN / "server"), role.name, "{port}"], environment)


def rust(name: str, program: str, role: Role, keys: Keys) -> Service:
    environment = {**keys.environment(role.name), "REPLAY_FILE": replay_file(role)}
    return Service(name, [str(RUST / program), role.name, "{port}"], environment)


def replay_file(role: Role) -> str:
    return str(REPLAY / f"{role.name}.replay")

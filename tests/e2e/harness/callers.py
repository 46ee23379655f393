"""The callers. Each signs with Sealwire in its own language and sends with a common HTTP client of that
language."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import sealwire
from sealwire.httpx import HMACAuth

from . import forge, wire
from .cast import AGENT, BILLING, CATALOG, GATEWAY, IAM, STRANGER, Keys, Role
from .fleet import Fleet
from .places import BIN, NODE, RUST
from .processes import clean_environment
from .wire import Answer, since


@dataclass(frozen=True)
class Call:
    """A request to send, its receiver, and the schemes to sign with, separated by plus signs."""

    receiver: Role
    port: int
    scheme: str
    method: str
    target: str
    body: bytes
    user: str | None = None

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.authority}{self.target}"

    @property
    def schemes(self) -> list[str]:
        return self.scheme.split("+")


Caller = Callable[[Call], Answer]

# This environment variable makes the C and Rust callers use HTTP/2.
HTTP2 = {"CALLER_HTTP2": "1"}

# The exceptions that a caller can raise while it signs or sends a request or parses the response.
FAILURES = (
    httpx.HTTPError,
    OSError,
    subprocess.SubprocessError,
    sealwire.SealwireError,
    ValueError,
    LookupError,
)


def all_of(keys: Keys, fleet: Fleet) -> dict[Role, Caller]:
    return {
        AGENT: python(keys),
        GATEWAY: node(fleet),
        BILLING: program((str(BIN / "caller"),), BILLING, keys, {}),
        CATALOG: program((str(RUST / "caller"),), CATALOG, keys, {}),
        STRANGER: plain(keys),
    }


def over_http2(keys: Keys) -> dict[Role, Caller]:
    """Returns the callers that use HTTP/2.

    Node's fetch does not support HTTP/2, so a separate program sends the requests of the gateway.
    """
    node_program = ("node", str(NODE / "express/http2_caller.mjs"))
    return {
        AGENT: python(keys, http2=True),
        GATEWAY: program(node_program, GATEWAY, keys, {}),
        BILLING: program((str(BIN / "caller"),), BILLING, keys, HTTP2),
        CATALOG: program((str(RUST / "caller"),), CATALOG, keys, HTTP2),
    }


def python(keys: Keys, *, http2: bool = False) -> Caller:
    """Returns a caller that sends with httpx in this process."""
    pairs = {tuple(sorted(pair)): key for pair, key in keys.pairs.items() if AGENT.name in pair}
    ring = sealwire.KeyRing(pairs=pairs, clients={AGENT.name: keys.clients[AGENT.name]})

    def call(asked: Call) -> Answer:
        auth = HMACAuth(AGENT.name, asked.receiver.name, keys=ring, schemes=asked.schemes, user_id=asked.user)
        with httpx.Client(auth=auth, trust_env=False, http1=not http2, http2=http2) as client:
            started = time.perf_counter()
            response = client.request(asked.method, asked.url, content=asked.body)
            return Answer(response.status_code, response.text, since(started))

    return call


def node(fleet: Fleet) -> Caller:
    """Returns a caller that makes the gateway send the request. The gateway reports the response and the
    duration."""
    gateway = f"http://127.0.0.1:{fleet.gateway.port}"

    def call(asked: Call) -> Answer:
        with httpx.Client(trust_env=False) as client:
            response = passed_on(client, asked) if passes_on(asked) else ordered(client, asked)
        if response.status_code != 200:
            return Answer(0, f"the gateway could not call: {response.status_code} {response.text}")
        told = response.json()
        return Answer(told["status"], told["text"], told["ms"])

    def passed_on(client: httpx.Client, asked: Call) -> httpx.Response:
        return client.request(asked.method, f"{gateway}/iam{asked.target}")

    def ordered(client: httpx.Client, asked: Call) -> httpx.Response:
        return client.post(f"{gateway}/call", json=order(asked))

    return call


def passes_on(asked: Call) -> bool:
    """Returns True if the gateway's signing middleware forwards the request, which applies to `client`
    requests to `iam`."""
    return asked.receiver == IAM and asked.scheme == "client"


def order(asked: Call) -> dict[str, object]:
    return {
        "receiver": asked.receiver.name,
        "schemes": asked.schemes,
        "method": asked.method,
        "url": asked.url,
        "body": asked.body.decode(),
        "user": asked.user,
    }


def program(command: tuple[str, ...], role: Role, keys: Keys, settings: dict[str, str]) -> Caller:
    """Returns a caller that runs a program in C, Rust or JavaScript.

    The program prints the status, the duration in milliseconds, and the response.
    """
    environment = {**clean_environment(), **keys.environment(role.name), **settings}

    def call(asked: Call) -> Answer:
        arguments = [role.name, asked.receiver.name, asked.scheme]
        arguments += [asked.method, asked.url, asked.user or ""]
        done = subprocess.run(
            [*command, *arguments], input=asked.body, env=environment, capture_output=True, timeout=30
        )
        if done.returncode != 0:
            return Answer(
                0, f"the {role.language} caller failed: {done.stderr.decode(errors='replace').strip()}"
            )
        head, _, text = done.stdout.decode().partition("\n")
        status, ms = head.split()
        return Answer(int(status), text, float(ms))

    return call


def plain(keys: Keys) -> Caller:
    """Returns a caller that signs without Sealwire, with an independent implementation, and sends over a
    plain socket."""

    def call(asked: Call) -> Answer:
        draft = forge.Draft(
            sender=STRANGER.name,
            receiver=asked.receiver.name,
            authority=asked.authority,
            method=asked.method,
            target=asked.target,
            body=asked.body,
            key=keys.of(asked.scheme, STRANGER.name, asked.receiver.name),
            user=asked.user,
        )
        return wire.send(asked.port, forge.sign(asked.scheme, draft))

    return call


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()

"""Tests Sealwire with four other implementations of RFC 9421. Sealwire and the other implementation verify
each other's signatures."""

import base64
import hashlib
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from sealwire import KeyRing, Rejected, ReplayTable, Signer, Verifier

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SECRET = hashlib.sha256(b"a secret for this test alone").digest()
TAG = "sealwire"
BODIES = {"GET": b"", "POST": b'{"query": "..."}', "PUT": bytes(range(256)), "DELETE": b""}
TARGETS = ["/", "/graphql", "/a%2Fb/c?x=1&y=%20z", "/items?"]


@dataclass(frozen=True)
class Message:
    """A request that Sealwire and the other implementation sign and verify."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def url(self) -> str:
        return f"http://practices.internal{self.target}"

    def with_headers(self, headers: Mapping[str, str]) -> "Message":
        return Message(self.method, self.target, {**self.headers, **headers}, self.body)


class Keys(HTTPSignatureKeyResolver):
    """Returns the shared secret for a key id."""

    def resolve_public_key(self, key_id: str) -> bytes:
        return SECRET

    def resolve_private_key(self, key_id: str) -> bytes:
        return SECRET


class PyPI:
    """The package http-message-signatures from PyPI."""

    name = "PyPI http-message-signatures"

    def sign(self, message: Message, components: list[str], key_id: str, nonce: str) -> dict[str, str]:
        prepared = self._prepared(message)
        signer = HTTPMessageSigner(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
        signer.sign(
            prepared,
            key_id=key_id,
            nonce=nonce,
            tag=TAG,
            label="peer",
            covered_component_ids=components,
            use_existing_digest=bool(message.body),
        )
        return {name: prepared.headers[name] for name in ("Signature-Input", "Signature")}

    def verify(self, message: Message, key_id: str) -> bool:
        verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
        try:
            results = verifier.verify(self._prepared(message), expect_tag=TAG)
        except Exception:
            return False
        return [result.parameters["keyid"] for result in results] == [key_id]

    def _prepared(self, message: Message) -> requests.PreparedRequest:
        prepared = requests.Request(
            message.method, message.url, headers=message.headers, data=message.body
        ).prepare()
        prepared.url = message.url
        return prepared


class Program:
    """A package from npm or crates.io. It runs in a separate process, which reads one task per line."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def sign(self, message: Message, components: list[str], key_id: str, nonce: str) -> dict[str, str]:
        answer = self.ask(
            {"do": "sign", "components": components, "nonce": nonce, "tag": TAG, "created": int(time.time())},
            message,
            key_id,
        )
        return {name: answer["headers"][name] for name in ("Signature-Input", "Signature")}

    def verify(self, message: Message, key_id: str) -> bool:
        return self.ask({"do": "verify"}, message, key_id).get("verified", False)

    def ask(self, task: dict[str, object], message: Message, key_id: str) -> dict:
        request = {"method": message.method, "url": message.url, "headers": message.headers}
        task |= {"request": request, "secret": base64.b64encode(SECRET).decode(), "keyId": key_id}
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


KEYS = KeyRing(pairs={"agent/practices": SECRET})
SIGNER = Signer("agent", KEYS)
KEY_ID = "agent/practices#1"


class InPython:
    """The Python package of Sealwire."""

    name = "Sealwire (Python)"

    def sign(self, message: Message) -> dict[str, str]:
        return SIGNER.sign(message.method, message.url, message.headers, message.body, receiver="practices")

    def accepts(self, message: Message) -> bool:
        verifier = Verifier("practices", KEYS, replay=ReplayTable.heap(accept_older=True))
        try:
            identity = verifier.verify(message.method, message.target, message.headers, message.body)
        except Rejected:
            return False
        return identity.sender == "agent"


class InRust:
    """Sealwire's Rust crate, which runs in a separate process."""

    name = "Sealwire (Rust)"

    def __init__(self, command: Path) -> None:
        self.program = Program(self.name, str(command))

    def sign(self, message: Message) -> dict[str, str]:
        return self._ask("sign", message)["headers"]

    def accepts(self, message: Message) -> bool:
        return self._ask("verify", message).get("sender") == "agent"

    def _ask(self, what: str, message: Message) -> dict:
        task = {"do": what, "body": base64.b64encode(message.body).decode()}
        return self.program.ask(task, message, KEY_ID)


Side = InPython | InRust


def messages() -> Iterator[Message]:
    for method, body in BODIES.items():
        for target in TARGETS:
            yield Message(method, target, {"Host": "practices.internal"}, body)


def changed(message: Message) -> Iterator[Message]:
    """Yields copies of the request, each with one signed part changed."""
    yield Message("PATCH", message.target, message.headers, message.body)
    yield Message(message.method, message.target + "x", message.headers, message.body)
    yield message.with_headers({"Host": "elsewhere.internal"})


def signed_by(peer: PyPI | Program, message: Message, number: int) -> Message:
    """Returns the request, signed by the peer. The signature covers the components that Sealwire requires."""
    components = ["@method", "@authority", "@path", "@query"]
    if message.body:
        digest = base64.b64encode(hashlib.sha256(message.body).digest()).decode()
        message = message.with_headers({"Content-Digest": f"sha-256=:{digest}:"})
        components.append("content-digest")
    return message.with_headers(
        peer.sign(message, components, KEY_ID, f"{peer.name.replace(' ', '-')}-{number}")
    )


def outcomes(peer: PyPI | Program, side: Side) -> Iterator[tuple[str, bool]]:
    """Yields a description of each test and whether the test passed."""
    for number, message in enumerate(messages()):
        what = f"{message.method} {message.target}"
        theirs = signed_by(peer, message, number)
        ours = message.with_headers(side.sign(message))
        yield f"{peer.name} signs {what}, {side.name} accepts", side.accepts(theirs)
        yield f"{side.name} signs {what}, {peer.name} accepts", peer.verify(ours, KEY_ID)
        for other in changed(theirs):
            yield (
                f"{peer.name} signed {what}, {side.name} refuses {other.method} {other.target}",
                not side.accepts(other),
            )
        for other in list(changed(ours))[:2]:
            yield (
                f"{side.name} signed {what}, {peer.name} refuses {other.method} {other.target}",
                not peer.verify(other, KEY_ID),
            )


def built(crate: str) -> Path:
    """Builds a crate in this folder and returns the folder with its programs."""
    target = ROOT / "target" / "interop"
    command = ["cargo", "build", "--quiet", "--locked", "--target-dir", str(target)]
    subprocess.run(command, cwd=HERE / crate, check=True)
    return target / "debug"


def main() -> int:
    counts = {True: 0, False: 0}
    programs = built("rust_peer")
    peers = (
        PyPI(),
        Program("npm http-message-signatures", "node", str(HERE / "npm_peer.mjs")),
        Program("npm http-message-sig", "node", str(HERE / "message_sig_peer.mjs")),
        Program("crates.io httpsig-hyper", str(programs / "sealwire-interop-peer")),
    )
    sides = (InPython(), InRust(programs / "sealwire-interop-side"))
    for side, peer in itertools.product(sides, peers):
        right = {True: 0, False: 0}
        for what, holds in outcomes(peer, side):
            right[holds] += 1
            if not holds:
                print(f"wrong: {what}")
        print(f"{side.name}, {peer.name}: {right[True]} of {sum(right.values())} as expected")
        counts = {key: counts[key] + right[key] for key in counts}
    print(f"{counts[True]} passed, {counts[False]} failed")
    return 1 if counts[False] else 0


if __name__ == "__main__":
    sys.exit(main())

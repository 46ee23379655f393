"""A typical workload for profile-guided optimisation.

`maturin build --pgo` runs this script with an instrumented build (docs/decisions/0010). The script depends
only on the sealwire package. The workload contains many kinds of requests, including rejected ones, so that
all common code paths are optimised.
"""

import asyncio
import contextlib
import datetime
import itertools
import logging
import time
import warnings
from collections.abc import Iterator

from sealwire import (
    ConnectionString,
    KeyRing,
    Rejected,
    ReplayTable,
    Signer,
    Verifier,
    sign_pairwise,
    verify_pairwise,
)
from sealwire._asgi import Message, Receive, Scope, Send
from sealwire.asgi import HMACAuthMiddleware

TURNS = 300
SECRET = b"a secret for training: 32 bytes or more"
BODIES = (b"", b"{}", b'{"query": "{ practices { id } }"}', b"x" * 300)
LARGE = b"x" * 3000  # used rarely, because otherwise hashing would dominate the profile
TARGETS = ("/", "/items/7", "/entries/caf%C3%A9?draft=1", "/auth/user/refresh?page=2&size=50")
METHODS = ("GET", "POST", "PUT")
SCHEMES = (["message"], ["pairwise"], ["client"], ["message", "pairwise"])
OTHERS = {
    "Host": "practices.test",
    "User-Agent": "training/1",
    "Accept": "application/json",
    "Content-Type": "application/json",
    "X-Forwarded-For": "10.0.0.7",
}

Lines = list[tuple[bytes, bytes]]


def main() -> None:
    """Runs the workload with all schemes."""
    warnings.simplefilter("ignore")
    logging.disable()
    keys = KeyRing(pairs={("agent", "practices"): SECRET}, clients={"agent": SECRET}, issuer=SECRET)
    for schemes in SCHEMES:
        table = ReplayTable.heap(200, accept_older=True)
        verifier = Verifier("practices", keys, schemes=schemes, replay=table, authorities="any")
        app = HMACAuthMiddleware(
            answer, "practices", keys=keys, schemes=schemes, replay=table, authorities="any"
        )
        signer = Signer("agent", keys, schemes=schemes)
        plainly(signer, verifier)
        asyncio.run(served(app, signer))
    by_scalars(keys)
    tokens(keys)


def requests() -> Iterator[tuple[str, str, bytes]]:
    """Returns every combination of method, target and body."""
    return itertools.product(METHODS, TARGETS, BODIES)


def plainly(signer: Signer, verifier: Verifier) -> None:
    """Verifies requests whose headers are bytes or text, and whose bodies arrive at once or in parts. Some
    requests are rejected."""
    for turn, (method, target, body) in zip(range(TURNS * 12), itertools.cycle(requests()), strict=False):
        verifier.verify(method, target.encode(), lines(signed(signer, method, target, body)), body)
        verifier.verify(method, target, list(signed(signer, method, target, body).items()), body)
        headers = signed(signer, method, target, body)
        pending = verifier.begin(method, target, headers)
        pending.update(body[:10])
        pending.finish(body[10:])
        if turn % 50 == 0:
            refused(verifier, method, target, headers, body)
            verifier.verify(method, target, signed(signer, method, target, LARGE), LARGE)


def refused(verifier: Verifier, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    """Verifies requests that are rejected: one with a changed body, one without a signature, and a replay."""
    for sent, received in ((headers, body + b" "), (OTHERS, body), (headers, body)):
        with contextlib.suppress(Rejected):
            verifier.verify(method, target, sent, received)


async def served(app: HMACAuthMiddleware, signer: Signer) -> None:
    """Calls the middleware in the same way as an ASGI server."""
    for _, (method, target, body) in zip(range(TURNS * 12), itertools.cycle(requests()), strict=False):
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "root_path": "",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": lines(signed(signer, method, target, body)),
            "state": {},
        }
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive(messages: list[Message] = messages) -> Message:
            return messages.pop()

        await app(scope, receive, send)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application that returns an empty response."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def send(message: Message) -> None:
    """Replaces the ASGI server's `send` callable, and discards the messages."""


def signed(signer: Signer, method: str, target: str, body: bytes) -> dict[str, str]:
    """Returns all headers of a signed request."""
    return OTHERS | signer.sign(method, f"https://practices.test{target}", None, body, "practices")


def lines(headers: dict[str, str]) -> Lines:
    """Returns headers in the ASGI format."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def by_scalars(keys: KeyRing) -> None:
    """Calls the functions that sign and verify `pairwise` requests with scalar arguments."""
    for _, (method, target, body) in zip(range(TURNS * 100), itertools.cycle(requests()), strict=False):
        now, content = int(time.time()), body.decode()
        signature = sign_pairwise(keys, "agent", "practices", method, target, content, now)
        verify_pairwise(keys, "agent", "practices", method, target, content, signature, now, 300)


def tokens(keys: KeyRing) -> None:
    """Issues one connection string and verifies it many times."""
    expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    token = ConnectionString.issue(keys, "11111111-2222-4333-8444-555555555555", expires)
    for _ in range(TURNS * 20):
        ConnectionString.verify(token, keys)


if __name__ == "__main__":
    main()

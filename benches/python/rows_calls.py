"""Measures direct calls that sign or verify."""

import hashlib
import hmac
import time
from collections.abc import Callable

import spec
from cachetools import TTLCache
from harness import Round, calls, prepared, run
from samples import BODY, CLIENT, SECRET, TARGET, Clock, lines, nonce, ring
from sealwire import ReplayTable, Signer, Verifier, sign_pairwise, verify_pairwise
from sealwire.compat import sign_service_request, verify_service_request

SKEW_MS = 300_000
LIVE, PER_ROUND = 5000, 200


def sign(rounds: int) -> None:
    keys = ring()
    now, secret = int(time.time()), spec.secret_of("agent", "practices")
    names = {"keys": keys, "text": BODY.decode(), "BODY": BODY, "now": now, "secret": secret}
    signer = Signer("agent", keys, schemes=["pairwise"])
    request = '"agent", "practices", "POST", "/graphql", text'
    run(
        "python-sign",
        rounds,
        {
            "sealwire": calls(2000, f"sign(keys, {request}, now)", sign=sign_pairwise, **names),
            "hmac": calls(1000, f"digest(secret, now, {request})", digest=spec.digest, **names),
            "sealwire.Signer": calls(
                2000, 'sign("POST", "/graphql", None, BODY, "practices")', sign=signer.sign, **names
            ),
            "stdlib": calls(1000, f"sign({request})", sign=spec.sign, **names),
            "sealwire.compat": calls(1000, f"sign({request})", sign=sign_service_request, **names),
        },
    )


def verify(rounds: int) -> None:
    keys = ring()
    signer = Signer("agent", keys, schemes=["pairwise"])
    verifier = Verifier("practices", keys, schemes=["pairwise"])
    names = {"keys": keys, "text": BODY.decode(), "BODY": BODY, "refused": refused}

    def signed() -> tuple[str, int]:
        made = spec.sign("agent", "practices", "POST", "/graphql", BODY.decode())
        return made.signature, made.timestamp

    def headers() -> list[tuple[str, str]]:
        return list(signer.sign("POST", "/graphql", None, BODY, "practices").items())

    def scalars(verify: Callable[..., bool], before: str = "", after: str = "") -> Round:
        request = f'{before}"agent", "practices", "POST", "/graphql", text, signature, timestamp{after}'
        line = f"verify({request}) or refused()"
        return prepared(1000, signed, "signature, timestamp", line, verify=verify, **names)

    by_headers = 'verify("POST", "/graphql", headers, BODY)'
    run(
        "python-verify",
        rounds,
        {
            "sealwire": scalars(verify_pairwise, "keys, ", ", 300"),
            "sealwire.Verifier": prepared(
                1000, headers, "headers", by_headers, verify=verifier.verify, **names
            ),
            "stdlib": scalars(spec.verify),
            "sealwire.compat": scalars(verify_service_request),
        },
    )


def refused() -> None:
    raise AssertionError("refused")


def all_checks(rounds: int) -> None:
    """Verifies `client` requests. Both implementations have 5,000 live nonces and receive the header lines in
    the form that a server passes them."""
    clock, keys = Clock(), ring()
    signer = Signer(CLIENT, keys, schemes=["client"])
    table = ReplayTable.heap(17, 300)
    verifier = Verifier("iam", keys, schemes=["client"], replay=table)

    def signed() -> tuple[list[tuple[bytes, bytes]], int]:
        now_ms = clock.tick()
        return lines(signer.sign("POST", TARGET, None, None, "", None, nonce(), now_ms)), now_ms

    def row(line: str, verify: Callable[..., object]) -> Round:
        # The number of requests is small, so the requests are in the processor cache. In a server, a request
        # is also in the cache, because the server has just parsed it.
        return prepared(PER_ROUND, signed, "lines, now_ms", line, verify=verify, url=TARGET.encode())

    rows = {
        "sealwire": row('verify("POST", url, lines, None, None, None, now_ms)', verifier.verify),
        "stdlib + cachetools": row('verify(b"POST", url, lines, now_ms)', HandWritten().verify),
    }
    for _ in range(LIVE // PER_ROUND):
        for fill in rows.values():
            fill()
    run("python-all-checks", rounds, rows)


class HandWritten:
    """The five checks in the IAM design document, implemented in Python for raw header bytes."""

    def __init__(self) -> None:
        self.clients = {CLIENT.encode(): SECRET}
        self.seen = TTLCache(maxsize=LIVE, ttl=SKEW_MS / 1000)

    def verify(self, method: bytes, url: bytes, lines: list[tuple[bytes, bytes]], now_ms: int) -> None:
        headers = dict(lines)
        client = headers.get(b"x-client-id")
        timestamp = headers.get(b"x-timestamp")
        request_id = headers.get(b"x-request-id")
        signature = headers.get(b"x-signature")
        if not (client and timestamp and request_id and signature):
            raise PermissionError("headers")
        secret = self.clients.get(client)
        if secret is None:
            raise PermissionError("client")
        if abs(now_ms - int(timestamp)) > SKEW_MS:
            raise PermissionError("timestamp")
        if request_id in self.seen:
            raise PermissionError("replay")
        base = b":".join((client, timestamp, method, url, request_id))
        expected = hmac.new(secret, base, hashlib.sha256).hexdigest().encode()
        if not hmac.compare_digest(expected, signature):
            raise PermissionError("signature")
        self.seen[request_id] = True


def claims(rounds: int, live: int, name: str) -> None:
    """Compares claims of nonces in a replay table with claims in a cache. The table and the cache contain
    `live` nonces."""
    table = ReplayTable.heap(live // 240, 305)
    cache = TTLCache(maxsize=live, ttl=300)
    expires = int(time.time()) + 300

    def by_cache(key: bytes) -> bool:
        if key in cache:
            return False
        cache[key] = True
        return True

    def key() -> bytes:
        return nonce().encode()

    for _ in range(live):
        table.claim(key(), expires)
        by_cache(key())
    run(
        name,
        rounds,
        {
            "sealwire": prepared(500, key, "key", "claim(key, expires)", claim=table.claim, expires=expires),
            "cachetools": prepared(500, key, "key", "claim(key)", claim=by_cache),
        },
    )

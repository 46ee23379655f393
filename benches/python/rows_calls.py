"""Signing and verifying by plain calls."""

import hashlib
import hmac
import time

import spec
from cachetools import TTLCache
from harness import calls, prepared, run
from samples import BODY, CLIENT, SECRET, TARGET, Clock, lines, nonce, ring
from sealwire import ReplayTable, Signer, Verifier, sign_pairwise, verify_pairwise
from sealwire.compat import sign_service_request, verify_service_request

SKEW_MS = 300_000


def sign(rounds: int) -> None:
    keys = ring()
    signer = Signer("agent", keys, schemes=["pairwise"])
    text = BODY.decode()

    now, secret = int(time.time()), spec.secret_of("agent", "practices")

    def scalar() -> str:
        return sign_pairwise(keys, "agent", "practices", "POST", "/graphql", text, now)

    def by_hmac() -> str:
        return spec.digest(secret, now, "agent", "practices", "POST", "/graphql", text)

    run(
        "python-sign",
        rounds,
        {
            "sealwire": calls(2000, scalar),
            "hmac": calls(1000, by_hmac),
            "sealwire.Signer": calls(2000, lambda: signer.sign("POST", "/graphql", None, BODY, "practices")),
            "stdlib": calls(1000, lambda: spec.sign("agent", "practices", "POST", "/graphql", text)),
            "sealwire.compat": calls(
                1000, lambda: sign_service_request("agent", "practices", "POST", "/graphql", text)
            ),
        },
    )


def verify(rounds: int) -> None:
    keys = ring()
    signer = Signer("agent", keys, schemes=["pairwise"])
    verifier = Verifier("practices", keys, schemes=["pairwise"])
    text = BODY.decode()

    def sealwire_input():
        return list(signer.sign("POST", "/graphql", None, BODY, "practices").items())

    def spec_input():
        return spec.sign("agent", "practices", "POST", "/graphql", text)

    def scalar(signed) -> None:
        signature, timestamp = signed.signature, signed.timestamp
        if not verify_pairwise(
            keys, "agent", "practices", "POST", "/graphql", text, signature, timestamp, 300
        ):
            raise AssertionError("refused")

    def by_spec(verify, signed) -> None:
        if not verify("agent", "practices", "POST", "/graphql", text, signed.signature, signed.timestamp):
            raise AssertionError("refused")

    run(
        "python-verify",
        rounds,
        {
            "sealwire": prepared(1000, spec_input, scalar),
            "sealwire.Verifier": prepared(
                1000, sealwire_input, lambda h: verifier.verify("POST", "/graphql", h, BODY)
            ),
            "stdlib": prepared(1000, spec_input, lambda s: by_spec(spec.verify, s)),
            "sealwire.compat": prepared(1000, spec_input, lambda s: by_spec(verify_service_request, s)),
        },
    )


def all_checks(rounds: int) -> None:
    """`client` with 5,000 live nonces on both sides."""
    clock, keys = Clock(), ring()
    signer = Signer(CLIENT, keys, schemes=["client"])
    table = ReplayTable.heap(17, 300)
    verifier = Verifier("iam", keys, schemes=["client"], replay=table)

    def signed():
        now_ms = clock.tick()
        headers = signer.sign("POST", TARGET, None, None, "", None, nonce(), now_ms)
        return lines(headers), headers, now_ms

    def sealwire(one) -> None:
        verifier.verify("POST", TARGET, one[0], None, None, None, one[2])

    by_hand = HandWritten()
    rows = {
        "sealwire": prepared(1000, signed, sealwire),
        "stdlib + cachetools": prepared(
            1000, signed, lambda one: by_hand.verify("POST", TARGET, lowered(one[1]), one[2])
        ),
    }
    for _ in range(5):  # 5,000 nonces each
        for fill in rows.values():
            fill()
    run("python-all-checks", rounds, rows)


def lowered(headers: dict[str, str]) -> dict[str, str]:
    return headers  # the peer reads them by the very names they were sent under


class HandWritten:
    """The IAM document's five checks, in Python."""

    def __init__(self) -> None:
        self.seen = TTLCache(maxsize=5000, ttl=SKEW_MS / 1000)

    def verify(self, method: str, url: str, headers: dict[str, str], now_ms: int) -> None:
        client = headers.get("X-Client-Id")
        timestamp = headers.get("X-Timestamp")
        request_id = headers.get("X-Request-ID")
        signature = headers.get("X-Signature")
        if not (client and timestamp and request_id and signature):
            raise PermissionError("headers")
        if client != CLIENT:
            raise PermissionError("client")
        if abs(now_ms - int(timestamp)) > SKEW_MS:
            raise PermissionError("timestamp")
        if request_id in self.seen:
            raise PermissionError("replay")
        base = f"{client}:{timestamp}:{method}:{url}:{request_id}"
        expected = hmac.new(SECRET, base.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise PermissionError("signature")
        self.seen[request_id] = True


def claims(rounds: int, live: int, name: str) -> None:
    """A table of this size against the cache, both holding `live` nonces."""
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
            "sealwire": prepared(500, key, lambda one: table.claim(one, expires)),
            "cachetools": prepared(500, key, by_cache),
        },
    )

#!/usr/bin/env python3
"""Compares Sealwire with the reference implementation. Both must create the same signatures for random requests.
Sealwire must accept the signatures of the reference implementation and reject changed requests.

Usage: run.py [REQUESTS PER SCHEME] [SEED]
"""

import base64
import random
import sys
from collections.abc import Callable

import generated
import plain
import sealwire
import tokens
from generated import Sent

PAIR_KEY = b"a pair's key of more than thirty-two bytes"
CLIENT_KEY = "a client's key, with ü and 雪, of 32+ bytes"
RING = sealwire.KeyRing(
    pairs={("agent", "practices"): base64.b64encode(PAIR_KEY).decode()},
    clients={"billing-service": CLIENT_KEY},
)
BYTES = generated.TARGET + "".join(map(chr, range(0x80, 0x100)))
# The verifiers of `pairwise` and `client` accept targets with bytes that are not ASCII. The verifier of
# `message` accepts only ASCII (RFC 9421 section 2.2.6), and all signers create only ASCII targets.
SCHEMES: dict[str, tuple[Callable[[Sent], plain.Headers], str]] = {
    "message": (lambda sent: plain.message_headers(sent, PAIR_KEY), generated.TARGET),
    "pairwise": (lambda sent: plain.pairwise_headers(sent, PAIR_KEY), BYTES),
    "client": (lambda sent: plain.client_headers(sent, CLIENT_KEY.encode()), BYTES),
}

VERIFIERS = {
    scheme: sealwire.Verifier(
        "practices",
        RING,
        schemes=[scheme],
        trust_unsigned_user_id=True,
        authorities="any",
        replay=sealwire.ReplayTable.heap(accept_older=True),
    )
    for scheme in SCHEMES
}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    choose = random.Random(seed)
    for scheme, (plainly, alphabet) in SCHEMES.items():
        for at in range(count):
            sent = generated.sent(choose, alphabet if at % 2 else generated.TARGET)
            try:
                compare(scheme, sent, plainly(sent), choose)
            except BaseException:
                print(f"seed {seed}, {scheme} request {at}: {str(sent)[:2000]}", file=sys.stderr)
                raise
    issued = tokens.compare(choose, count)
    print(
        f"    differential: Python: {count} requests per scheme and {issued} tokens, both ways (seed {seed})"
    )


def compare(scheme: str, sent: Sent, by_hand: plain.Headers, choose: random.Random) -> None:
    if sent.target.isascii():
        expected = {name.lower(): value for name, value in by_hand}
        assert {name.lower(): value for name, value in signed(scheme, sent).items()} == expected, (
            "signed differently"
        )
    verifier = VERIFIERS[scheme]
    assert verdict(verifier, sent, by_hand) is None, "the reference signature was rejected"
    changed, headers = damaged(scheme, sent, by_hand, choose)
    assert verdict(verifier, changed, headers) is not None, (
        f"a changed request was accepted: {changed} {headers}"
    )


def signed(scheme: str, sent: Sent) -> dict[str, str]:
    name = "billing-service" if scheme == "client" else "agent"
    signer = sealwire.Signer(name, RING, schemes=[scheme], cover=["x-trace", "content-type"])
    return signer.sign(
        sent.method,
        sent.url,
        sent.fields,
        sent.body,
        receiver="practices",
        user_id=sent.user_id,
        nonce=sent.nonce,
        now_ms=sent.now_ms,
        as_sent=True,  # the URL must not be normalised
    )


def verdict(verifier: sealwire.Verifier, sent: Sent, headers: plain.Headers) -> str | None:
    """Returns the rejection reason, or None if the request was accepted."""
    lines = [(name.encode(), value.encode("latin-1")) for name, value in [*sent.fields, *headers]]
    target, authority = sent.target.encode("latin-1"), sent.authority
    try:
        verifier.begin(sent.method, target, lines, authority, "https", now_ms=sent.now_ms).prove(
            sent.body
        ).settle(True, now_ms=sent.now_ms)
    except sealwire.Rejected as rejected:
        return rejected.reason
    return None


def damaged(
    scheme: str, sent: Sent, headers: plain.Headers, choose: random.Random
) -> tuple[Sent, plain.Headers]:
    """Changes one signed part of a request."""
    part = choose.choice(["method", "target", "signature", "body"])
    if part == "method":
        other = "PUT" if sent.method.upper() != "PUT" else "POST"
        return Sent(**{**vars(sent), "method": other}), headers
    if part == "target":
        return Sent(**{**vars(sent), "target": f"/x{sent.target}"}), headers
    if part == "body" and scheme != "client":
        return Sent(**{**vars(sent), "body": sent.body[:-1] if sent.body else b"\0"}), headers
    return sent, [
        [name, other_mac(value) if "Signature" in name and "Input" not in name else value]
        for name, value in headers
    ]


def other_mac(value: str) -> str:
    """Replaces the first digit of the MAC with another valid digit."""
    at = value.index(":") + 1 if ":" in value else 0
    return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]


if __name__ == "__main__":
    main()

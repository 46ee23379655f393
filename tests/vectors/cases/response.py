"""Test vectors for signed responses. The caller verifies who signed the response, and that the response
belongs to its request."""

import base64

from reference import message as scheme

from . import client, message, pairwise
from .common import (
    CLIENT_ID,
    NOW,
    OTHER_SECRET,
    PAIR_SECRET,
    PAIR_SECRET_2,
    body_of,
    pair,
    rejected,
    replaced,
    request,
    ring,
    signing_input,
    without,
)

ABOUT = "Signed responses. The signature covers the status, the digest, and the signature header of the request. Its tag is sealwire-answer."
BODY = '{"data": null}'
RING = ring([pair("agent", "practices"), pair("agent", "meals", OTHER_SECRET)])
INPUT, SIGNATURE, DIGEST = "signature-input", "signature", "content-digest"
# The component that binds a response to its request: the header with the signature of the request.
BOUND = {
    "message": '"signature";req;key="sealwire"',
    "pairwise": '"x-service-signature";req',
    "client": '"x-signature";req',
}


def cases():
    yield from signing()
    yield from accepting()
    yield from refusing()


def asked(signed_in="message", **more):
    """Signs a request. Returns the sender, the receiver, the scheme and the request."""
    sign = {"message": message.sign, "pairwise": pairwise.sign, "client": client.sign}[signed_in]
    made = sign(**more)
    target = made.get("target", "/graphql")
    exchange = {"caller": "agent", "service": "practices", "scheme": signed_in}
    if signed_in == "client":
        exchange |= {"caller": CLIENT_ID, "service": ""}
    return exchange | {"request": request("POST", target, made["headers"], made.get("body"))}


def respond(
    exchange,
    status=200,
    body=BODY,
    keyid="practices/agent#1",
    secret=None,
    tag="sealwire-answer",
    components=None,
    alg="hmac-sha256",
):
    """Returns a signed response. The arguments can replace all parts."""
    digest = ["Content-Digest", scheme.content_digest(body_of(body))]
    covered = components or ['"@status"', '"content-digest"', BOUND[exchange["scheme"]]]
    parameters = f';created={NOW};alg="{alg}";keyid="{keyid}";tag="{tag}"'
    data = scheme.base(
        {"status": status, "headers": [digest], "request": exchange["request"]}, covered, parameters
    )
    mac = scheme.signature(secret or base64.b64decode(PAIR_SECRET), data)
    headers = [
        digest,
        ["Signature-Input", f"sealwire={scheme.inner_list(covered, parameters)}"],
        ["Signature", f"sealwire={mac}"],
    ]
    return {
        "status": status,
        "body": body,
        "base": data,
        "mac_hex": base64.b64decode(mac[1:-1]).hex(),
        "headers": headers,
    }


def signed(name, why, exchange, keys=RING, **more):
    made = respond(exchange, **more)
    return {
        "name": f"response-{name}",
        "why": why,
        "keys": keys,
        "sign_response": exchange
        | {"status": made["status"], "body": made["body"] or "", "now_ms": NOW * 1000 + 999},
        **signing_input(made["base"]),
        "mac_hex": made["mac_hex"],
        "headers": made["headers"],
    }


def case(name, why, expect, *, exchange=None, seen_by=None, change=None, sent=(), keys=RING, **more):
    """Returns a test case with a response to the request in `exchange`. If `seen_by` is given, the caller
    sent the request in `seen_by` instead."""
    exchange = exchange or asked()
    made = respond(exchange, **more)
    arrives = {"status": made["status"], "body": made["body"]} | dict(sent)
    headers = change(made["headers"]) if change else made["headers"]
    return {
        "name": f"response-{name}",
        "why": why,
        "keys": keys,
        "verify_response": (seen_by or exchange) | {"response": arrives | {"headers": headers}},
        **signing_input(made["base"]),
        "mac_hex": made["mac_hex"],
        "expect": expect,
    }


def yes(key_version=1):
    return {"verified": {"server_time_s": NOW, "key_version": key_version}}


def no(reason, field=None):
    return rejected("message", reason, field)


CLIENTS = ring(
    clients=[{"id": CLIENT_ID, "primary": 1, "versions": [{"version": 1, "secret": client.SECRET_2}]}]
)
OF_CLIENT = {"keyid": f"{CLIENT_ID}#1", "secret": client.SECRET_2.encode()}


def signing():
    yield signed("sign-to-message", "a response to a message request", asked())
    yield signed("sign-to-pairwise", "a response to a pairwise request", asked("pairwise"))
    to_client = asked("client", secret=client.SECRET_2)
    yield signed(
        "sign-to-client",
        "a response to a client, signed with the client's key",
        to_client,
        CLIENTS,
        **OF_CLIENT,
    )
    yield signed(
        "sign-empty-body",
        "the digest is always covered, so an empty body is signed too",
        asked(),
        status=204,
        body="",
    )
    yield signed(
        "sign-rejection",
        "a rejection can be signed, so that a client can correct its clock",
        asked(),
        status=401,
        body="Request signature not accepted",
    )
    rotated = ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=2)])
    second = base64.b64decode(PAIR_SECRET_2)
    yield signed(
        "sign-with-primary",
        "the primary version of the key is used for the signature, regardless of the version used for the request",
        asked(),
        rotated,
        keyid="practices/agent#2",
        secret=second,
    )


def accepting():
    yield case("to-message", "a response to a message request", yes())
    yield case("to-pairwise", "a response to a pairwise request", yes(), exchange=asked("pairwise"))
    to_client = asked("client", secret=client.SECRET_2)
    yield case("to-client", "a response to a client", yes(), exchange=to_client, keys=CLIENTS, **OF_CLIENT)
    yield case("empty-body", "an empty body has a digest too", yes(), status=204, body="")
    rotated = ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=1)])
    second = base64.b64decode(PAIR_SECRET_2)
    yield case(
        "rotated",
        "signed with a version in the key ring",
        yes(2),
        keys=rotated,
        keyid="practices/agent#2",
        secret=second,
    )


def refusing():
    status = {"sent": {"status": 500}}
    yield case("status-changed", "a changed status", no("signature_mismatch"), **status)
    yield case("body-changed", "a changed body", no("body_digest_mismatch"), sent={"body": "{}"})
    yield case(
        "wrong-secret",
        "a response signed with an unknown secret",
        no("signature_mismatch"),
        secret=b"w" * 20 + b"rong" * 5,
    )
    other = asked(nonce="another-request")
    yield case(
        "to-another-request",
        "a response to another request of the same caller",
        no("signature_mismatch"),
        seen_by=other,
    )
    yield case(
        "unsigned", "a response without a signature", no("missing_headers", INPUT), change=lambda headers: []
    )
    yield case(
        "signature-stripped",
        "one of the two signature headers is missing",
        no("missing_headers", SIGNATURE),
        change=lambda headers: without(headers, SIGNATURE),
    )
    yield case(
        "request-returned",
        "a signature with the tag for requests is ignored",
        no("missing_headers", INPUT),
        tag="sealwire",
    )
    yield case(
        "from-another-service",
        "a response signed by another known service",
        no("unknown_client"),
        keyid="meals/agent#1",
        secret=base64.b64decode(OTHER_SECRET),
    )
    yield case(
        "direction-turned",
        "a key id for the other direction",
        no("unknown_client"),
        keyid="agent/practices#1",
    )
    yield case(
        "version-unknown",
        "a version that is not in the key ring",
        no("unknown_key_version"),
        keyid="practices/agent#7",
    )
    yield case(
        "version-not-named",
        "a key id must contain a version",
        no("missing_key_version", INPUT),
        keyid="practices/agent",
    )
    yield case(
        "alg-other", "the algorithm must be hmac-sha256", no("malformed_header", INPUT), alg="hmac-sha512"
    )
    bound = BOUND["message"]
    yield case(
        "status-not-covered",
        "the status is not covered",
        no("missing_coverage", "@status"),
        components=['"content-digest"', bound],
    )
    yield case(
        "digest-not-covered",
        "the digest is not covered",
        no("missing_coverage", DIGEST),
        components=['"@status"', bound],
    )
    yield case(
        "request-not-covered",
        "the signature of the request is not covered",
        no("missing_coverage", SIGNATURE),
        components=['"@status"', '"content-digest"'],
    )
    yield case(
        "digest-changed",
        "a changed body with a matching digest",
        no("signature_mismatch"),
        sent={"body": "{}"},
        change=lambda headers: replaced(headers, DIGEST, scheme.content_digest(b"{}")),
    )

"""Test vectors for requests with signatures of several schemes. A verifier checks only one of the
signatures."""

from . import client, message, pairwise
from .common import CLIENT_ID, NOW, OTHER_SECRET, pair, rejected, ring
from .common import client as client_keys
from .common import request as request_of

ABOUT = "Requests with signatures of several schemes. The verifier checks only the first scheme in its list that is present."
LONG = "a client secret of more than thirty-two bytes"
RING = ring([pair("agent", "practices")], [client_keys(CLIENT_ID, LONG)])
BOTH = ["message", "pairwise"]
ALL = ["message", "pairwise", "client"]


def cases():
    yield from signing()
    yield from accepting()
    yield from refusing()
    yield from replaying()


def case(name, why, expect, headers, *, schemes=BOTH, replay=None, body=message.BODY, now_ms=NOW * 1000):
    return {
        "name": f"multi-{name}",
        "why": why,
        "keys": RING,
        "verifier": {"service": "practices", "schemes": schemes, "authorities": ["practices.internal"]}
        | ({"replay": replay} if replay else {}),
        "now_ms": now_ms,
        "request": request_of("POST", "/graphql", headers, body),
        "expect": expect,
    }


def of_message(**more):
    return message.sign(**more)["headers"]


def of_pairwise(**more):
    return pairwise.sign(body=message.BODY, **more)["headers"]


def of_client(**more):
    return client.sign(target="/graphql", secret=LONG, request_id=message.NONCE, **more)["headers"]


def signing():
    asked = {
        "schemes": BOTH,
        "sender": "agent",
        "receiver": "practices",
        "user_id": None,
        "now_ms": NOW * 1000,
        "nonce": message.NONCE,
    }
    yield {
        "name": "multi-sign-message-and-pairwise",
        "why": "migration from pairwise to message: each request has both signatures",
        "keys": RING,
        "sign": asked | {"request": request_of("POST", "/graphql", [], message.BODY)},
        "headers": of_message() + of_pairwise(),
    }
    asked = asked | {"schemes": ALL, "client_id": CLIENT_ID}
    yield {
        "name": "multi-sign-all",
        "why": "signatures of all three schemes, each with its own key",
        "keys": RING,
        "sign": asked | {"request": request_of("POST", "/graphql", [], message.BODY)},
        "headers": of_message() + of_pairwise() + of_client(),
    }


def accepting():
    every = of_message() + of_pairwise() + of_client()
    yield case(
        "both-message-preferred",
        "the verifier checks the first accepted scheme that the request uses",
        message.yes(),
        of_message() + of_pairwise(),
    )
    yield case(
        "both-pairwise-preferred",
        "the verifier's order of schemes applies, not the sender's",
        pairwise.yes(),
        of_message() + of_pairwise(),
        schemes=["pairwise", "message"],
    )
    yield case("pairwise-only", "a sender before the migration", pairwise.yes(), of_pairwise())
    yield case("message-only", "a sender after the migration", message.yes(), of_message())
    yield case(
        "client-among-three",
        "a client request to a verifier that accepts all three schemes",
        client.yes(nonce=message.NONCE),
        of_client(),
        schemes=ALL,
    )
    yield case(
        "all-three-sent",
        "only one of three signatures is checked",
        message.yes(),
        every,
        schemes=ALL,
    )
    yield case(
        "other-scheme-ignored",
        "schemes that are not accepted are ignored",
        message.yes(),
        [*of_message(), ["X-Service-Name", "nobody"]],
        schemes=["message"],
    )


def refusing():
    forged = of_message(secret=OTHER_SECRET)
    yield case(
        "no-fall-back",
        "a wrong message signature is rejected despite a valid pairwise signature",
        rejected("message", "signature_mismatch"),
        forged + of_pairwise(),
    )
    yield case(
        "no-fall-back-from-malformed",
        "a malformed message signature is rejected despite a valid pairwise signature",
        rejected("message", "missing_headers", "signature"),
        [["Signature-Input", of_message()[-2][1]], *of_pairwise()],
    )
    yield case(
        "stripped-to-pairwise",
        "a request is accepted without its message signature, because its pairwise signature is valid",
        pairwise.yes(),
        of_pairwise(),
    )
    yield case(
        "stripped-and-pairwise-not-accepted",
        "after the migration, a request with only the old signature is rejected",
        rejected("message", "missing_headers", "signature-input"),
        of_pairwise(),
        schemes=["message"],
    )
    yield case(
        "none-sent",
        "the missing headers are those of the most preferred scheme",
        rejected("message", "missing_headers", "signature-input"),
        [],
    )
    yield case(
        "none-sent-pairwise-preferred",
        "the public message is that of the most preferred scheme",
        rejected("pairwise", "missing_headers", "x-service-name"),
        [],
        schemes=["pairwise", "message"],
    )


def replaying():
    first = case("", "", message.yes(sender=CLIENT_ID), client_message(), schemes=["message", "client"])
    again = case("", "", rejected("client", "replayed"), of_client(), schemes=["message", "client"])
    yield {
        "name": "multi-one-nonce-in-two-schemes",
        "why": "a request with two signatures is accepted only once, even if one signature is removed, because both use the same nonce",
        "keys": RING,
        "verifier": first["verifier"] | {"replay": {"slots": 64}},
        "steps": [{key: step[key] for key in ("now_ms", "request", "expect")} for step in (first, again)],
    }


def client_message():
    """Returns the headers of a request that a client signs with `message` and `client`. The nonce and the
    request id are the same."""
    return of_message(keyid=f"{CLIENT_ID}#1", secret_bytes=LONG.encode()) + of_client()

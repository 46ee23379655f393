"""Test vectors for the scheme `client`: signed requests, accepted requests, and simple rejections."""

from reference import client as scheme

from .common import (
    CLIENT_ID,
    CLIENT_SECRET,
    NOW,
    REQUEST_ID,
    accepted,
    client,
    rejected,
    request,
    ring,
    signing_input,
)

ABOUT = "The `client` scheme: X-Client-Id, X-Timestamp (milliseconds), X-Request-ID, X-Signature."
NOW_MS = NOW * 1000
SKEW_MS = 300_000
RING = ring(clients=[client(CLIENT_ID)], allow_weak=True)
SECRET_2 = "the-secret-after-my-shared-secret"
CLIENT, STAMP, REQUEST, SIGNATURE = "x-client-id", "x-timestamp", "x-request-id", "x-signature"
REFRESH = "/auth/user/refresh-session"
IDS_OF_EXISTING_CLIENTS = {
    "base64": ("q83vEjRWeJCrze8+/w==", "random bytes in Base64"),
    "braces": ("{550E8400-E29B-41D4-A716-446655440000}", "a UUID in braces"),
    "punctuation": (
        "!\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~",
        "all visible punctuation except the separator",
    ),
}


def cases():
    yield from signing()
    yield from accepting()
    yield from windows()
    yield from keys()


def case(name, why, expect, *, now_ms=NOW_MS, keys=RING, verifier=(), change=None, sent=(), **signed):
    """Returns a test case with a request that a client signs. `sent` and `change` modify the request after it
    is signed."""
    made = sign(**signed)
    arrives = {"method": made["method"], "target": made["target"], "body": None} | dict(sent)
    headers = change(made["headers"]) if change else made["headers"]
    return {
        "name": f"client-{name}",
        "why": why,
        "keys": keys,
        "verifier": {"service": "iam", "schemes": ["client"]} | dict(verifier),
        "now_ms": now_ms,
        "request": request(
            arrives["method"], arrives["target"], headers, arrives["body"], authority="iam.internal"
        ),
        **signing_input(made["base"]),
        "mac_hex": made["mac"],
        "expect": expect,
    }


def sign(
    method="POST",
    target=REFRESH,
    client_id=CLIENT_ID,
    timestamp=NOW_MS,
    request_id=REQUEST_ID,
    secret=CLIENT_SECRET,
):
    data = scheme.base(client_id, str(timestamp), method, target, request_id)
    mac = scheme.signature(secret.encode(), data)
    headers = scheme.headers(client_id, str(timestamp), request_id, mac)
    return {"method": method, "target": target, "base": data, "mac": mac, "headers": headers}


def yes(key_version=1, nonce=REQUEST_ID, sender=CLIENT_ID):
    return accepted("client", sender, key_version, None, nonce)


def no(reason, field=None):
    return rejected("client", reason, field)


def signing():
    yield signed("sign-design-example-post", "the first worked example in the design")
    yield signed(
        "sign-design-example-get",
        "the second worked example in the design, where the query is covered",
        method="GET",
        target="/api/users?page=2",
    )
    yield signed("sign-method-as-given", "the method is signed as sent", method="post")
    for kind, (request_id, why) in IDS_OF_EXISTING_CLIENTS.items():
        yield signed(f"sign-request-id-{kind}", why, request_id=request_id)
    rotated = ring(clients=[client(CLIENT_ID, CLIENT_SECRET, SECRET_2, primary=2)], allow_weak=True)
    yield signed(
        "sign-with-primary",
        "the primary version of the key is used for the signature",
        keys=rotated,
        secret=SECRET_2,
    )


def signed(name, why, *, keys=RING, request_id=REQUEST_ID, **more):
    made = sign(request_id=request_id, **more)
    asked = {"schemes": ["client"], "client_id": CLIENT_ID, "now_ms": NOW_MS, "nonce": request_id}
    return {
        "name": f"client-{name}",
        "why": why,
        "keys": keys,
        "sign": asked | {"request": request(made["method"], made["target"], [], authority="iam.internal")},
        **signing_input(made["base"]),
        "mac_hex": made["mac"],
        "headers": made["headers"],
    }


def accepting():
    yield case("design-example-post", "the first worked example in the design", yes())
    yield case(
        "design-example-get",
        "the second worked example in the design, where the query is part of the URL",
        yes(),
        method="GET",
        target="/api/users?page=2",
    )
    yield case(
        "query-changed",
        "the query is covered",
        no("signature_mismatch"),
        method="GET",
        target="/api/users?page=2",
        sent={"target": "/api/users?page=3"},
    )
    yield case(
        "empty-query",
        "a question mark without a query is part of the URL",
        yes(),
        method="GET",
        target="/api/users?",
    )
    yield case(
        "percent-encoded-slash", "the URL is signed as sent", yes(), method="GET", target="/files/a%2Fb"
    )
    yield case("colon-in-url", "a URL may contain a colon", yes(), method="GET", target="/files/a:b?c=d:e")
    yield case(
        "latin-1-url", "bytes above 0x7f are signed unchanged", yes(), method="GET", target="/caf\u00e9"
    )
    yield case(
        "lower-case-method",
        "methods are case-sensitive and signed as sent",
        yes(),
        method="post",
    )
    yield case(
        "header-names-any-case",
        "field names are case-insensitive",
        yes(),
        change=lambda headers: [[name.lower(), value] for name, value in headers],
    )
    yield case(
        "known-limit-body-unsigned",
        "known limit: the body is not covered",
        yes(),
        sent={"body": '{"token": "swapped"}'},
    )
    yield case("shortest-request-id", "one character", yes(nonce="1"), request_id="1")
    for kind, (request_id, why) in IDS_OF_EXISTING_CLIENTS.items():
        yield case(f"request-id-{kind}", why, yes(nonce=request_id), request_id=request_id)
    longest = "aZ0/+=" * 21 + "~!"
    yield case(
        "longest-request-id",
        "128 characters",
        yes(nonce=longest),
        request_id=longest,
    )
    plain = ring(clients=[client("mail+billing@eu", "a secret of more than thirty-two bytes")])
    yield case(
        "client-id-punctuation",
        "a client id may contain most visible ASCII characters",
        yes(sender="mail+billing@eu"),
        keys=plain,
        client_id="mail+billing@eu",
        secret="a secret of more than thirty-two bytes",
    )
    unicode = ring(clients=[client(CLIENT_ID, "pa\u00dfwort-\u2603-and-some-more-of-it-to-be-long")])
    yield case(
        "secret-beyond-ascii",
        "the secret is encoded as UTF-8",
        yes(),
        keys=unicode,
        secret="pa\u00dfwort-\u2603-and-some-more-of-it-to-be-long",
    )


def windows():
    def at(name, why, milliseconds_later, expect, **more):
        return case(name, why, expect, now_ms=NOW_MS + milliseconds_later, **more)

    yield at(
        "window-past-boundary", "a request that is 300 000 ms old is still in the window", SKEW_MS, yes()
    )
    yield at("window-stale-by-one", "a request that is 300 001 ms old", SKEW_MS + 1, no("stale_timestamp"))
    yield at("window-future-boundary", "a timestamp 300 000 ms ahead is still in the window", -SKEW_MS, yes())
    yield at("window-future-by-one", "a timestamp 300 001 ms ahead", -SKEW_MS - 1, no("future_timestamp"))
    yield at(
        "window-own-skew",
        "a verifier can set its own clock skew",
        30_001,
        no("stale_timestamp"),
        verifier={"max_clock_skew_ms": 30_000},
    )
    yield at(
        "window-own-skew-boundary",
        "every window includes its boundary",
        -30_000,
        yes(),
        verifier={"max_clock_skew_ms": 30_000},
    )
    yield case(
        "window-epoch", "a timestamp in the first millisecond of 1970", no("stale_timestamp"), timestamp=0
    )
    yield case(
        "window-sixteen-digits",
        "the longest valid timestamp causes no overflow",
        no("future_timestamp"),
        timestamp=9999999999999999,
    )
    yield case(
        "window-seconds-by-mistake",
        "a timestamp in seconds instead of milliseconds",
        no("stale_timestamp"),
        timestamp=NOW,
    )


def keys():
    both = ring(clients=[client(CLIENT_ID, CLIENT_SECRET, SECRET_2, primary=2)], allow_weak=True)
    yield case("rotation-primary", "signed with the primary version", yes(2), keys=both, secret=SECRET_2)
    yield case("rotation-old-still-listed", "signed with the previous version", yes(1), keys=both)
    retired = ring(
        clients=[{"id": CLIENT_ID, "primary": 2, "versions": [{"version": 2, "secret": SECRET_2}]}]
    )
    yield case(
        "rotation-retired", "the old version is not in the key ring", no("signature_mismatch"), keys=retired
    )
    two = ring(clients=[client(CLIENT_ID), client("mailer", SECRET_2)], allow_weak=True)
    yield case(
        "two-clients",
        "each client has its own secret",
        yes(sender="mailer"),
        keys=two,
        client_id="mailer",
        secret=SECRET_2,
    )
    yield case(
        "secret-of-another-client",
        "signed with the secret of another client",
        no("signature_mismatch"),
        keys=two,
        secret=SECRET_2,
    )
    yield case("unknown-client", "no such client", no("unknown_client"), client_id="stranger")
    yield case(
        "unknown-client-by-case",
        "ids are compared exactly",
        no("unknown_client"),
        client_id="Billing-Service",
    )
    yield case(
        "sender-not-allowed",
        "a known client that may not use this method",
        no("sender_not_allowed"),
        verifier={"senders": {CLIENT_ID: {"methods": ["GET"]}}},
    )

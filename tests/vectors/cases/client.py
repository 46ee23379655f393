"""`client` cases: signing, accepting, and each of the five checks failing."""

from reference import client as scheme

from .common import (
    CLIENT_ID,
    CLIENT_SECRET,
    NOW,
    REQUEST_ID,
    accepted,
    client,
    flipped,
    rejected,
    replaced,
    request,
    ring,
    signing_input,
    without,
)

ABOUT = "The `client` scheme: X-Client-Id, X-Timestamp (milliseconds), X-Request-ID, X-Signature."
NOW_MS = NOW * 1000
SKEW_MS = 300_000
RING = ring(clients=[client(CLIENT_ID)], allow_weak=True)
SECRET_2 = "the-secret-after-my-shared-secret"
CLIENT, STAMP, REQUEST, SIGNATURE = "x-client-id", "x-timestamp", "x-request-id", "x-signature"
REFRESH = "/auth/user/refresh-session"


def cases():
    yield from signing()
    yield from accepting()
    yield from windows()
    yield from keys()
    yield from absent_and_doubled()
    yield from malformed()
    yield from tampered()
    yield from order_of_checks()
    yield from attacks()


def case(name, why, expect, *, now_ms=NOW_MS, keys=RING, verifier=(), change=None, sent=(), **signed):
    """A request that an honest client signed; then `sent` and `change` alter what arrives."""
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
    yield signed("sign-design-example-post", "the design's first worked example")
    yield signed(
        "sign-design-example-get",
        "the design's second: the query is covered",
        method="GET",
        target="/api/users?page=2",
    )
    yield signed("sign-method-as-given", "the method is signed as it is sent", method="post")
    rotated = ring(clients=[client(CLIENT_ID, CLIENT_SECRET, SECRET_2, primary=2)], allow_weak=True)
    yield signed("sign-with-primary", "the primary version signs", keys=rotated, secret=SECRET_2)


def signed(name, why, *, keys=RING, **more):
    made = sign(**more)
    asked = {"schemes": ["client"], "client_id": CLIENT_ID, "now_ms": NOW_MS, "nonce": REQUEST_ID}
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
    yield case("design-example-post", "the design's first worked example", yes())
    yield case(
        "design-example-get",
        "the design's second: the query is part of the URL",
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
        "a question mark with nothing after it is still part of the URL",
        yes(),
        method="GET",
        target="/api/users?",
    )
    yield case(
        "percent-encoded-slash", "the URL is signed as sent", yes(), method="GET", target="/files/a%2Fb"
    )
    yield case("colon-in-url", "a colon in the URL is honest", yes(), method="GET", target="/files/a:b?c=d:e")
    yield case(
        "latin-1-url", "bytes above 0x7f are signed as they are", yes(), method="GET", target="/caf\u00e9"
    )
    yield case(
        "lower-case-method",
        "methods are case-sensitive: what is sent is what is signed",
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
    longest = "aZ0._-" * 21 + "aZ"
    yield case(
        "longest-request-id",
        "128 characters, every kind there may be",
        yes(nonce=longest),
        request_id=longest,
    )
    plain = ring(clients=[client("mail+billing@eu", "a secret of more than thirty-two bytes")])
    yield case(
        "client-id-punctuation",
        "a client id may hold most visible characters",
        yes(sender="mail+billing@eu"),
        keys=plain,
        client_id="mail+billing@eu",
        secret="a secret of more than thirty-two bytes",
    )
    unicode = ring(clients=[client(CLIENT_ID, "pa\u00dfwort-\u2603-and-some-more-of-it-to-be-long")])
    yield case(
        "secret-beyond-ascii",
        "the secret is its UTF-8 bytes",
        yes(),
        keys=unicode,
        secret="pa\u00dfwort-\u2603-and-some-more-of-it-to-be-long",
    )


def windows():
    def at(name, why, milliseconds_later, expect, **more):
        return case(name, why, expect, now_ms=NOW_MS + milliseconds_later, **more)

    yield at("window-past-boundary", "300 000 ms old is still in the window", SKEW_MS, yes())
    yield at("window-stale-by-one", "300 001 ms old", SKEW_MS + 1, no("stale_timestamp"))
    yield at("window-future-boundary", "300 000 ms ahead is still in the window", -SKEW_MS, yes())
    yield at("window-future-by-one", "300 001 ms ahead", -SKEW_MS - 1, no("future_timestamp"))
    yield at(
        "window-own-skew",
        "maxClockSkew is the verifier's to set",
        30_001,
        no("stale_timestamp"),
        verifier={"max_clock_skew_ms": 30_000},
    )
    yield at(
        "window-own-skew-boundary",
        "inclusive at every size",
        -30_000,
        yes(),
        verifier={"max_clock_skew_ms": 30_000},
    )
    yield case("window-epoch", "the first millisecond of 1970", no("stale_timestamp"), timestamp=0)
    yield case(
        "window-sixteen-digits",
        "the longest number there may be overflows nothing",
        no("future_timestamp"),
        timestamp=9999999999999999,
    )
    yield case(
        "window-seconds-by-mistake", "seconds where milliseconds belong", no("stale_timestamp"), timestamp=NOW
    )


def keys():
    both = ring(clients=[client(CLIENT_ID, CLIENT_SECRET, SECRET_2, primary=2)], allow_weak=True)
    yield case("rotation-primary", "signed with the primary", yes(2), keys=both, secret=SECRET_2)
    yield case("rotation-old-still-listed", "signed with the version before", yes(1), keys=both)
    retired = ring(
        clients=[{"id": CLIENT_ID, "primary": 2, "versions": [{"version": 2, "secret": SECRET_2}]}]
    )
    yield case("rotation-retired", "the old version is gone", no("signature_mismatch"), keys=retired)
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
        "another client's secret does not serve",
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
        "known, but not for this method",
        no("sender_not_allowed"),
        verifier={"senders": {CLIENT_ID: {"methods": ["GET"]}}},
    )


def absent_and_doubled():
    for name in (CLIENT, STAMP, REQUEST, SIGNATURE):
        short = name.removeprefix("x-")
        yield case(
            f"missing-{short}",
            f"no {name}",
            no("missing_headers", name),
            change=lambda headers, name=name: without(headers, name),
        )
        yield case(
            f"empty-{short}",
            f"an empty {name} counts as absent",
            no("missing_headers", name),
            change=lambda headers, name=name: replaced(headers, name, ""),
        )
        yield case(
            f"doubled-{short}",
            f"{name} twice, even with one value",
            no("duplicate_header", name),
            change=lambda headers, name=name: (
                headers + [header for header in headers if header[0].lower() == name]
            ),
        )
    yield case("missing-all", "not signed at all", no("missing_headers", CLIENT), change=lambda headers: [])


def malformed():
    def with_header(name, why, header, value):
        return case(
            name, why, no("malformed_header", header), change=lambda headers: replaced(headers, header, value)
        )

    for kind, (value, why) in {
        "word": ("soon", "not a number"),
        "nan": ("NaN", "a difference with NaN is never too large"),
        "infinity": ("Infinity", "another number of JavaScript's"),
        "signed": ("+1712419200000", "a sign"),
        "negative": ("-1712419200000", "before 1970"),
        "fraction": ("1712419200000.5", "a fraction"),
        "exponent": ("1.7124192e12", "an exponent"),
        "hexadecimal": ("0x18eb4f5a400", "what Number() takes"),
        "leading-zero": ("01712419200000", "two spellings of one number"),
        "seventeen-digits": ("17124192000000000", "longer than any time there is"),
        "two-values": ("1712419200000, 1712419200000", "a list, as a proxy joins doubled headers"),
    }.items():
        yield with_header(f"timestamp-{kind}", why, STAMP, value)
    for kind, (value, why) in {
        "colon": ("billing:service", "the separator inside an id"),
        "comma": ("billing-service, billing-service", "a list, as a proxy joins doubled headers"),
        "too-long": ("b" * 129, "129 characters"),
        "non-ascii": ("billing-s\u00e9rvice", "a byte above 0x7f"),
        "space": ("billing service", "a space"),
    }.items():
        yield with_header(f"client-id-{kind}", why, CLIENT, value)
    for kind, (value, why) in {
        "colon": (f"b:{REQUEST_ID}", "the separator inside an id"),
        "too-long": ("r" * 129, "129 characters"),
        "slash": ("a/b", "not of the grammar"),
        "comma": (f"{REQUEST_ID}, {REQUEST_ID}", "a list, as a proxy joins doubled headers"),
        "non-ascii": ("550e8400-\u00e9", "a byte above 0x7f"),
        "space": ("550e 8400", "a space"),
    }.items():
        yield with_header(f"request-id-{kind}", why, REQUEST, value)
    good = sign()["mac"]
    for kind, (value, why) in {
        "words": ("not-a-signature", "not hex at all"),
        "upper-case": (good.upper(), "upper-case hex: a second spelling of one MAC"),
        "short": (good[:-2], "62 digits"),
        "long": (good + "00", "66 digits"),
        "trailing-garbage": (good + "zz", "what Node's hex decoder cuts off"),
        "non-ascii": ("\u00e9" + good[1:], "a byte above 0x7f, which must not raise"),
    }.items():
        yield with_header(f"signature-{kind}", why, SIGNATURE, value)
    yield case(
        "method-with-colon",
        "the separator inside the method: not a token",
        no("malformed_header", "@method"),
        sent={"method": "POST:/x"},
    )
    yield case(
        "target-absolute",
        "an absolute URL where a path belongs",
        no("malformed_header", "@path"),
        sent={"target": "http://iam.internal/auth"},
    )


def tampered():
    good = sign()["mac"]
    yield case(
        "mac-first-bit-flipped",
        "one bit at the start",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, SIGNATURE, flipped(good)),
    )
    yield case(
        "mac-last-bit-flipped",
        "one bit at the end",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, SIGNATURE, flipped(good, 63)),
    )
    yield case(
        "method-changed", "signed as POST, sent as GET", no("signature_mismatch"), sent={"method": "GET"}
    )
    yield case(
        "method-other-case", "signed as POST, sent as post", no("signature_mismatch"), sent={"method": "post"}
    )
    yield case("path-changed", "another path", no("signature_mismatch"), sent={"target": "/auth/admin"})
    yield case(
        "request-id-changed",
        "a fresh id on an old signature, as a proxy does that replaces X-Request-ID",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, REQUEST, "another-id"),
    )
    yield case(
        "timestamp-changed",
        "a fresher timestamp on an old signature",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, STAMP, str(NOW_MS + 1)),
    )
    yield case(
        "body-over-cap",
        "the cap holds though the body is not covered",
        no("body_too_large"),
        sent={"body": "123456789"},
        verifier={"max_body_bytes": 8},
    )


def order_of_checks():
    stale = {"now_ms": NOW_MS + SKEW_MS + 1}
    wrong = lambda headers: replaced(headers, SIGNATURE, "0" * 64)  # noqa: E731
    garbled = lambda headers: replaced(headers, SIGNATURE, "zz")  # noqa: E731
    yield case(
        "order-presence-before-client",
        "a stranger without a signature lacks a header",
        no("missing_headers", SIGNATURE),
        client_id="stranger",
        change=lambda headers: without(headers, SIGNATURE),
    )
    yield case(
        "order-request-id-before-client",
        "a stranger with a bad request id has a bad request id",
        no("malformed_header", REQUEST),
        client_id="stranger",
        change=lambda headers: replaced(headers, REQUEST, "a:b"),
    )
    yield case(
        "order-client-before-timestamp",
        "a stale stranger is a stranger",
        no("unknown_client"),
        client_id="stranger",
        **stale,
    )
    yield case(
        "order-client-before-malformed-timestamp",
        "a stranger's timestamp is not looked at",
        no("unknown_client"),
        client_id="stranger",
        change=lambda headers: replaced(headers, STAMP, "NaN"),
    )
    yield case(
        "order-timestamp-before-signature",
        "stale and wrongly signed is stale",
        no("stale_timestamp"),
        change=wrong,
        **stale,
    )
    yield case(
        "order-timestamp-before-malformed-signature",
        "stale and garbled is stale",
        no("stale_timestamp"),
        change=garbled,
        **stale,
    )


def attacks():
    """Each was tried against the original service and worked."""
    files = {"method": "GET", "target": "/files/a:b"}
    yield case(
        "attack-shifted-colon-into-id",
        "the end of the URL moved into the request id: same base, other URL, fresh id",
        no("malformed_header", REQUEST),
        sent={"target": "/files/a"},
        change=lambda headers: replaced(headers, REQUEST, f"b:{REQUEST_ID}"),
        **files,
    )
    yield case(
        "attack-shifted-colon-into-url",
        "the request id's head moved into the URL",
        no("malformed_header", REQUEST),
        request_id="a:b",
        sent={"target": f"{REFRESH}:a"},
        change=lambda headers: replaced(headers, REQUEST, "b:"),
    )
    yield case(
        "attack-shifted-colon-into-client",
        "the timestamp moved into the client id",
        no("malformed_header", CLIENT),
        change=lambda headers: replaced(headers, CLIENT, f"{CLIENT_ID}:{NOW_MS}"),
    )
    yield case(
        "attack-nan-never-stale",
        "signed with a timestamp that is not a number, days later",
        no("malformed_header", STAMP),
        timestamp="NaN",
        now_ms=NOW_MS + 86_400_000,
    )
    yield case(
        "attack-trailing-garbage",
        "a valid signature with a tail that a lenient decoder drops",
        no("malformed_header", SIGNATURE),
        change=lambda headers: replaced(headers, SIGNATURE, sign()["mac"] + "!!"),
    )
    yield case(
        "attack-post-dated",
        "signed for next year, to be kept until then",
        no("future_timestamp"),
        timestamp=NOW_MS + 31_536_000_000,
    )

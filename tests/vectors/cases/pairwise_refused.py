"""Test vectors for rejected requests of the scheme `pairwise`: missing, repeated and malformed headers, and
modified requests."""

from .common import (
    NOW,
    absent_or_doubled,
    flipped,
    replaced,
    without,
)
from .pairwise import NAME, SIGNATURE, STAMP, case, no, sign, yes


def cases():
    yield from absent_and_doubled()
    yield from malformed()
    yield from tampered()
    yield from order_of_checks()
    yield from attacks()


def absent_and_doubled():
    yield from absent_or_doubled(case, no, (NAME, STAMP, SIGNATURE), "x-service-")
    yield case(
        "missing-all",
        "an unsigned request",
        no("missing_headers", NAME),
        change=lambda headers: [["Content-Type", "application/json"]],
    )
    yield case(
        "doubled-name-differs",
        "a second sender name, which another parser could use",
        no("duplicate_header", NAME),
        change=lambda headers: [*headers, ["x-service-name", "meals"]],
    )


def malformed():
    def with_header(name, why, header, value):
        return case(
            name, why, no("malformed_header", header), change=lambda headers: replaced(headers, header, value)
        )

    stamps = {
        "word": ("soon", "not a number"),
        "nan": ("NaN", "a format that tolerant parsers accept as a number"),
        "signed": ("+1712419200", "a sign"),
        "negative": ("-1712419200", "before 1970"),
        "fraction": ("1712419200.0", "a fraction"),
        "exponent": ("1712e6", "an exponent"),
        "hexadecimal": ("0x6611a980", "a hexadecimal number"),
        "leading-zero": ("01712419200", "a different spelling of the same number"),
        "underscore": ("1_712_419_200", "a format that Python's int() accepts"),
        "seventeen-digits": ("17124192000000000", "more digits than any valid timestamp"),
        "wide-digits": ("\u00ef\u00bc\u0091712419200", "a full-width digit in UTF-8"),
        "two-values": (
            "1712419200, 1712419200",
            "a list, which a proxy creates when it joins repeated headers",
        ),
    }
    for kind, (value, why) in stamps.items():
        yield with_header(f"timestamp-{kind}", why, STAMP, value)
    for kind, (value, why) in {
        "dot": ("agent.practices", "a name that contains the separator of the signing input"),
        "slash": ("agent/practices", "a name that contains the separator of key ids"),
        "space": ("agent 1", "a space"),
        "too-long": ("a" * 65, "65 characters"),
        "non-ascii": ("ag\u00e9nt", "a byte above 0x7f"),
        "control": ("agent\u0001", "a control character"),
    }.items():
        yield with_header(f"name-{kind}", why, NAME, value)
    good = sign()["mac"]
    for kind, (value, why) in {
        "words": ("invalid-signature-here", "not hexadecimal"),
        "upper-case": (good.upper(), "upper-case hex, which is a different spelling of the same MAC"),
        "short": (good[:-2], "62 digits"),
        "long": (good + "00", "66 digits"),
        "odd": (good[:-1], "63 digits"),
        "trailing-garbage": (good + "zz", "trailing characters that Node's hex decoder ignores"),
        "non-ascii": ("\u00e9" + good[1:], "a byte above 0x7f, which must not cause an exception"),
    }.items():
        yield with_header(f"signature-{kind}", why, SIGNATURE, value)
    trusting = {"trust_unsigned_user_id": True}
    doubled = lambda headers: [*headers, ["x-user-id", "admin"]]  # noqa: E731
    yield case(
        "user-id-doubled",
        "a repeated user id, at a verifier that trusts user ids",
        no("duplicate_header", "x-user-id"),
        user_id="user-7",
        change=doubled,
        verifier=trusting,
    )
    yield case(
        "user-id-doubled-not-read",
        "a repeated user id is ignored if the verifier does not trust user ids",
        yes(),
        user_id="user-7",
        change=doubled,
    )
    yield case(
        "user-id-with-space",
        "a user id must be visible ASCII",
        no("malformed_header", "x-user-id"),
        user_id="user 7",
        verifier=trusting,
    )
    yield case(
        "name-longest",
        "a name of 64 characters is valid, but has no key",
        no("unknown_client"),
        sender="a" * 64,
    )
    others = [[f"X-{at}", "1"] for at in range(254)]
    yield case(
        "headers-256", "the maximum number of headers", yes(), change=lambda headers: headers + others[:253]
    )
    yield case(
        "headers-257",
        "one header more than the maximum",
        no("malformed_header"),
        change=lambda headers: headers + others,
    )
    yield case(
        "method-with-space", "not a token", no("malformed_header", "@method"), sent={"method": "PO ST"}
    )
    yield case("method-too-long", "33 bytes", no("malformed_header", "@method"), sent={"method": "A" * 33})
    yield case(
        "target-without-slash",
        "a target that is not a path",
        no("malformed_header", "@path"),
        sent={"target": "graphql"},
    )
    yield case("target-empty", "an empty target", no("malformed_header", "@path"), sent={"target": ""})
    yield case(
        "target-with-space",
        "a space would end the target in the request line",
        no("malformed_header", "@path"),
        sent={"target": "/a b"},
    )


def tampered():
    good = sign()["mac"]
    first = lambda headers: replaced(headers, SIGNATURE, flipped(good))  # noqa: E731
    last = lambda headers: replaced(headers, SIGNATURE, flipped(good, 63))  # noqa: E731
    yield case(
        "mac-first-bit-flipped", "the first bit of the MAC is changed", no("signature_mismatch"), change=first
    )
    yield case(
        "mac-last-bit-flipped", "the last bit of the MAC is changed", no("signature_mismatch"), change=last
    )
    yield case(
        "mac-all-zero",
        "a well-formed signature that is not the MAC",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, SIGNATURE, "0" * 64),
    )
    yield case(
        "method-changed", "signed as POST, sent as PUT", no("signature_mismatch"), sent={"method": "PUT"}
    )
    yield case("path-changed", "another path", no("signature_mismatch"), sent={"target": "/admin"})
    yield case(
        "path-trailing-slash",
        "a proxy that normalises paths invalidates the signature",
        no("signature_mismatch"),
        sent={"target": "/graphql/"},
    )
    yield case(
        "timestamp-changed",
        "a newer timestamp with an old signature",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, STAMP, str(NOW + 1)),
    )


def order_of_checks():
    """Yields requests with two faults. The first failed check determines the reason."""
    stale = {"now_ms": (NOW + 900) * 1000}
    tiny = {"max_body_bytes": 1}
    only_get = {"senders": {"agent": {"methods": ["GET"]}}}
    zero = lambda headers: replaced(headers, SIGNATURE, "0" * 64)  # noqa: E731
    yield case(
        "order-presence-before-form",
        "a malformed name and no signature: the missing signature is reported first",
        no("missing_headers", SIGNATURE),
        change=lambda headers: replaced(without(headers, SIGNATURE), NAME, "not a name"),
    )
    yield case(
        "order-form-before-sender",
        "an unknown sender and a malformed signature: the signature is reported first",
        no("malformed_header", SIGNATURE),
        sender="stranger",
        change=lambda headers: replaced(headers, SIGNATURE, "zz"),
    )
    yield case(
        "order-sender-before-window",
        "an unknown sender and a stale timestamp: the sender is reported first",
        no("unknown_client"),
        sender="stranger",
        **stale,
    )
    yield case(
        "order-allowed-before-window",
        "a stale timestamp and a sender that is not allowed: the sender is reported first",
        no("sender_not_allowed"),
        verifier=only_get,
        **stale,
    )
    yield case(
        "order-window-before-body-cap",
        "a stale timestamp and a body over the limit: the timestamp is reported first",
        no("stale_timestamp"),
        verifier=tiny,
        **stale,
    )
    yield case(
        "order-window-before-mac",
        "a stale timestamp and a wrong MAC: the timestamp is reported first",
        no("stale_timestamp"),
        change=zero,
        **stale,
    )
    yield case(
        "order-body-cap-before-mac",
        "a body over the limit and a wrong MAC: the body is reported first",
        no("body_too_large"),
        verifier=tiny,
        change=zero,
    )


def attacks():
    yield case(
        "reflected",
        "a request from agent that is sent back to agent: there is no key for a service and itself",
        no("unknown_client"),
        verifier={"service": "agent"},
    )
    yield case(
        "reflected-renamed",
        "a request sent back with the receiver's name: its MAC is valid for the other direction only",
        no("signature_mismatch"),
        verifier={"service": "agent"},
        change=lambda headers: replaced(headers, NAME, "practices"),
    )
    yield case(
        "known-limit-path-body-boundary",
        "a known limit: the path /items with the body `json.tail` and the path /items.json with the body `tail` have the same signing input",
        yes(),
        target="/items",
        body="json.tail",
        sent={"target": "/items.json", "body": "tail"},
    )

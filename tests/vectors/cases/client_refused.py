"""Test vectors for rejected requests of the scheme `client`, and for the order of the checks."""

from .client import CLIENT, NOW_MS, REFRESH, REQUEST, SIGNATURE, SKEW_MS, STAMP, case, no, sign
from .common import (
    CLIENT_ID,
    REQUEST_ID,
    absent_or_doubled,
    flipped,
    replaced,
    without,
)


def cases():
    yield from absent_and_doubled()
    yield from malformed()
    yield from tampered()
    yield from order_of_checks()
    yield from attacks()


def absent_and_doubled():
    yield from absent_or_doubled(case, no, (CLIENT, STAMP, REQUEST, SIGNATURE), "x-")
    yield case("missing-all", "an unsigned request", no("missing_headers", CLIENT), change=lambda headers: [])


def malformed():
    def with_header(name, why, header, value):
        return case(
            name, why, no("malformed_header", header), change=lambda headers: replaced(headers, header, value)
        )

    for kind, (value, why) in {
        "word": ("soon", "not a number"),
        "nan": ("NaN", "NaN, because a comparison with NaN is always false"),
        "infinity": ("Infinity", "another special number in JavaScript"),
        "signed": ("+1712419200000", "a sign"),
        "negative": ("-1712419200000", "before 1970"),
        "fraction": ("1712419200000.5", "a fraction"),
        "exponent": ("1.7124192e12", "an exponent"),
        "hexadecimal": ("0x18eb4f5a400", "a format that Number() accepts"),
        "leading-zero": ("01712419200000", "a different spelling of the same number"),
        "seventeen-digits": ("17124192000000000", "more digits than any valid timestamp"),
        "two-values": (
            "1712419200000, 1712419200000",
            "a list, which a proxy creates when it joins repeated headers",
        ),
    }.items():
        yield with_header(f"timestamp-{kind}", why, STAMP, value)
    for kind, (value, why) in {
        "colon": ("billing:service", "an id that contains the separator of the signing input"),
        "comma": (
            "billing-service, billing-service",
            "a list, which a proxy creates when it joins repeated headers",
        ),
        "too-long": ("b" * 129, "129 characters"),
        "non-ascii": ("billing-s\u00e9rvice", "a byte above 0x7f"),
        "space": ("billing service", "a space"),
    }.items():
        yield with_header(f"client-id-{kind}", why, CLIENT, value)
    for kind, (value, why) in {
        "colon": (f"b:{REQUEST_ID}", "an id that contains the separator of the signing input"),
        "too-long": ("r" * 129, "129 characters"),
        "delete": ("550e\x7f8400", "a control character"),
        "comma": (
            f"{REQUEST_ID}, {REQUEST_ID}",
            "a list, which a proxy creates when it joins repeated headers",
        ),
        "non-ascii": ("550e8400-\u00e9", "a byte above 0x7f"),
        "space": ("550e 8400", "a space"),
    }.items():
        yield with_header(f"request-id-{kind}", why, REQUEST, value)
    good = sign()["mac"]
    for kind, (value, why) in {
        "words": ("not-a-signature", "not hexadecimal"),
        "upper-case": (good.upper(), "upper-case hex, which is a different spelling of the same MAC"),
        "short": (good[:-2], "62 digits"),
        "long": (good + "00", "66 digits"),
        "trailing-garbage": (good + "zz", "trailing characters that Node's hex decoder ignores"),
        "non-ascii": ("\u00e9" + good[1:], "a byte above 0x7f, which must not cause an exception"),
    }.items():
        yield with_header(f"signature-{kind}", why, SIGNATURE, value)
    yield case(
        "method-with-colon",
        "a method that contains the separator is not a token",
        no("malformed_header", "@method"),
        sent={"method": "POST:/x"},
    )
    yield case(
        "target-absolute",
        "an absolute URL instead of a path",
        no("malformed_header", "@path"),
        sent={"target": "http://iam.internal/auth"},
    )


def tampered():
    good = sign()["mac"]
    yield case(
        "mac-first-bit-flipped",
        "the first bit of the MAC is changed",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, SIGNATURE, flipped(good)),
    )
    yield case(
        "mac-last-bit-flipped",
        "the last bit of the MAC is changed",
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
        "a new request id with an old signature, as when a proxy replaces X-Request-ID",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, REQUEST, "another-id"),
    )
    yield case(
        "timestamp-changed",
        "a newer timestamp with an old signature",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, STAMP, str(NOW_MS + 1)),
    )
    yield case(
        "body-over-cap",
        "the body limit applies even though the body is not signed",
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
        "an unknown sender without a signature: missing headers are reported first",
        no("missing_headers", SIGNATURE),
        client_id="stranger",
        change=lambda headers: without(headers, SIGNATURE),
    )
    yield case(
        "order-request-id-before-client",
        "an unknown sender with a malformed request id: the request id is reported first",
        no("malformed_header", REQUEST),
        client_id="stranger",
        change=lambda headers: replaced(headers, REQUEST, "a:b"),
    )
    yield case(
        "order-client-before-timestamp",
        "an unknown sender with a stale timestamp: the sender is reported first",
        no("unknown_client"),
        client_id="stranger",
        **stale,
    )
    yield case(
        "order-client-before-malformed-timestamp",
        "an unknown sender with a malformed timestamp: the sender is reported first",
        no("unknown_client"),
        client_id="stranger",
        change=lambda headers: replaced(headers, STAMP, "NaN"),
    )
    yield case(
        "order-timestamp-before-signature",
        "a stale timestamp and a wrong signature: the timestamp is reported first",
        no("stale_timestamp"),
        change=wrong,
        **stale,
    )
    yield case(
        "order-timestamp-before-malformed-signature",
        "a stale timestamp and a malformed signature: the timestamp is reported first",
        no("stale_timestamp"),
        change=garbled,
        **stale,
    )


def attacks():
    """Yields attacks that succeed against the original service."""
    files = {"method": "GET", "target": "/files/a:b"}
    yield case(
        "attack-shifted-colon-into-id",
        "the end of the URL is moved to the request id, so the signing input stays the same although the URL and the id change",
        no("malformed_header", REQUEST),
        sent={"target": "/files/a"},
        change=lambda headers: replaced(headers, REQUEST, f"b:{REQUEST_ID}"),
        **files,
    )
    yield case(
        "attack-shifted-colon-into-url",
        "the start of the request id is moved to the URL",
        no("malformed_header", REQUEST),
        request_id="a:b",
        sent={"target": f"{REFRESH}:a"},
        change=lambda headers: replaced(headers, REQUEST, "b:"),
    )
    yield case(
        "attack-shifted-colon-into-client",
        "the timestamp is moved to the client id",
        no("malformed_header", CLIENT),
        change=lambda headers: replaced(headers, CLIENT, f"{CLIENT_ID}:{NOW_MS}"),
    )
    yield case(
        "attack-nan-never-stale",
        "signed with a timestamp that is not a number, and received a day later",
        no("malformed_header", STAMP),
        timestamp="NaN",
        now_ms=NOW_MS + 86_400_000,
    )
    yield case(
        "attack-trailing-garbage",
        "a valid signature with trailing characters that a tolerant decoder ignores",
        no("malformed_header", SIGNATURE),
        change=lambda headers: replaced(headers, SIGNATURE, sign()["mac"] + "!!"),
    )
    yield case(
        "attack-post-dated",
        "a timestamp one year ahead, so that the request could be used then",
        no("future_timestamp"),
        timestamp=NOW_MS + 31_536_000_000,
    )

"""Vectors for rejected `pairwise` requests: missing, repeated or malformed headers, and modified requests."""

from .common import (
    NOW,
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
    for name in (NAME, STAMP, SIGNATURE):
        short = name.removeprefix("x-service-")
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
    yield case(
        "missing-all",
        "not signed at all",
        no("missing_headers", NAME),
        change=lambda headers: [["Content-Type", "application/json"]],
    )
    yield case(
        "doubled-name-differs",
        "a second name that another reader might take",
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
        "nan": ("NaN", "what a careless parser takes for a number"),
        "signed": ("+1712419200", "a sign"),
        "negative": ("-1712419200", "before 1970"),
        "fraction": ("1712419200.0", "a fraction"),
        "exponent": ("1712e6", "an exponent"),
        "hexadecimal": ("0x6611a980", "another base"),
        "leading-zero": ("01712419200", "two spellings of one number"),
        "underscore": ("1_712_419_200", "what Python's int() takes"),
        "seventeen-digits": ("17124192000000000", "longer than any time there is"),
        "wide-digits": ("\u00ef\u00bc\u0091712419200", "a digit of another script, as its UTF-8 bytes"),
        "two-values": ("1712419200, 1712419200", "a list, as a proxy joins doubled headers"),
    }
    for kind, (value, why) in stamps.items():
        yield with_header(f"timestamp-{kind}", why, STAMP, value)
    for kind, (value, why) in {
        "dot": ("agent.practices", "the separator inside a name"),
        "slash": ("agent/practices", "the separator of key ids inside a name"),
        "space": ("agent 1", "a space"),
        "too-long": ("a" * 65, "65 characters"),
        "non-ascii": ("ag\u00e9nt", "a byte above 0x7f"),
        "control": ("agent\u0001", "a control character"),
    }.items():
        yield with_header(f"name-{kind}", why, NAME, value)
    good = sign()["mac"]
    for kind, (value, why) in {
        "words": ("invalid-signature-here", "not hex at all"),
        "upper-case": (good.upper(), "upper-case hex: a second spelling of one MAC"),
        "short": (good[:-2], "62 digits"),
        "long": (good + "00", "66 digits"),
        "odd": (good[:-1], "63 digits"),
        "trailing-garbage": (good + "zz", "what Node's hex decoder cuts off"),
        "non-ascii": ("\u00e9" + good[1:], "a byte above 0x7f, which must not raise"),
    }.items():
        yield with_header(f"signature-{kind}", why, SIGNATURE, value)
    trusting = {"trust_unsigned_user_id": True}
    doubled = lambda headers: [*headers, ["x-user-id", "admin"]]  # noqa: E731
    yield case(
        "user-id-doubled",
        "two users, and the caller believes the header",
        no("duplicate_header", "x-user-id"),
        user_id="user-7",
        change=doubled,
        verifier=trusting,
    )
    yield case(
        "user-id-doubled-not-read",
        "what is not believed is not read",
        yes(),
        user_id="user-7",
        change=doubled,
    )
    yield case(
        "user-id-with-space",
        "a user id is visible ASCII",
        no("malformed_header", "x-user-id"),
        user_id="user 7",
        verifier=trusting,
    )
    yield case(
        "name-longest", "64 characters are allowed, and nobody's key", no("unknown_client"), sender="a" * 64
    )
    others = [[f"X-{at}", "1"] for at in range(254)]
    yield case("headers-256", "as many as are read", yes(), change=lambda headers: headers + others[:253])
    yield case(
        "headers-257", "one more than that", no("malformed_header"), change=lambda headers: headers + others
    )
    yield case(
        "method-with-space", "not a token", no("malformed_header", "@method"), sent={"method": "PO ST"}
    )
    yield case("method-too-long", "33 bytes", no("malformed_header", "@method"), sent={"method": "A" * 33})
    yield case(
        "target-without-slash", "not a path", no("malformed_header", "@path"), sent={"target": "graphql"}
    )
    yield case("target-empty", "nothing to sign", no("malformed_header", "@path"), sent={"target": ""})
    yield case(
        "target-with-space",
        "a space would end the target on the wire",
        no("malformed_header", "@path"),
        sent={"target": "/a b"},
    )


def tampered():
    good = sign()["mac"]
    first = lambda headers: replaced(headers, SIGNATURE, flipped(good))  # noqa: E731
    last = lambda headers: replaced(headers, SIGNATURE, flipped(good, 63))  # noqa: E731
    yield case("mac-first-bit-flipped", "one bit at the start", no("signature_mismatch"), change=first)
    yield case("mac-last-bit-flipped", "one bit at the end", no("signature_mismatch"), change=last)
    yield case(
        "mac-all-zero",
        "the right shape, no MAC",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, SIGNATURE, "0" * 64),
    )
    yield case(
        "method-changed", "signed as POST, sent as PUT", no("signature_mismatch"), sent={"method": "PUT"}
    )
    yield case("path-changed", "another path", no("signature_mismatch"), sent={"target": "/admin"})
    yield case(
        "path-trailing-slash",
        "a proxy that tidies paths breaks the signature",
        no("signature_mismatch"),
        sent={"target": "/graphql/"},
    )
    yield case(
        "timestamp-changed",
        "a fresher timestamp on an old signature",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, STAMP, str(NOW + 1)),
    )


def order_of_checks():
    """Requests with two faults. The first check in the order reports its reason."""
    stale = {"now_ms": (NOW + 900) * 1000}
    tiny = {"max_body_bytes": 1}
    only_get = {"senders": {"agent": {"methods": ["GET"]}}}
    zero = lambda headers: replaced(headers, SIGNATURE, "0" * 64)  # noqa: E731
    yield case(
        "order-presence-before-form",
        "a malformed name and no signature",
        no("missing_headers", SIGNATURE),
        change=lambda headers: replaced(without(headers, SIGNATURE), NAME, "not a name"),
    )
    yield case(
        "order-form-before-sender",
        "a stranger with a malformed signature",
        no("malformed_header", SIGNATURE),
        sender="stranger",
        change=lambda headers: replaced(headers, SIGNATURE, "zz"),
    )
    yield case(
        "order-sender-before-window", "a stale stranger", no("unknown_client"), sender="stranger", **stale
    )
    yield case(
        "order-allowed-before-window",
        "stale, and not allowed",
        no("sender_not_allowed"),
        verifier=only_get,
        **stale,
    )
    yield case(
        "order-window-before-body-cap", "stale, and too long", no("stale_timestamp"), verifier=tiny, **stale
    )
    yield case(
        "order-window-before-mac", "stale, with a wrong MAC", no("stale_timestamp"), change=zero, **stale
    )
    yield case(
        "order-body-cap-before-mac",
        "too long, with a wrong MAC",
        no("body_too_large"),
        verifier=tiny,
        change=zero,
    )


def attacks():
    yield case(
        "reflected",
        "agent's request turned back on agent: the pair agent with itself has no key",
        no("unknown_client"),
        verifier={"service": "agent"},
    )
    yield case(
        "reflected-renamed",
        "turned back under the peer's name: the MAC names the direction",
        no("signature_mismatch"),
        verifier={"service": "agent"},
        change=lambda headers: replaced(headers, NAME, "practices"),
    )
    yield case(
        "known-limit-path-body-boundary",
        "known limit: /items with body json.tail has the base of /items.json with body tail",
        yes(),
        target="/items",
        body="json.tail",
        sent={"target": "/items.json", "body": "tail"},
    )

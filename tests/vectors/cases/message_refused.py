"""Test vectors for rejected requests of the scheme `message`: missing coverage, missing and malformed
headers, exceeded limits, and modified requests."""

import base64

from reference import message as scheme

from .common import (
    NOW,
    OTHER_SECRET,
    pair,
    replaced,
    ring,
    without,
)
from .message import DIGEST, INPUT, LABEL, NONCE, SIGNATURE, TAG, TARGET, USER, case, no, sign, yes


def cases():
    yield from coverage()
    yield from absent_and_doubled()
    yield from malformed()
    yield from caps()
    yield from several()
    yield from tampered()
    yield from order_of_checks()
    yield from attacks()


def coverage():
    def leaving(name, **more):
        covered = [component for component in [*TARGET, "content-digest"] if component != name]
        return case(
            f"coverage-without-{name.removeprefix('@')}",
            f"{name} is not covered",
            no("missing_coverage", name),
            components=covered,
            **more,
        )

    for name in TARGET:
        yield leaving(name)
    yield case(
        "coverage-without-content-digest",
        "the digest of the body is not covered",
        no("missing_coverage"),
        components=TARGET,
    )
    yield case(
        "coverage-authority-waived",
        "@authority can be omitted behind a proxy that rewrites it",
        yes(),
        components=["@method", "@path", "@query", "content-digest"],
        sent={"authority": "10.0.0.7:8080"},
        verifier={"require_authority": False},
    )
    yield case(
        "coverage-nothing",
        "an empty list of components",
        no("missing_coverage", "@method"),
        components=[],
    )
    member = [*TARGET, 'content-digest";key="sha-256']
    yield case(
        "coverage-of-digest-member-only",
        "covering one member of the digest field does not cover the whole field",
        no("missing_coverage"),
        components=member,
    )
    required = {"require": ["authorization"]}
    yield case(
        "coverage-required-field",
        "a field that the policy requires is covered",
        yes(),
        fields=[["Authorization", "Bearer abc"]],
        verifier=required,
    )
    yield case(
        "coverage-required-field-left-out",
        "a required field that is sent but not covered",
        no("missing_coverage", INPUT),
        fields=[["Authorization", "Bearer abc"]],
        components=[*TARGET, "content-digest"],
        verifier=required,
    )
    yield case(
        "coverage-required-field-added",
        "a field that was added after signing",
        no("missing_coverage", INPUT),
        change=lambda headers: [*headers, ["Authorization", "Bearer abc"]],
        verifier=required,
    )
    yield case(
        "coverage-required-field-not-sent",
        "a required field that is not sent need not be covered",
        yes(),
        verifier=required,
    )
    yield case(
        "coverage-of-absent-field",
        "a covered field that was removed after signing",
        no("missing_headers", INPUT),
        fields=[["Authorization", "Bearer abc"]],
        change=lambda headers: without(headers, "authorization"),
    )


def absent_and_doubled():
    yield case("missing-all", "an unsigned request", no("missing_headers", INPUT), change=lambda headers: [])
    yield case(
        "missing-signature-input",
        "no Signature-Input",
        no("missing_headers", INPUT),
        change=lambda headers: without(headers, INPUT),
    )
    yield case(
        "missing-signature",
        "no Signature",
        no("missing_headers", SIGNATURE),
        change=lambda headers: without(headers, SIGNATURE),
    )
    yield case(
        "empty-signature-input",
        "an empty field is treated as absent",
        no("missing_headers", INPUT),
        change=lambda headers: replaced(headers, INPUT, ""),
    )
    yield case(
        "other-tag-only",
        "signed, but with another tag",
        no("missing_headers", INPUT),
        tag="another-application",
    )
    yield case(
        "no-tag",
        "a signature without a tag",
        no("missing_headers", INPUT),
        parameters=f';created={NOW};nonce="{NONCE}";keyid="agent/practices#1";alg="hmac-sha256"',
    )
    yield case(
        "label-in-input-only",
        "there is no signature with this label",
        no("missing_headers", SIGNATURE),
        change=lambda headers: replaced(headers, SIGNATURE, "other=:AAAA:"),
    )
    yield case(
        "label-twice",
        "the same label on two lines",
        no("malformed_header", INPUT),
        change=lambda headers: headers + [header for header in headers if header[0] == "Signature-Input"],
    )
    yield case(
        "signature-label-twice",
        "the same label on two lines",
        no("malformed_header", SIGNATURE),
        change=lambda headers: headers + [header for header in headers if header[0] == "Signature"],
    )
    yield case(
        "user-id-doubled",
        "a repeated user id",
        no("duplicate_header", USER),
        user_id="user-7",
        change=lambda headers: [*headers, ["X-User-ID", "admin"]],
    )


def malformed():
    def with_input(name, why, value):
        return case(
            name, why, no("malformed_header", INPUT), change=lambda headers: replaced(headers, INPUT, value)
        )

    good = f'{LABEL}=("@method" "@authority" "@path" "@query" "content-digest");created={NOW};nonce="{NONCE}";keyid="agent/practices#1";alg="hmac-sha256";tag="{TAG}"'
    yield with_input("input-not-a-dictionary", "not a structured field", "not a dictionary (at all")
    yield with_input("input-unclosed-string", "an unterminated string", good[:-1])
    yield case(
        "input-not-a-list",
        "a signature input that is not an inner list",
        no("malformed_header", INPUT),
        change=lambda headers: replaced(headers, INPUT, f'{LABEL}="@method";tag="{TAG}"'),
    )
    yield with_input("input-non-ascii", "a byte above 0x7f", good.replace("agent", "ag\u00e9nt"))
    yield with_input("input-trailing-comma", "a trailing comma", good + ",")

    def parameters(name, why, text):
        return case(name, why, no("malformed_header", INPUT), parameters=text)

    rest = f'keyid="agent/practices#1";alg="hmac-sha256";tag="{TAG}"'
    yield parameters("nonce-too-long", "129 characters", f';created={NOW};nonce="{"n" * 129}";{rest}')
    yield parameters("created-absent", "no timestamp", f';nonce="{NONCE}";{rest}')
    yield parameters(
        "created-twice", "a repeated parameter", f';created={NOW};created={NOW};nonce="{NONCE}";{rest}'
    )
    yield parameters(
        "unknown-parameter-twice",
        "a repeated unknown parameter",
        f';created={NOW};a=1;nonce="{NONCE}";a=1;{rest}',
    )
    yield parameters(
        "created-string", "a timestamp must be a number", f';created="{NOW}";nonce="{NONCE}";{rest}'
    )
    yield parameters("created-negative", "before 1970", f';created=-1;nonce="{NONCE}";{rest}')
    yield parameters("created-decimal", "a fraction", f';created={NOW}.5;nonce="{NONCE}";{rest}')
    yield parameters("nonce-absent", "the nonce is missing", f";created={NOW};{rest}")
    yield parameters("nonce-number", "a nonce must be a string", f";created={NOW};nonce=7;{rest}")
    yield parameters("nonce-empty", "an empty nonce", f';created={NOW};nonce="";{rest}')
    yield parameters(
        "keyid-absent",
        "the key id is missing",
        f';created={NOW};nonce="{NONCE}";alg="hmac-sha256";tag="{TAG}"',
    )
    yield parameters(
        "alg-other",
        "the algorithm must be hmac-sha256",
        f';created={NOW};nonce="{NONCE}";keyid="agent/practices#1";alg="hmac-sha512";tag="{TAG}"',
    )
    yield case(
        "keyid-version-word",
        "a version must be a number",
        no("missing_key_version", INPUT),
        keyid="agent/practices#one",
    )
    yield case(
        "keyid-version-leading-zero",
        "a version must not have a leading zero",
        no("missing_key_version", INPUT),
        keyid="agent/practices#01",
    )
    yield case(
        "keyid-name-malformed",
        "an invalid name in the key id",
        no("malformed_header", INPUT),
        keyid="ag ent/practices#1",
    )
    for kind, value in {
        "not-bytes": '"text"',
        "short": ":AAAA:",
        "empty": "::",
        "not-base64": ":!!!!:",
    }.items():
        yield case(
            f"signature-{kind}",
            "a signature must be 32 bytes",
            no("malformed_header", SIGNATURE),
            change=lambda headers, value=value: replaced(headers, SIGNATURE, f"{LABEL}={value}"),
        )
    yield case(
        "digest-malformed",
        "not a structured field",
        no("malformed_header", DIGEST),
        digest="sha-256=nonsense(",
    )
    yield case(
        "digest-other-algorithm-only",
        "no digest with sha-256",
        no("malformed_header", DIGEST),
        digest="sha-512=:AAAA:",
    )
    yield case(
        "method-with-space", "not a token", no("malformed_header", "@method"), sent={"method": "PO ST"}
    )
    yield case(
        "target-without-slash",
        "a target that is not a path",
        no("malformed_header", "@path"),
        sent={"target": "graphql"},
    )


def caps():
    many = [*TARGET, "content-digest", *(f"x-{at}" for at in range(28))]
    fields = [[f"X-{at}", "1"] for at in range(28)]
    yield case(
        "components-32", "the maximum number of components", yes(), fields=fields[:27], components=many[:-1]
    )
    yield case(
        "components-33",
        "one component more than the maximum",
        no("malformed_header", INPUT),
        fields=fields,
        components=many,
    )
    yield case(
        "component-twice",
        "a component that is listed twice",
        no("malformed_header", INPUT),
        change=lambda headers: [
            [name, value.replace('"@query"', '"@query" "@query"')] for name, value in headers
        ],
    )
    yield case(
        "component-unknown",
        "an undefined derived component",
        no("malformed_header", INPUT),
        change=lambda headers: [
            [name, value.replace('"@query"', '"@query" "@new"')] for name, value in headers
        ],
    )
    long = f'proxy=("@method");tag="{"p" * 4096}"'
    yield case(
        "input-over-4-kib",
        "a header field longer than the limit",
        no("malformed_header", INPUT),
        change=lambda headers: [["Signature-Input", long], *headers],
    )


def several():
    """Yields requests with several signatures that have Sealwire's tag."""
    both = ring([pair("agent", "practices"), pair("agent", "meals", OTHER_SECRET)])
    meals = sign(keyid="agent/meals#1", secret=OTHER_SECRET, label="for-meals")["headers"][-2:]
    yield case(
        "beside-one-for-another-receiver",
        "a request signed for two receivers, each of which checks its own signature",
        yes(),
        keys=both,
        change=lambda headers: [*meals, *headers],
    )
    again = sign(label="again", nonce="another-nonce")["headers"][-2:]
    yield case(
        "two-for-this-receiver",
        "two signatures for the same receiver are ambiguous",
        no("malformed_header", INPUT),
        change=lambda headers: [*headers, *again],
    )


def tampered():
    yield case(
        "mac-bit-flipped",
        "one bit of the signature is changed",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, SIGNATURE, f"{LABEL}={flip(sign()['mac_hex'])}"),
    )
    yield case(
        "method-changed", "signed as POST, sent as PUT", no("signature_mismatch"), sent={"method": "PUT"}
    )
    yield case("path-changed", "another path", no("signature_mismatch"), sent={"target": "/admin"})
    yield case(
        "query-changed",
        "another query",
        no("signature_mismatch"),
        target="/graphql?a=1",
        sent={"target": "/graphql?a=2"},
    )
    yield case(
        "query-added",
        "a query was added after signing",
        no("signature_mismatch"),
        sent={"target": "/graphql?a=1"},
    )
    yield case(
        "authority-changed",
        "signed for another host",
        no("signature_mismatch"),
        sent={"authority": "meals.internal"},
    )
    yield case(
        "user-id-changed",
        "another user",
        no("signature_mismatch"),
        user_id="user-7",
        change=lambda headers: replaced(headers, USER, "user-8"),
    )
    yield case(
        "digest-changed",
        "another digest",
        no("signature_mismatch"),
        change=lambda headers: replaced(headers, DIGEST, scheme.content_digest(b"x")),
    )
    yield case(
        "nonce-changed",
        "a new nonce with an old signature",
        no("signature_mismatch"),
        change=lambda headers: [[name, value.replace(NONCE, "fresh")] for name, value in headers],
    )
    yield case(
        "created-changed",
        "a newer timestamp with an old signature",
        no("signature_mismatch"),
        change=lambda headers: [[name, value.replace(str(NOW), str(NOW + 1))] for name, value in headers],
    )
    yield case(
        "path-body-boundary",
        "a moved boundary between path and body, which pairwise cannot detect",
        no("signature_mismatch"),
        target="/items",
        body="json.tail",
        sent={"target": "/items.json", "body": "tail"},
    )


def flip(mac_hex):
    data = bytes.fromhex(mac_hex)
    return f":{base64.b64encode(bytes([data[0] ^ 1]) + data[1:]).decode()}:"


def order_of_checks():
    """Yields requests with two faults. The first failed check determines the reason."""
    stale = {"now_ms": (NOW + 900) * 1000}
    wrong = {"secret": OTHER_SECRET}
    only_get = {"senders": {"agent": {"methods": ["GET"]}}}
    ended = f';created={NOW - 2};expires={NOW - 1};nonce="{NONCE}";keyid="agent/practices#1";alg="hmac-sha256";tag="{TAG}"'
    yield case(
        "order-sender-before-version",
        "an unknown sender and an unknown version: the sender is reported first",
        no("unknown_client"),
        keyid="stranger/practices#7",
    )
    yield case(
        "order-allowed-before-version",
        "a sender that is not allowed and an unknown version: the sender is reported first",
        no("sender_not_allowed"),
        keyid="agent/practices#7",
        verifier=only_get,
    )
    yield case(
        "order-version-before-window",
        "a stale timestamp and an unknown version: the version is reported first",
        no("unknown_key_version"),
        keyid="agent/practices#7",
        **stale,
    )
    yield case(
        "order-window-before-mac",
        "a stale timestamp and a wrong MAC: the timestamp is reported first",
        no("stale_timestamp"),
        **stale,
        **wrong,
    )
    yield case(
        "missing-headers-before-target",
        "missing headers are reported before an invalid target",
        no("missing_headers", INPUT),
        change=lambda headers: [],
        sent={"target": "http://practices.internal"},
    )
    before = f';created={NOW};expires={NOW - 1};nonce="{NONCE}";keyid="agent/practices#1";tag="{TAG}"'
    yield case(
        "expires-before-created",
        "a signature that expires before it was created",
        no("malformed_header", INPUT),
        parameters=before,
    )
    yield case(
        "order-expiry-before-mac",
        "an expired signature and a wrong MAC: the expiry is reported first",
        no("token_expired"),
        parameters=ended,
        **wrong,
    )
    yield case(
        "order-mac-before-body",
        "a wrong MAC and a changed body: the MAC is reported first",
        no("signature_mismatch"),
        sent={"body": "another"},
        **wrong,
    )
    yield case(
        "order-mac-before-body-cap",
        "a wrong MAC and a body over the limit: the MAC is reported first",
        no("signature_mismatch"),
        verifier={"max_body_bytes": 1},
        **wrong,
    )
    yield case(
        "order-body-cap-before-digest",
        "a changed body over the limit: the limit is reported first",
        no("body_too_large"),
        sent={"body": "another"},
        verifier={"max_body_bytes": 1},
    )


def attacks():
    yield case(
        "reflected",
        "a request sent back to its sender, with a key id that contains another receiver",
        no("unknown_client"),
        service="agent",
    )
    meals = ring([pair("agent", "practices"), pair("agent", "meals", OTHER_SECRET)])
    yield case(
        "for-another-receiver",
        "a request signed for meals, but sent to practices",
        no("unknown_client"),
        keys=meals,
        keyid="agent/meals#1",
        secret=OTHER_SECRET,
    )

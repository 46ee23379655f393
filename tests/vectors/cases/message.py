"""Test vectors for the scheme `message`, which uses RFC 9421 with hmac-sha256."""

import base64

from reference import message as scheme

from .common import (
    CLIENT_ID,
    NOW,
    OTHER_SECRET,
    PAIR_SECRET,
    PAIR_SECRET_2,
    accepted,
    body_of,
    client,
    limited_bodies,
    pair,
    rejected,
    replaced,
    request,
    ring,
    signing_input,
)

ABOUT = "The `message` scheme: Signature-Input, Signature and Content-Digest of RFC 9421 and RFC 9530."
LABEL = "sealwire"
TAG = "sealwire"
RING = ring([pair("agent", "practices")])
BODY = '{"query": "..."}'
NONCE = "5c0b2cbd-6a1c-4f5e-9d3e-7f3f1a2b3c4d"
TARGET = ["@method", "@authority", "@path", "@query"]
INPUT, SIGNATURE, DIGEST, USER = "signature-input", "signature", "content-digest", "x-user-id"


def cases():
    yield from signing()
    yield from accepting()
    yield from bodies()
    yield from windows()
    yield from keys()


def case(
    name,
    why,
    expect,
    *,
    now_ms=NOW * 1000,
    keys=RING,
    verifier=(),
    change=None,
    sent=(),
    service="practices",
    **signed,
):
    """Returns a test case with a request that a sender signs. `sent` and `change` modify the request after it
    is signed."""
    made = sign(**signed)
    # A client key does not identify the receiver, so a verifier with client keys must have authorities.
    hosts = {"authorities": ["practices.internal"]} if keys["clients"] else {}
    arrives = made["request"] | {"body": made["body"]} | dict(sent)
    headers = change(made["headers"]) if change else made["headers"]
    return {
        "name": f"message-{name}",
        "why": why,
        "keys": keys,
        "verifier": {"service": service, "schemes": ["message"]} | hosts | dict(verifier),
        "now_ms": now_ms,
        "request": request(
            arrives["method"],
            arrives["target"],
            headers,
            arrives["body"],
            authority=arrives["authority"],
            scheme=arrives["scheme"],
        ),
        **signing_input(made["base"]),
        "mac_hex": made["mac_hex"],
        "expect": expect,
    }


def sign(
    method="POST",
    target="/graphql",
    body=BODY,
    authority="practices.internal",
    url_scheme="https",
    keyid="agent/practices#1",
    secret=PAIR_SECRET,
    secret_bytes=None,
    created=NOW,
    nonce=NONCE,
    user_id=None,
    fields=(),
    components=None,
    digest=None,
    parameters=None,
    label=LABEL,
    tag=TAG,
):
    """Signs a request. The arguments can replace all parts, to create requests that Sealwire would not
    sign."""
    content = body_of(body)
    sent = list(fields)
    if digest or content:
        sent.append(["Content-Digest", digest or scheme.content_digest(content)])
    if user_id is not None:
        sent.append(["X-User-ID", user_id])
    covered = [
        f'"{name}"'
        for name in (default_components(content, user_id, fields) if components is None else components)
    ]
    if parameters is None:
        parameters = f';created={created};nonce="{nonce}";alg="hmac-sha256";keyid="{keyid}";tag="{tag}"'
    head = {"method": method, "target": target, "authority": authority, "scheme": url_scheme}
    data = scheme.base(head | {"headers": sent}, covered, parameters)
    mac = scheme.signature(secret_bytes or base64.b64decode(secret), data)
    signature = [
        ["Signature-Input", f"{label}={scheme.inner_list(covered, parameters)}"],
        ["Signature", f"{label}={mac}"],
    ]
    return {
        "request": head,
        "body": body,
        "base": data,
        "mac_hex": base64.b64decode(mac[1:-1]).hex(),
        "headers": sent + signature,
    }


def default_components(content, user_id, fields):
    named = [name.lower() for name, _ in fields]
    return TARGET + ([DIGEST] if content else []) + ([USER] if user_id is not None else []) + named


def yes(sender="agent", key_version=1, user_id=None, nonce=NONCE):
    return accepted("message", sender, key_version, user_id, nonce)


def no(reason, field=None):
    return rejected("message", reason, field)


def signing():
    yield signed("sign-default", "the default coverage, with a body")
    yield signed(
        "sign-without-body",
        "without a body, there is no digest",
        method="GET",
        target="/items?page=2",
        body=None,
    )
    yield signed("sign-with-user-id", "a user id is covered", user_id="user-7")
    yield signed("sign-binary-body", "the body is signed as bytes", body=bytes(range(256)))
    rotated = ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=2)])
    yield signed(
        "sign-with-primary",
        "the primary version of the key is used for the signature, and the key id contains this version",
        keys=rotated,
        secret=PAIR_SECRET_2,
        keyid="agent/practices#2",
    )
    yield signed(
        "sign-extra-field",
        "header fields listed by the caller are covered",
        fields=[["Authorization", "Bearer abc"]],
        components_asked=["authorization"],
    )


def signed(name, why, *, keys=RING, components_asked=(), **more):
    made = sign(**more)
    asked = {
        "schemes": ["message"],
        "sender": "agent",
        "receiver": "practices",
        "user_id": more.get("user_id"),
        "now_ms": NOW * 1000 + 999,
        "nonce": NONCE,
    }
    asked |= {"components": list(components_asked)} if components_asked else {}
    head = made["request"]
    own = [
        header
        for header in made["headers"]
        if header[0] in ("Signature-Input", "Signature", "Content-Digest", "X-User-ID")
    ]
    return {
        "name": f"message-{name}",
        "why": why,
        "keys": keys,
        "sign": asked
        | {"request": request(head["method"], head["target"], list(more.get("fields", [])), made["body"])},
        **signing_input(made["base"]),
        "mac_hex": made["mac_hex"],
        "headers": own,
    }


def accepting():
    yield case("default", "the default coverage, with a body", yes())
    yield case(
        "get-with-query", "a query and no body", yes(), method="GET", target="/items?page=2", body=None
    )
    yield case(
        "get-without-query", "a target without a query", yes(), method="GET", target="/items", body=None
    )
    yield case(
        "percent-encoded-slash",
        "the raw path is signed",
        yes(),
        method="GET",
        target="/files/a%2Fb?c=%20",
        body=None,
    )
    yield case(
        "authority-other-case",
        "authorities are compared in lower case",
        yes(),
        sent={"authority": "Practices.INTERNAL"},
    )
    yield case(
        "authority-default-port",
        "the default port of the scheme is equivalent to no port",
        yes(),
        sent={"authority": "practices.internal:443"},
    )
    yield case(
        "user-id", "a covered user id is part of the identity", yes(user_id="user-7"), user_id="user-7"
    )
    yield case(
        "user-id-not-covered",
        "a user id that was added after signing is not covered",
        no("missing_coverage", USER),
        change=lambda headers: [*headers, ["X-User-ID", "admin"]],
    )
    yield case(
        "extra-field-covered",
        "a signature may cover more than the policy requires",
        yes(),
        fields=[["Authorization", "Bearer abc"]],
    )
    yield case(
        "header-names-any-case",
        "field names are case-insensitive",
        yes(),
        change=lambda headers: [[name.lower(), value] for name, value in headers],
    )
    yield case(
        "other-parameter-order",
        "parameters can be in any order",
        yes(),
        parameters=f';tag="sealwire";alg="hmac-sha256";keyid="agent/practices#1";nonce="{NONCE}";created={NOW}',
    )
    yield case("other-label", "the sender can choose the label", yes(), label="sig1")
    yield from respelled()
    yield case(
        "other-component-order",
        "components can be in any order",
        yes(),
        components=["content-digest", "@query", "@path", "@authority", "@method"],
    )
    other = 'proxy=("@method");created=1712419200;keyid="proxy";alg="ed25519";tag="proxy"'
    yield case(
        "beside-another-signature",
        "a signature with another tag is ignored",
        yes(),
        change=lambda headers: joined(headers, other, "proxy=:AAAA:"),
    )
    yield case(
        "beside-another-on-own-lines",
        "the headers can have several lines",
        yes(),
        change=lambda headers: [["Signature-Input", other], ["Signature", "proxy=:AAAA:"], *headers],
    )
    by_client = ring(clients=[client(CLIENT_ID, "a client secret of more than thirty-two bytes")])
    yield case(
        "alg-not-named",
        "the key determines the algorithm, so the parameter is optional",
        yes(),
        parameters=f';created={NOW};nonce="{NONCE}";keyid="agent/practices#1";tag="sealwire"',
    )
    yield case(
        "client-key",
        "clients can also sign messages",
        yes(sender=CLIENT_ID),
        keys=by_client,
        keyid=f"{CLIENT_ID}#1",
        secret_bytes=b"a client secret of more than thirty-two bytes",
    )


def respelled():
    """Yields requests with a Signature-Input that is not in canonical form. The MAC covers the canonical form
    (RFC 9421 section 2.5, RFC 9651 section 4.1)."""

    def travelling(name, why, sent, signed, **more):
        def respell(headers):
            values = {header.lower(): value for header, value in headers}
            assert signed in values[INPUT], name
            return replaced(headers, INPUT, values[INPUT].replace(signed, sent))

        return case(f"respelled-{name}", why, yes(), change=respell, **more)

    yield travelling(
        "inner-spaces", "more than one space between components", '"@method"   "@auth', '"@method" "@auth'
    )
    yield travelling("spaces-at-ends", "spaces within the parentheses", '(  "@method"', '("@method"')
    yield travelling(
        "spaces-before-end", "spaces within the parentheses", '"content-digest"  )', '"content-digest")'
    )
    yield travelling("parameter-spaces", "spaces before a parameter's name", ";  created=", ";created=")
    yield travelling("leading-zeros", "a number with leading zeros", f"created=00{NOW}", f"created={NOW}")
    common = f';created={NOW};nonce="{NONCE}";keyid="agent/practices#1";alg="hmac-sha256";tag="{TAG}"'
    for name, sent, signed in [
        ("minus-zero", "z=-0", "z=0"),
        ("zeros", "z=00", "z=0"),
        ("minus", "z=-07", "z=-7"),
    ]:
        why = "a number that is not in canonical form"
        yield travelling(name, why, f";{sent}", f";{signed}", parameters=f"{common};{signed}")
    flagged = f"{common};flag"
    yield travelling("true", "the value true is written explicitly", ";flag=?1", ";flag", parameters=flagged)
    yield travelling("flag-spaces", "spaces before a flag", ";  flag", ";flag", parameters=flagged)
    yield travelling(
        "before-a-flag",
        "spaces within the parentheses, with a flag as last parameter",
        '(  "@method"',
        '("@method"',
        parameters=flagged,
    )
    spaced = common.replace(";", "; ")
    yield travelling(
        "every-parameter", "spaces before every parameter name", spaced, common, parameters=common
    )
    joined_lines = ["@method", "@authority", "@path", "@query", "content-digest", "x-joined"]
    yield travelling(
        "with-a-field",
        "a signature that covers an additional header field",
        '"@query"  "content',
        '"@query" "content',
        fields=[["X-Joined", "a"], ["X-Joined", "b"]],
        components=joined_lines,
    )


def joined(headers, signature_input, signature):
    """Inserts another signature in the same header lines, before the signature of Sealwire."""
    added = {INPUT: signature_input, SIGNATURE: signature}
    return [
        [name, f"{added[name.lower()]}, {value}" if name.lower() in added else value]
        for name, value in headers
    ]


def bodies():
    yield case("body-binary", "every byte value", yes(), body=bytes(range(256)))
    yield case("body-not-utf-8", "a body that is not valid UTF-8", yes(), body=b"\xff\xfe\xfd\x00\x80")
    yield case(
        "body-unicode", "non-ASCII text in UTF-8", yes(), body='{"name": "Zo\u00eb \u2603 \U0001f512"}'
    )
    yield case(
        "body-64-kib",
        "a body longer than all internal buffers",
        yes(),
        body={"text": "0123456789abcdef", "times": 4096},
    )
    yield case(
        "body-empty-with-digest",
        "the digest of an empty body can be signed",
        yes(),
        body=None,
        digest=scheme.content_digest(b""),
        components=[*TARGET, "content-digest"],
    )
    yield from limited_bodies(case, yes, no)
    yield case(
        "body-changed",
        "one byte of the body is changed after signing",
        no("body_digest_mismatch"),
        sent={"body": '{"query": "..!"}'},
    )
    yield case(
        "body-removed", "the body was removed after signing", no("body_digest_mismatch"), sent={"body": None}
    )
    yield case(
        "body-added",
        "a body was added after signing",
        no("missing_coverage"),
        method="GET",
        body=None,
        sent={"body": "x"},
    )
    two = scheme.content_digest(BODY.encode()) + ", sha-512=:AAAA:"
    yield case("digest-among-others", "digests with other algorithms are ignored", yes(), digest=two)


def windows():
    def at(name, why, seconds_later, expect, milliseconds=0, **more):
        return case(name, why, expect, now_ms=(NOW + seconds_later) * 1000 + milliseconds, **more)

    yield at(
        "window-past-boundary",
        "a request that is 300 seconds old is still in the window",
        300,
        yes(),
        milliseconds=999,
    )
    yield at("window-stale-by-one", "a request that is 301 seconds old", 301, no("stale_timestamp"))
    yield at("window-future-boundary", "a timestamp 5 seconds ahead is still in the window", -5, yes())
    yield at(
        "window-future-by-one", "a timestamp 6 seconds ahead", -6, no("future_timestamp"), milliseconds=999
    )
    yield at(
        "window-own-past",
        "a verifier can set its own window",
        61,
        no("stale_timestamp"),
        verifier={"past_s": 60},
    )
    ends = f';created={NOW};expires={NOW + 10};nonce="{NONCE}";keyid="agent/practices#1";alg="hmac-sha256";tag="sealwire"'
    yield at(
        "expires-boundary",
        "a signature is valid until the end of its expiry second",
        10,
        yes(),
        parameters=ends,
        milliseconds=999,
    )
    yield at(
        "expired",
        "an expired signature, although the timestamp is in the window",
        11,
        no("token_expired"),
        parameters=ends,
    )


def keys():
    both = ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=2)])
    yield case(
        "rotation-primary",
        "signed with the version in the key id",
        yes(key_version=2),
        keys=both,
        keyid="agent/practices#2",
        secret=PAIR_SECRET_2,
    )
    yield case("rotation-old-still-listed", "the previous version is still in the key ring", yes(), keys=both)
    retired = ring(
        [
            {
                "names": ["agent", "practices"],
                "primary": 2,
                "versions": [{"version": 2, "secret_base64": PAIR_SECRET_2}],
            }
        ]
    )
    yield case(
        "rotation-retired",
        "the version in the key id is not in the key ring",
        no("unknown_key_version"),
        keys=retired,
    )
    yield case(
        "rotation-version-renamed",
        "signed with version 2, but the key id contains version 1",
        no("signature_mismatch"),
        keys=both,
        secret=PAIR_SECRET_2,
    )
    yield case(
        "keyid-without-version",
        "a key id must contain a version",
        no("missing_key_version", INPUT),
        keyid="agent/practices",
    )
    yield case("unknown-sender", "no key for this sender", no("unknown_client"), keyid="stranger/practices#1")
    yield case("unknown-client", "no such client", no("unknown_client"), keyid="stranger#1")
    yield case(
        "target-uri",
        "the target URI includes the authority, path and query",
        yes(),
        components=["@method", "@target-uri", DIGEST],
        target="/graphql?a=1",
    )
    yield case(
        "parameters-in-another-order",
        "parameters can be in any order",
        yes(),
        parameters=f';tag="{TAG}";keyid="agent/practices#1";alg="hmac-sha256";nonce="{NONCE}";created={NOW}',
    )
    yield case(
        "alias-names",
        "the keys of agent and practices are also used for the names with _service",
        yes(sender="agent_service"),
        keyid="agent_service/practices_service#1",
        service="practices_service",
    )
    yield case(
        "wrong-secret",
        "the sender and the verifier have different secrets",
        no("signature_mismatch"),
        secret=OTHER_SECRET,
    )
    yield case(
        "sender-not-allowed",
        "a known sender that may not use this method",
        no("sender_not_allowed"),
        verifier={"senders": {"agent": {"methods": ["GET"]}}},
    )

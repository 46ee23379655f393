"""Test vectors for the scheme `pairwise`: signed requests, accepted requests, and simple rejections."""

import base64

from reference import pairwise as scheme

from .common import (
    NOW,
    OTHER_SECRET,
    PAIR_SECRET,
    PAIR_SECRET_2,
    accepted,
    body_of,
    limited_bodies,
    pair,
    rejected,
    request,
    ring,
    signing_input,
)

ABOUT = (
    "The `pairwise` scheme: X-Service-Name, X-Service-Timestamp (seconds), X-Service-Signature, X-User-ID."
)
DESIGN_BODY = '{"query": "..."}'
RING = ring([pair("agent", "practices")])
NAME, STAMP, SIGNATURE = "x-service-name", "x-service-timestamp", "x-service-signature"


def cases():
    yield from signing()
    yield from accepting()
    yield from bodies()
    yield from windows()
    yield from keys()
    yield from names()


def case(name, why, expect, *, now_ms=NOW * 1000, keys=RING, verifier=(), change=None, sent=(), **signed):
    """Returns a test case with a request that a sender signs. `sent` and `change` modify the request after it
    is signed."""
    made = sign(**signed)
    arrives = {"method": made["method"], "target": made["target"], "body": made["body"]} | dict(sent)
    headers = change(made["headers"]) if change else made["headers"]
    return {
        "name": f"pairwise-{name}",
        "why": why,
        "keys": keys,
        "verifier": {"service": made["receiver"], "schemes": ["pairwise"]} | dict(verifier),
        "now_ms": now_ms,
        "request": request(arrives["method"], arrives["target"], headers, arrives["body"]),
        **signing_input(made["base"]),
        "mac_hex": made["mac"],
        "expect": expect,
    }


def sign(
    method="POST",
    target="/graphql",
    body=DESIGN_BODY,
    sender="agent",
    receiver="practices",
    timestamp=NOW,
    secret=PAIR_SECRET,
    user_id=None,
):
    data = scheme.base(str(timestamp), sender, receiver, method, target, body_of(body))
    mac = scheme.signature(base64.b64decode(secret), data)
    headers = scheme.headers(sender, str(timestamp), mac, user_id)
    return {
        "method": method,
        "target": target,
        "body": body,
        "receiver": receiver,
        "base": data,
        "mac": mac,
        "headers": headers,
    }


def yes(**more):
    return accepted("pairwise", "agent", **more)


def no(reason, field=None):
    return rejected("pairwise", reason, field)


def signing():
    yield signed("sign-design-example", "the worked example in the design")
    yield signed(
        "sign-with-user-id",
        "the user id is sent, but not covered by the signature",
        user_id="user-7",
    )
    yield signed(
        "sign-without-body",
        "a missing body is signed as an empty body",
        method="GET",
        target="/health",
        body=None,
    )
    yield signed(
        "sign-leaves-query-out",
        "the query is not signed",
        method="GET",
        target="/items?page=2",
        body=None,
    )
    yield signed(
        "sign-raw-path",
        "the path is signed as sent, including percent-encoding",
        method="GET",
        target="/files/a%2Fb",
        body=None,
    )
    yield signed("sign-upper-cases-method", "the method is signed in upper case", method="post")
    yield signed("sign-binary-body", "the body is signed as bytes", body=bytes(range(256)))
    rotated = ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=2)])
    yield signed(
        "sign-with-primary",
        "the primary version of the key is used for the signature, even if it is not the first version",
        keys=rotated,
        secret=PAIR_SECRET_2,
    )
    yield signed(
        "sign-under-full-name",
        "the key is found without the suffix _service, but the names are signed as given",
        sender="agent_service",
        receiver="practices_service",
    )


def signed(name, why, *, keys=RING, sender="agent", receiver="practices", user_id=None, **more):
    made = sign(sender=sender, receiver=receiver, user_id=user_id, **more)
    asked = {
        "schemes": ["pairwise"],
        "sender": sender,
        "receiver": receiver,
        "user_id": user_id,
        "now_ms": NOW * 1000 + 999,
    }
    return {
        "name": f"pairwise-{name}",
        "why": why,
        "keys": keys,
        "sign": asked | {"request": request(made["method"], made["target"], [], made["body"])},
        **signing_input(made["base"]),
        "mac_hex": made["mac"],
        "headers": made["headers"],
    }


def accepting():
    yield case(
        "design-example", "the worked example in the design, POST /graphql from agent to practices", yes()
    )
    yield case("get-without-body", "no body", yes(), method="GET", target="/health", body=None)
    yield case(
        "lower-case-method-signed-upper",
        "a lower-case method is signed in upper case",
        yes(),
        method="post",
    )
    yield case(
        "header-names-any-case",
        "field names are case-insensitive",
        yes(),
        change=lambda headers: [[name.upper(), value] for name, value in headers],
    )
    yield case(
        "percent-encoded-slash",
        "the path is signed as sent, so %2F is not decoded",
        yes(),
        method="GET",
        target="/files/a%2Fb",
        body=None,
    )
    yield case(
        "percent-decoded-path-refused",
        "a proxy that decodes the path invalidates the signature",
        no("signature_mismatch"),
        method="GET",
        target="/files/a%2Fb",
        body=None,
        sent={"target": "/files/a/b"},
    )
    yield case(
        "query-not-covered",
        "known limit: the query can be changed, because it is not signed",
        yes(),
        target="/graphql?a=1",
        sent={"target": "/graphql?a=2"},
    )
    yield case(
        "options-asterisk",
        "an OPTIONS request for the whole server has the target *",
        yes(),
        method="OPTIONS",
        target="*",
        body=None,
    )
    yield case("latin-1-path", "bytes above 0x7f in a path are signed unchanged", yes(), target="/caf\u00e9")
    yield case("root-path", "the shortest path", yes(), target="/")
    yield case(
        "user-id-not-trusted", "the unsigned user id is not part of the identity", yes(), user_id="user-7"
    )
    yield case(
        "user-id-trusted",
        "the verifier is configured to trust the unsigned user id",
        yes(user_id="user-7"),
        user_id="user-7",
        verifier={"trust_unsigned_user_id": True},
    )
    yield case(
        "other-direction",
        "both directions use the same key, but their MACs differ",
        accepted("pairwise", "practices"),
        sender="practices",
        receiver="agent",
    )


def bodies():
    yield case(
        "body-unicode",
        "non-ASCII text is signed as UTF-8",
        yes(),
        body='{"name": "Zo\u00eb \u2603 \U0001f512"}',
    )
    yield case("body-binary", "all byte values, including NUL", yes(), body=bytes(range(256)))
    yield case("body-not-utf-8", "a body that is not valid UTF-8", yes(), body=b"\xff\xfe\xfd\x00\x80")
    yield case(
        "body-with-dots",
        "separators in the body have no effect, because the body is the last part of the signing input",
        yes(),
        body="...1712419200.agent.practices.POST./graphql.",
    )
    yield case(
        "body-64-kib",
        "a body longer than all internal buffers",
        yes(),
        body={"text": "0123456789abcdef", "times": 4096},
    )
    yield from limited_bodies(case, yes, no)
    yield case(
        "body-changed",
        "one byte of the body is changed after signing",
        no("signature_mismatch"),
        sent={"body": '{"query": "..!"}'},
    )
    yield case(
        "body-added",
        "a body was added after signing",
        no("signature_mismatch"),
        method="GET",
        body=None,
        sent={"body": "x"},
    )
    yield case(
        "body-removed", "the body was removed after signing", no("signature_mismatch"), sent={"body": None}
    )


def windows():
    def at(name, why, seconds_later, expect, milliseconds=0, **more):
        return case(name, why, expect, now_ms=(NOW + seconds_later) * 1000 + milliseconds, **more)

    yield at("window-past-boundary", "a request that is 300 seconds old is still in the window", 300, yes())
    yield at(
        "window-past-boundary-last-ms", "the age is measured in whole seconds", 300, yes(), milliseconds=999
    )
    yield at("window-stale-by-one", "a request that is 301 seconds old", 301, no("stale_timestamp"))
    yield at("window-future-boundary", "a timestamp 5 seconds ahead is still in the window", -5, yes())
    yield at("window-future-by-one", "a timestamp 6 seconds ahead", -6, no("future_timestamp"))
    yield at(
        "window-future-by-one-last-ms",
        "a timestamp 5.001 seconds ahead counts as 6 seconds ahead",
        -6,
        no("future_timestamp"),
        milliseconds=999,
    )
    yield at(
        "window-own-past",
        "a verifier can set its own window",
        61,
        no("stale_timestamp"),
        verifier={"past_s": 60},
    )
    yield at(
        "window-own-future-none",
        "a window that does not accept timestamps in the future",
        -1,
        no("future_timestamp"),
        verifier={"future_s": 0},
    )
    yield at(
        "window-none",
        "a window of zero accepts the current second",
        0,
        yes(),
        verifier={"past_s": 0, "future_s": 0},
    )
    yield case(
        "window-epoch",
        "the first second of 1970 is a valid timestamp",
        no("stale_timestamp"),
        timestamp=0,
    )
    yield case(
        "window-sixteen-digits",
        "the longest valid timestamp causes no overflow",
        no("future_timestamp"),
        timestamp=9999999999999999,
    )
    yield case(
        "window-milliseconds-by-mistake",
        "a timestamp in milliseconds instead of seconds",
        no("future_timestamp"),
        timestamp=NOW * 1000,
    )


def keys():
    both = ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=2)])
    yield case(
        "rotation-primary",
        "signed with the primary version",
        yes(key_version=2),
        keys=both,
        secret=PAIR_SECRET_2,
    )
    yield case("rotation-old-still-listed", "signed with the previous version", yes(key_version=1), keys=both)
    retired = ring(
        [
            {
                **pair("agent", "practices", PAIR_SECRET_2),
                "primary": 2,
                "versions": [{"version": 2, "secret_base64": PAIR_SECRET_2}],
            }
        ]
    )
    yield case(
        "rotation-retired", "the old version is not in the key ring", no("signature_mismatch"), keys=retired
    )
    secrets = [
        base64.b64encode(f"secret number {at} of a crowded set".encode()).decode() for at in range(1, 10)
    ]
    crowd = ring([pair("agent", "practices", *secrets, primary=9)])
    yield case(
        "rotation-eighth-key-tried",
        "the primary and seven other keys are tried",
        yes(key_version=7),
        keys=crowd,
        secret=secrets[6],
    )
    yield case(
        "rotation-ninth-key-not-tried",
        "at most eight keys are tried",
        no("signature_mismatch"),
        keys=crowd,
        secret=secrets[7],
    )
    yield case(
        "wrong-secret",
        "the sender and the verifier have different secrets",
        no("signature_mismatch"),
        secret=OTHER_SECRET,
    )


def names():
    full = ring([pair("agent", "practices"), pair("agent", "meals", OTHER_SECRET)])
    as_service = {
        "verifier": {"service": "practices_service"},
        "sender": "agent_service",
        "receiver": "practices_service",
    }
    yield case(
        "alias-both-names",
        "the keys of agent and practices are also used for agent_service and practices_service",
        accepted("pairwise", "agent_service"),
        **as_service,
    )
    yield case(
        "alias-receiver-only", "only the receiver's name has the suffix", yes(), receiver="practices_service"
    )
    yield case(
        "alias-mac-uses-name-as-sent",
        "the key lookup ignores the suffix, but the name is signed as sent",
        no("signature_mismatch"),
        receiver="practices",
        verifier={"service": "practices_service"},
    )
    for name, entry in (
        ("sender", ("agent", "practices_service")),
        ("receiver", ("agent_service", "practices")),
    ):
        yield case(
            f"alias-entry-without-suffix-of-{name}",
            "both names in the request have the suffix _service, but one name in the key ring entry does not",
            accepted("pairwise", "agent_service"),
            keys=ring([pair(*entry)]),
            **as_service,
        )
    yield case(
        "alias-suffix-repeated",
        "all repeated suffixes are removed from a name",
        accepted("pairwise", "agent_service_service"),
        sender="agent_service_service",
    )
    yield case(
        "suffix-is-the-name",
        "a name that consists only of the suffix is not shortened",
        no("unknown_client"),
        sender="_service",
    )
    yield case(
        "suffix-other-case", "the suffix is compared exactly", no("unknown_client"), sender="agent_Service"
    )
    yield case(
        "wrong-pair",
        "a request signed for another receiver, with the key of that pair",
        no("signature_mismatch"),
        receiver="meals",
        secret=OTHER_SECRET,
        keys=full,
        verifier={"service": "practices"},
    )
    yield case("unknown-sender", "no key for this sender", no("unknown_client"), sender="stranger")
    yield case(
        "sender-is-receiver",
        "there is no key for a service and itself",
        no("unknown_client"),
        sender="practices",
    )
    yield case("sender-other-case", "names are compared exactly", no("unknown_client"), sender="Agent")
    allowed = {"senders": {"agent": {"methods": ["GET"]}}}
    yield case(
        "sender-not-allowed",
        "a known sender that may not use this method",
        no("sender_not_allowed"),
        verifier=allowed,
    )

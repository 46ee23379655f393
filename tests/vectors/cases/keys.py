"""Test vectors for valid and invalid key rings. The error message for an invalid key ring may contain the
name of the entry, but never the secret."""

import base64

from .common import CLIENT_ID, OTHER_SECRET, PAIR_SECRET, PAIR_SECRET_2, client, issuer, pair, ring

ABOUT = "Valid key rings, and invalid key rings with their error messages."
LONG = "a client secret of more than thirty-two bytes"
ENTRY = "key ring entry agent/practices: "


def cases():
    yield from accepted()
    yield from secrets()
    yield from sets()
    yield from names()


def valid(name, why, keys):
    return {"name": f"keys-{name}", "why": why, "keys": keys, "expect": {"valid": True}}


def invalid(name, why, keys, message):
    return {"name": f"keys-{name}", "why": why, "keys": keys, "expect": {"invalid": message}}


def accepted():
    yield valid(
        "one-of-each",
        "a pair, a client and an issuer",
        ring([pair("agent", "practices")], [client(CLIENT_ID, LONG)], issuer(LONG)),
    )
    yield valid(
        "two-versions",
        "the primary version need not be the first",
        ring([pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2, primary=2)]),
    )
    exact = base64.b64encode(bytes(range(32))).decode()
    yield valid(
        "secret-of-32-bytes",
        "the shortest secret that is valid without allow_weak",
        ring([pair("agent", "practices", exact)]),
    )
    yield valid(
        "weak-allowed",
        "the short secret from the documentation, with allow_weak",
        ring(clients=[client(CLIENT_ID, "my-shared-secret")], allow_weak=True),
    )
    yield valid(
        "base64-with-line-end",
        "the final line break of a file is not part of the secret",
        ring([pair("agent", "practices", PAIR_SECRET + "\n")]),
    )
    most = [{"version": number, "secret_base64": PAIR_SECRET} for number in (0, 1, 4294967295)]
    yield valid(
        "versions-of-every-size",
        "a version is a u32 and may be zero",
        ring([{"names": ["agent", "practices"], "primary": 4294967295, "versions": most}]),
    )


def secrets():
    short = base64.b64encode(bytes(range(31))).decode()
    yield invalid(
        "secret-too-short",
        "a secret of 31 bytes",
        ring([pair("agent", "practices", short)]),
        ENTRY + "version 1: the secret has 31 bytes, fewer than 32; generate a longer one or set allow_weak",
    )
    yield invalid(
        "secret-empty",
        "an empty secret",
        ring([pair("agent", "practices", "")], allow_weak=True),
        ENTRY + "version 1: the secret is empty; set one of at least 32 random bytes",
    )
    zeros = base64.b64encode(bytes(32)).decode()
    repeated = "version 1: the secret is one byte repeated, a placeholder; generate a random one"
    yield invalid(
        "secret-all-zero",
        "a placeholder instead of a secret",
        ring([pair("agent", "practices", zeros)]),
        ENTRY + repeated,
    )
    yield invalid(
        "secret-one-letter",
        "a placeholder is rejected even if weak secrets are allowed",
        ring(clients=[client(CLIENT_ID, "x" * 40)], allow_weak=True),
        f"key ring entry {CLIENT_ID}: {repeated}",
    )
    pattern = "version 1: the secret is one short pattern repeated, a placeholder; generate a random one"
    for kind, text in {"changeme": b"changeme" * 4, "sixteen-bytes": b"0123456789abcdef" * 3}.items():
        yield invalid(
            f"secret-pattern-{kind}",
            "a placeholder instead of a secret",
            ring([pair("agent", "practices", base64.b64encode(text).decode())]),
            ENTRY + pattern,
        )
    # This message does not contain the entry, because its name is not known yet when the secret is decoded.
    not_base64 = "the secret is not padded standard base64; encode its bytes that way"
    for kind, value in {
        "plain-text": "this is a secret, but not base64!",
        "no-padding": PAIR_SECRET.rstrip("="),
        "url-alphabet": base64.urlsafe_b64encode(b"\xfb\xff\xfe" * 11).decode(),
        "inner-line-break": PAIR_SECRET[:20] + "\n" + PAIR_SECRET[20:],
        "trailing-bits": "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZx==",
    }.items():
        yield invalid(
            f"base64-{kind}",
            "the secret of a pair must be strict Base64",
            ring([pair("agent", "practices", value)]),
            not_base64,
        )


def sets():
    def of(versions, primary):
        return ring(
            [
                {
                    "names": ["agent", "practices"],
                    "primary": primary,
                    "versions": [{"version": v, "secret_base64": PAIR_SECRET} for v in versions],
                }
            ]
        )

    yield invalid(
        "set-empty",
        "a set without versions",
        of([], 1),
        ENTRY + "the key set is empty; add at least one version",
    )
    yield invalid(
        "set-version-twice",
        "two secrets with the same version",
        of([1, 1], 1),
        ENTRY + "version 1 is given twice; versions must be unique",
    )
    missing = "the primary version 2 is not among the versions; add it or select another"
    yield invalid("set-primary-missing", "a primary that is not listed", of([1], 2), ENTRY + missing)
    yield invalid(
        "issuer-primary-missing",
        "an issuer's primary that is not listed",
        ring(issuer=issuer(LONG, primary=2)),
        f"key ring entry issuer: {missing}",
    )


def names():
    clash = "its environment variable is also that of {}; rename one of the services"
    yield invalid(
        "names-clash",
        "the pairs a_b/c and a/b_c have the same variable HMAC_SECRET_A_B_C",
        ring([pair("a_b", "c"), pair("a", "b_c")]),
        "key ring entry a/b_c: " + clash.format("a_b/c"),
    )
    yield invalid(
        "names-clash-by-case",
        "variables are in upper case, so Agent and agent have the same variable",
        ring([pair("agent", "practices"), pair("Agent", "practices")]),
        "key ring entry Agent/practices: " + clash.format("agent/practices"),
    )
    yield invalid(
        "pair-twice",
        "the same pair in two entries, with its names in reverse order",
        ring([pair("agent", "practices"), pair("practices", "agent")]),
        ENTRY + "it is given twice; put all its versions in one entry",
    )
    yield invalid(
        "client-twice",
        "the same client in two entries",
        ring(clients=[client(CLIENT_ID, LONG), client(CLIENT_ID, LONG)]),
        f"key ring entry {CLIENT_ID}: it is given twice; put all its versions in one entry",
    )
    same = "{} is the same name without or with the suffix _service; keep one of the two entries"
    yield invalid(
        "one-pair-two-names",
        "both entries are for the same sender, so one of them would never be used",
        ring([pair("agent", "practices"), pair("agent_service", "practices", OTHER_SECRET)]),
        "key ring entry agent_service/practices: " + same.format("agent/practices"),
    )
    yield invalid(
        "one-receiver-two-names",
        "both entries are for the same receiver, so one of them would never be used",
        ring([pair("agent", "practices_service"), pair("practices", "agent", OTHER_SECRET)]),
        "key ring entry agent/practices: " + same.format("agent/practices_service"),
    )
    yield invalid(
        "one-client-two-names",
        "client ids also have canonical names",
        ring(clients=[client("billing_service", LONG), client("billing", LONG + LONG)]),
        "key ring entry billing: " + same.format("billing_service"),
    )
    bad = 'the name is not valid; services are 1 to 64 of A-Z a-z 0-9 _ -, client ids 1 to 128 visible ASCII characters other than : , " and backslash'
    yield invalid(
        "service-name-dot",
        "a name that contains the separator of the scheme",
        ring([pair("agent.eu", "practices")]),
        f"key ring entry agent.eu/practices: {bad}",
    )
    yield invalid(
        "service-with-itself",
        "a pair requires two services",
        ring([pair("agent", "agent")]),
        f"key ring entry agent/agent: {bad}",
    )
    yield invalid(
        "service-with-its-other-name",
        "a pair requires two services, but these are two names of one service",
        ring([pair("agent", "agent_service")]),
        f"key ring entry agent/agent_service: {bad}",
    )
    yield invalid(
        "client-id-colon",
        "a client id that contains the separator of the scheme",
        ring(clients=[client("billing:eu", LONG)]),
        f"key ring entry billing:eu: {bad}",
    )

"""Test vectors for connection strings: issued tokens, accepted tokens, rejections with an error code, and
malformed tokens."""

import base64

from reference import connection_string as scheme

from .common import flipped, issuer, ring

ABOUT = "Connection strings: tokens in the x-mycelium-connection-string header. The MAC is HMAC-SHA-512 over the Base64 text of the beans."
AID = "11111111-2222-4333-8444-555555555555"
TID = "66666666-7777-4888-9999-aaaaaaaaaaaa"
SID = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
EXPIRES = "2030-01-02T03:04:05+00:00"
EXPIRES_S = 1893553445
BEFORE = (EXPIRES_S - 3600) * 1000
SECRET, SECRET_2 = "k-v1", "k-v2"  # example secrets; they are short, so they require allow_weak
RING = ring(issuer=issuer(SECRET), allow_weak=True)
BOTH = ring(issuer=issuer(SECRET, SECRET_2, primary=2), allow_weak=True)
CODES = {
    "missing_key_version": "MYC00030",
    "unknown_key_version": "MYC00031",
    "signature_mismatch": "MYC00032",
}
DRAFT = {"aid": AID, "expires_s": EXPIRES_S, "offset_minutes": 0}
HEADER = "x-mycelium-connection-string"


def cases():
    yield from issuing()
    yield from accepting()
    yield from key_versions()
    yield from signatures()
    yield from expiry()
    yield from malformed()


def beans(version=1, expires=EXPIRES, **more):
    """Returns the beans of a token without the signature, in the order that Sealwire uses."""
    known = {"aid": AID, "edt": expires} | more
    order = [name for name in ("aid", "edt", "rls", "tid", "sid") if name in known]
    return [f"{name}={known[name]}" for name in order] + [f"kvr={version}"]


def case(name, why, parts, expect, *, secret=SECRET, keys=RING, now_ms=BEFORE, token=None, check_expiry=True):
    """Returns a test case that verifies a token. The default for `token` is `parts`, signed with `secret`."""
    return {
        "name": f"token-{name}",
        "why": why,
        "keys": keys,
        "check_expiry": check_expiry,
        "now_ms": now_ms,
        **(
            {
                "canonical_hex": scheme.mac_input(parts).hex(),
                "mac_hex": scheme.signature(secret.encode(), parts),
            }
            if parts
            else {}
        ),
        "token": scheme.issue(secret.encode(), parts) if token is None else token,
        "expect": expect,
    }


def yes(key_version=1, **more):
    return {
        "accepted": {
            "sender": AID,
            "key_version": key_version,
            "scheme": "connection_string",
            "user_id": None,
            "nonce": None,
        }
        | more
    }


def no(reason):
    message = "Invalid connection string"
    if reason == "token_expired":
        message = "Expired connection string"
    elif reason in CODES:
        message = f"{message}: {CODES[reason]}"
    return {"rejected": {"reason": reason, "status": 401, "text": message, "field": None}}


def issuing():
    yield issued("design-example", "the worked example in the design", {})
    yield issued(
        "with-roles",
        "roles with permissions: 0 is read, 1 is write",
        {"rls": [["reader", 0], ["writer", 1]]},
    )
    yield issued(
        "with-all-beans",
        "all beans, in the order that Sealwire uses",
        {"rls": [["admin", 1]], "tid": TID, "sid": SID},
    )
    yield issued(
        "with-offset",
        "the expiry is written in the given time zone",
        {"offset_minutes": 120},
        expires="2030-01-02T05:04:05+02:00",
    )
    yield issued(
        "with-offset-behind",
        "a negative offset that includes half an hour",
        {"offset_minutes": -330},
        expires="2030-01-01T21:34:05-05:30",
    )
    yield issued(
        "with-primary",
        "the primary version of the key is used for the signature",
        {},
        keys=BOTH,
        version=2,
        secret=SECRET_2,
    )
    for kind, role in {
        "semicolon": "admin;kvr=1",
        "equals": "a=b",
        "colon": "admin:1",
        "comma": "a,b:1",
        "line-break": "a\nb",
        "empty": "",
    }.items():
        yield {
            "name": f"token-issue-role-with-{kind}",
            "why": "a role name that would add beans or roles is rejected",
            "keys": RING,
            "issue": DRAFT | {"rls": [[role, 0]]},
            "expect": {"refused": True},
        }


def issued(name, why, more, *, keys=RING, version=1, secret=SECRET, expires=EXPIRES):
    asked = DRAFT | more
    written = {key: value for key, value in asked.items() if key in ("tid", "sid")}
    if "rls" in asked:
        written["rls"] = ",".join(f"{role}:{permission}" for role, permission in asked["rls"])
    parts = beans(version, expires, **written)
    return {
        "name": f"token-issue-{name}",
        "why": why,
        "keys": keys,
        "issue": asked,
        "canonical_hex": scheme.mac_input(parts).hex(),
        "mac_hex": scheme.signature(secret.encode(), parts),
        "headers": [[HEADER, scheme.issue(secret.encode(), parts)]],
    }


def accepting():
    yield case("design-example", "the worked example in the design", beans(), yes())
    yield case("all-beans", "all beans", beans(rls="reader:0,writer:1", tid=TID, sid=SID), yes())
    yield case(
        "other-time-zone",
        "the same expiry in another time zone: the MAC covers the beans as received",
        beans(expires="2030-01-02T05:04:05+02:00"),
        yes(),
    )
    yield case("west-of-greenwich", "a negative offset", beans(expires="2030-01-01T21:34:05-05:30"), yes())
    shuffled = ["kvr=1", f"tid={TID}", f"edt={EXPIRES}", f"aid={AID}"]
    yield case("other-order", "the MAC covers the beans in the received order", shuffled, yes())
    mac = scheme.signature(SECRET.encode(), beans())
    yield case(
        "signature-first",
        "the signature can be at any position",
        beans(),
        yes(),
        token=scheme.encode([f"sig={mac}", *beans()]),
    )


def key_versions():
    yield case(
        "rotation-primary", "signed with the primary version", beans(2), yes(2), keys=BOTH, secret=SECRET_2
    )
    yield case("rotation-old-still-listed", "signed with the previous version", beans(1), yes(1), keys=BOTH)
    new = ring(issuer={"primary": 2, "versions": [{"version": 2, "secret": SECRET_2}]}, allow_weak=True)
    yield case(
        "rotation-retired",
        "the version was removed from the key ring",
        beans(1),
        no("unknown_key_version"),
        keys=new,
    )
    yield case("unknown-version", "a version that never existed", beans(7), no("unknown_key_version"))
    without_kvr = beans()[:-1]
    yield case("kvr-absent", "a token without a version", without_kvr, no("missing_key_version"))
    good = scheme.signature(SECRET.encode(), beans())
    yield case(
        "kvr-stripped",
        "the version is removed from a signed token",
        beans(),
        no("missing_key_version"),
        token=scheme.encode([*without_kvr, f"sig={good}"]),
    )
    two = scheme.signature(SECRET_2.encode(), beans(2))
    yield case(
        "downgraded",
        "a token signed with version 2, but with the version changed to 1",
        beans(2),
        no("signature_mismatch"),
        keys=BOTH,
        secret=SECRET_2,
        token=scheme.encode([*beans(1), f"sig={two}"]),
    )


def signatures():
    good = scheme.signature(SECRET.encode(), beans())

    def signed_as(name, why, text, reason="signature_mismatch"):
        return case(name, why, beans(), no(reason), token=scheme.encode([*beans(), f"sig={text}"]))

    yield case(
        "sig-absent",
        "a token without a signature",
        beans(),
        no("missing_key_version"),
        token=scheme.encode(beans()),
    )
    yield signed_as("sig-first-bit-flipped", "the first bit of the MAC is changed", flipped(good))
    yield signed_as("sig-last-bit-flipped", "the last bit of the MAC is changed", flipped(good, 127))
    yield signed_as("sig-upper-case", "a different spelling of the same MAC", good.upper())
    yield signed_as("sig-short", "126 digits", good[:-2])
    yield signed_as("sig-long", "130 digits", good + "00")
    yield signed_as("sig-not-hex", "not hexadecimal", "z" * 128)
    yield case(
        "sig-not-hex-before-unknown-version",
        "the format of the signature is checked before the version",
        beans(7),
        no("signature_mismatch"),
        token=scheme.encode([*beans(7), "sig=nope"]),
    )
    yield case(
        "wrong-secret",
        "a different secret with the same version number",
        beans(),
        no("signature_mismatch"),
        secret=SECRET_2,
    )
    yield case(
        "account-changed",
        "a different account with the old signature",
        beans(),
        no("signature_mismatch"),
        token=scheme.encode([*beans(aid=AID.replace("1", "9")), f"sig={good}"]),
    )
    yield case(
        "role-added",
        "a role that was not issued",
        beans(),
        no("signature_mismatch"),
        token=scheme.encode([*beans(rls="admin:1"), f"sig={good}"]),
    )
    yield case(
        "mac-over-raw-beans",
        "the MAC covers the Base64 text, not the beans",
        beans(),
        no("signature_mismatch"),
        token=scheme.encode(
            [*beans(), f"sig={scheme.hmac_sha512(SECRET.encode(), ';'.join(beans()).encode()).hex()}"]
        ),
    )


def expiry():
    yield case(
        "expiry-boundary",
        "a token is valid until the end of its expiry second",
        beans(),
        yes(),
        now_ms=EXPIRES_S * 1000 + 999,
    )
    yield case(
        "expired-by-one",
        "one second after the expiry",
        beans(),
        no("token_expired"),
        now_ms=(EXPIRES_S + 1) * 1000,
    )
    yield case(
        "expired", "one hour after the expiry", beans(), no("token_expired"), now_ms=(EXPIRES_S + 3600) * 1000
    )
    yield case(
        "expired-in-its-own-zone",
        "the offset is applied: 05:04:05+02:00 is 03:04:05 in UTC",
        beans(expires="2030-01-02T05:04:05+02:00"),
        no("token_expired"),
        now_ms=(EXPIRES_S + 60) * 1000,
    )
    yield case(
        "expired-unchecked",
        "the caller can disable the expiry check",
        beans(),
        yes(),
        now_ms=(EXPIRES_S + 3600) * 1000,
        check_expiry=False,
    )
    yield case(
        "expired-and-forged",
        "a wrong MAC is reported before the expiry",
        beans(),
        no("signature_mismatch"),
        secret=SECRET_2,
        now_ms=(EXPIRES_S + 3600) * 1000,
    )


def malformed():
    def raw(name, why, token):
        return case(name, why, [], no("malformed_token"), token=token)

    def of(name, why, parts):
        return case(name, why, parts, no("malformed_token"))

    good = scheme.issue(SECRET.encode(), beans())
    yield raw("malformed-empty", "an empty token", "")
    yield raw("malformed-not-base64", "not Base64", "aid=11111111-2222-4333-8444-555555555555")
    yield raw("malformed-padding-missing", "the padding is required", scheme.encode(["aid=1"]).rstrip("="))
    yield raw(
        "malformed-url-alphabet",
        "the URL-safe alphabet",
        base64.urlsafe_b64encode(b"aid=\xfb\xff\xfe;kvr=1").decode(),
    )
    yield raw("malformed-line-break", "a line break in the token", good[:40] + "\n" + good[40:])
    yield raw(
        "malformed-trailing-bits",
        "non-zero bits in the padding, which decoders treat differently",
        "YWlkPTF=",
    )
    yield raw(
        "malformed-not-utf-8", "bytes that are not UTF-8", base64.b64encode(b"aid=\xff\xfe;kvr=1").decode()
    )
    yield raw("malformed-over-long", "more than 8 KiB", scheme.encode(["aid=" + "1" * 9000]))
    yield of(
        "malformed-bean-twice",
        "two accounts in one token",
        [f"aid={AID}", f"aid={TID}", f"edt={EXPIRES}", "kvr=1"],
    )
    yield of(
        "malformed-kvr-twice", "two versions in one token", [f"aid={AID}", f"edt={EXPIRES}", "kvr=1", "kvr=2"]
    )
    yield of(
        "malformed-bean-without-equals", "a bean must have the form key=value", [f"aid={AID}", "edt", "kvr=1"]
    )
    yield of("malformed-empty-bean", "two separators in a row", [f"aid={AID}", "", f"edt={EXPIRES}", "kvr=1"])
    yield raw(
        "malformed-trailing-separator",
        "a separator at the end",
        base64.b64encode(base64.b64decode(good) + b";").decode(),
    )
    yield of(
        "malformed-unknown-bean",
        "an unknown bean could be a restriction, so it is not ignored",
        [f"aid={AID}", f"edt={EXPIRES}", "ipr=10.0.0.0/8", "kvr=1"],
    )
    yield of("malformed-account-absent", "the account is required", [f"edt={EXPIRES}", "kvr=1"])
    yield of("malformed-expiry-absent", "the expiry is required", [f"aid={AID}", "kvr=1"])
    yield of(
        "malformed-account", "an account that is not a UUID", ["aid=somebody", f"edt={EXPIRES}", "kvr=1"]
    )
    yield of(
        "malformed-tenant", "a tenant that is not a UUID", [f"aid={AID}", f"edt={EXPIRES}", "tid=7", "kvr=1"]
    )
    for kind, value in {
        "no-such-day": "2030-02-30T03:04:05+00:00",
        "no-offset": "2030-01-02T03:04:05",
        "letter-offset": "2030-01-02T03:04:05Z",
        "fraction": "2030-01-02T03:04:05.5+00:00",
        "space": "2030-01-02 03:04:05+00:00",
        "hour-24": "2030-01-02T24:00:00+00:00",
    }.items():
        yield of(f"malformed-expiry-{kind}", "not %Y-%m-%dT%H:%M:%S%:z", beans(expires=value))
    for kind, value in {
        "word": "one",
        "negative": "-1",
        "leading-zero": "01",
        "over-u32": "4294967296",
        "line-break": "a\nb",
        "empty": "",
    }.items():
        yield of(f"malformed-kvr-{kind}", "the version must be a u32 without leading zeros", beans(value))
    for kind, value in {
        "permission": "admin:2",
        "no-permission": "admin",
        "no-name": ":1",
        "trailing-comma": "admin:1,",
    }.items():
        yield of(
            f"malformed-roles-{kind}", "roles must be name:0 or name:1, joined by commas", beans(rls=value)
        )

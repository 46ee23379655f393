"""Attacks on the running services. Each attack is a valid request with one change.

Services in all languages must respond to an attack in the same way. This file repeats the public messages and
rejection reasons, because a test must not import its expected values from the code under test.
"""

from dataclasses import dataclass

from . import victim
from .forge import Draft, sign
from .tampering import doubled, with_body, with_header, with_line, with_method, with_target, without
from .victim import Make, Victim, changed, signed
from .wire import Request

NOT_ACCEPTED = "Request signature not accepted"
REQUIRED = "Request signature required"
PAIR_INVALID = "Invalid service authentication signature"
PAIR_TIMESTAMP = "Invalid timestamp format"
PAIR_MISSING = "Missing service authentication headers"
CLIENT_MISSING = "Missing auth headers"
CLIENT_UNKNOWN = "Unknown client"
CLIENT_STALE = "Stale timestamp"
CLIENT_REPLAY = "Replay detected"
CLIENT_MISMATCH = "Buffer Doesn't match"

STALE_S = 301  # all schemes accept requests up to 300 s old
AHEAD_S = 60  # message and pairwise accept timestamps up to 5 s in the future
CLIENT_AHEAD_S = 310  # client accepts timestamps up to 300 s in the future


@dataclass(frozen=True)
class Attack:
    """An attack, the public message of the expected 401 response, and the reason expected in the log.

    If an attack sends several requests, the service must accept all but the last one.
    """

    what: str
    scheme: str
    text: str
    reason: str
    make: Make


def stranger(draft: Draft, _victim: Victim) -> Draft:
    return draft.but(sender="stranger", key=b"a key that nobody else has ever known")


def with_key_of_others(scheme: str):
    return lambda draft, victim: draft.but(key=victim.key_of_others(scheme))


def for_another(draft: Draft, victim: Victim) -> Draft:
    """Changes the receiver to another service. The request is still sent to the attacked service."""
    other = "practices" if victim.receiver == "ledger" else "ledger"
    return draft.but(receiver=other, key=victim.keys.of_pair(draft.sender, other))


def shifted_colon(victim: Victim, scheme: str) -> list[Request]:
    """Returns a valid request, and a copy with characters moved from the URL to the request id.

    Both have the same MAC, because the signing input joins the URL and the request id with a colon, and the
    URL contains a colon too.
    """
    seen = sign(scheme, victim.draft(scheme).but(method="GET", target="/teams/1:2", body=b""))
    moved = with_header(seen, "X-Request-ID", lambda request_id: f"2:{request_id}")
    return [seen, with_target(moved, "/teams/1")]


def garbage(value: str) -> str:
    return f"{value}zz"


def spoilt(value: str) -> str:
    """Returns a well-formed `Signature` header with a changed MAC."""
    start = len("sig1=:")
    return f"{value[:start]}{'B' if value[start] == 'A' else 'A'}{value[start + 1 :]}"


def on(scheme: str, *attacks: tuple[str, str, str, Make]) -> list[Attack]:
    return [Attack(what, scheme, text, reason, make) for what, text, reason, make in attacks]


OTHER_BODY = b'{"amount": 9999}'
NOT_ASCII = "é" * 32  # 64 bytes in UTF-8, the length of a MAC in hex

MESSAGE = on(
    "message",
    ("body changed", NOT_ACCEPTED, "body_digest_mismatch", changed(lambda r: with_body(r, OTHER_BODY))),
    (
        "query changed",
        NOT_ACCEPTED,
        "signature_mismatch",
        changed(lambda r: with_target(r, "/orders?limit=9")),
    ),
    (
        "path changed",
        NOT_ACCEPTED,
        "signature_mismatch",
        changed(lambda r: with_target(r, "/refunds?limit=10")),
    ),
    ("method changed", NOT_ACCEPTED, "signature_mismatch", changed(lambda r: with_method(r, "PUT"))),
    ("user added", NOT_ACCEPTED, "missing_coverage", changed(lambda r: with_line(r, "X-User-ID", "admin"))),
    ("the same request twice", NOT_ACCEPTED, "replayed", victim.twice),
    ("timestamp 301 s old", NOT_ACCEPTED, "stale_timestamp", signed(lambda d, _: d.but(age_s=STALE_S))),
    ("timestamp 60 s ahead", NOT_ACCEPTED, "future_timestamp", signed(lambda d, _: d.but(age_s=-AHEAD_S))),
    (
        "timestamp is not a number",
        NOT_ACCEPTED,
        "malformed_header",
        signed(lambda d, _: d.but(timestamp="NaN")),
    ),
    ("unknown service", NOT_ACCEPTED, "unknown_client", signed(stranger)),
    ("key of another pair", NOT_ACCEPTED, "signature_mismatch", signed(with_key_of_others("message"))),
    (
        "unknown key version",
        NOT_ACCEPTED,
        "unknown_key_version",
        signed(lambda d, _: d.but(keyid=f"{d.sender}/{d.receiver}#2")),
    ),
    ("signed for another service", NOT_ACCEPTED, "unknown_client", signed(for_another)),
    (
        "sender and receiver swapped",
        NOT_ACCEPTED,
        "unknown_client",
        signed(lambda d, v: d.but(keyid=f"{v.receiver}/{d.sender}#1")),
    ),
    (
        "signed for another host",
        NOT_ACCEPTED,
        "signature_mismatch",
        signed(lambda d, _: d.but(authority="elsewhere:80")),
    ),
    ("repeated header", NOT_ACCEPTED, "malformed_header", changed(lambda r: doubled(r, "Signature-Input"))),
    (
        "signature followed by garbage",
        NOT_ACCEPTED,
        "malformed_header",
        changed(lambda r: with_header(r, "Signature", garbage)),
    ),
    (
        "signature is not ASCII",
        NOT_ACCEPTED,
        "malformed_header",
        changed(lambda r: with_header(r, "Signature", lambda _: f"sig1=:{NOT_ASCII}:")),
    ),
    ("signature missing", REQUIRED, "missing_headers", changed(lambda r: without(r, "Signature"))),
    (
        "nothing signed",
        REQUIRED,
        "missing_headers",
        changed(lambda r: without(r, "Signature", "Signature-Input")),
    ),
)

# Requests with signatures of two schemes. The stronger signature is missing or wrong, and the service must
# not accept the weaker one instead.
FALL_BACK = [
    attack
    for scheme in ("message+pairwise", "message+client")
    for attack in on(
        scheme,
        ("message MAC missing", REQUIRED, "missing_headers", changed(lambda r: without(r, "Signature"))),
        (
            "message MAC changed",
            NOT_ACCEPTED,
            "signature_mismatch",
            changed(lambda r: with_header(r, "Signature", spoilt)),
        ),
    )
]

PAIRWISE = on(
    "pairwise",
    ("body changed", PAIR_INVALID, "signature_mismatch", changed(lambda r: with_body(r, OTHER_BODY))),
    ("path changed", PAIR_INVALID, "signature_mismatch", changed(lambda r: with_target(r, "/refunds"))),
    ("method changed", PAIR_INVALID, "signature_mismatch", changed(lambda r: with_method(r, "PUT"))),
    ("the same request twice", PAIR_INVALID, "replayed", victim.twice),
    ("timestamp 301 s old", PAIR_INVALID, "stale_timestamp", signed(lambda d, _: d.but(age_s=STALE_S))),
    ("timestamp 60 s ahead", PAIR_INVALID, "future_timestamp", signed(lambda d, _: d.but(age_s=-AHEAD_S))),
    (
        "timestamp is not a number",
        PAIR_TIMESTAMP,
        "malformed_header",
        signed(lambda d, _: d.but(timestamp="NaN")),
    ),
    ("unknown service", PAIR_INVALID, "unknown_client", signed(stranger)),
    ("key of another pair", PAIR_INVALID, "signature_mismatch", signed(with_key_of_others("pairwise"))),
    ("signed for another service", PAIR_INVALID, "signature_mismatch", signed(for_another)),
    (
        "sender and receiver swapped",
        PAIR_INVALID,
        "unknown_client",
        signed(lambda d, v: d.but(sender=v.receiver)),
    ),
    (
        "repeated header",
        PAIR_MISSING,
        "duplicate_header",
        changed(lambda r: doubled(r, "X-Service-Timestamp")),
    ),
    (
        "signature followed by garbage",
        PAIR_INVALID,
        "malformed_header",
        changed(lambda r: with_header(r, "X-Service-Signature", garbage)),
    ),
    (
        "signature is not ASCII",
        PAIR_INVALID,
        "malformed_header",
        changed(lambda r: with_header(r, "X-Service-Signature", lambda _: NOT_ASCII)),
    ),
    (
        "signature missing",
        PAIR_MISSING,
        "missing_headers",
        changed(lambda r: without(r, "X-Service-Signature")),
    ),
)

CLIENT = on(
    "client",
    (
        "query changed",
        CLIENT_MISMATCH,
        "signature_mismatch",
        changed(lambda r: with_target(r, "/orders?limit=9")),
    ),
    ("method changed", CLIENT_MISMATCH, "signature_mismatch", changed(lambda r: with_method(r, "DELETE"))),
    ("the same request twice", CLIENT_REPLAY, "replayed", victim.twice),
    ("shifted colon", CLIENT_MISSING, "malformed_header", shifted_colon),
    ("timestamp 301 s old", CLIENT_STALE, "stale_timestamp", signed(lambda d, _: d.but(age_s=STALE_S))),
    (
        "timestamp 310 s ahead",
        CLIENT_STALE,
        "future_timestamp",
        signed(lambda d, _: d.but(age_s=-CLIENT_AHEAD_S)),
    ),
    (
        "timestamp is not a number",
        CLIENT_STALE,
        "malformed_header",
        signed(lambda d, _: d.but(timestamp="NaN")),
    ),
    ("unknown client", CLIENT_UNKNOWN, "unknown_client", signed(stranger)),
    ("secret of another client", CLIENT_MISMATCH, "signature_mismatch", signed(with_key_of_others("client"))),
    ("repeated header", CLIENT_MISSING, "duplicate_header", changed(lambda r: doubled(r, "X-Request-ID"))),
    (
        "signature followed by garbage",
        CLIENT_MISMATCH,
        "malformed_header",
        changed(lambda r: with_header(r, "X-Signature", garbage)),
    ),
    (
        "signature is not ASCII",
        CLIENT_MISMATCH,
        "malformed_header",
        changed(lambda r: with_header(r, "X-Signature", lambda _: NOT_ASCII)),
    ),
    ("signature missing", CLIENT_MISSING, "missing_headers", changed(lambda r: without(r, "X-Signature"))),
)

ALL = [*MESSAGE, *FALL_BACK, *PAIRWISE, *CLIENT]
REASONS = {attack.reason for attack in ALL}

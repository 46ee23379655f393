"""Attacks on the running services: a valid request, signed by the book, with one thing wrong.

Every receiver of a scheme is attacked alike and must answer alike, whatever it is written in. The texts are those that
callers of the original services know; they are written out here, for a test must not take them from what it tests.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .cast import AGENT, BILLING, Keys
from .forge import Draft, sign
from .tampering import doubled, joined, with_body, with_header, with_line, with_method, with_target, without
from .wire import Request

NOT_ACCEPTED = (401, "Request signature not accepted")
REQUIRED = (401, "Request signature required")
PAIR_INVALID = (401, "Invalid service authentication signature")
PAIR_TIMESTAMP = (401, "Invalid timestamp format")
PAIR_MISSING = (401, "Missing service authentication headers")
CLIENT_MISSING = (401, "Missing auth headers")
CLIENT_UNKNOWN = (401, "Unknown client")
CLIENT_STALE = (401, "Stale timestamp")
CLIENT_REPLAY = (401, "Replay detected")
CLIENT_MISMATCH = (401, "Buffer Doesn't match")

STALE_S = 301  # one second beyond the window
AHEAD_S = 60  # the older schemes' clocks may run ahead by 5 s, the client scheme's by 300 s
FAR_AHEAD_S = 310


@dataclass(frozen=True)
class Victim:
    """A receiver, and the keys the attacker's valid requests were signed with."""

    receiver: str
    authority: str
    keys: Keys

    def draft(self, scheme: str) -> Draft:
        return Draft(
            sender=AGENT.name,
            receiver=self.receiver,
            authority=self.authority,
            method="POST",
            target="/orders?limit=10",
            body=b'{"amount": 10}',
            key=self.keys.of(scheme, AGENT.name, self.receiver),
        )

    def valid(self, scheme: str) -> Request:
        return sign(scheme, self.draft(scheme))

    def key_of_others(self, scheme: str) -> bytes:
        """A key the receiver knows, but as another sender's."""
        return self.keys.of(scheme, BILLING.name, self.receiver)


@dataclass(frozen=True)
class Attack:
    """What is done, and the status and text it must meet. All requests but the last must be accepted."""

    what: str
    scheme: str
    expected: tuple[int, str]
    make: Callable[[Victim], list[Request]]


def after_signing(
    what: str, scheme: str, expected: tuple[int, str], change: Callable[[Request], Request]
) -> Attack:
    """A valid request, changed on its way."""
    return Attack(what, scheme, expected, lambda victim: [change(victim.valid(scheme))])


def signed_so(
    what: str, scheme: str, expected: tuple[int, str], change: Callable[[Draft, Victim], Draft]
) -> Attack:
    """A request that is signed faithfully, but should not have been sent."""
    return Attack(what, scheme, expected, lambda victim: [sign(scheme, change(victim.draft(scheme), victim))])


def replayed(scheme: str, expected: tuple[int, str]) -> Attack:
    return Attack("the same request twice", scheme, expected, lambda victim: [victim.valid(scheme)] * 2)


def a_strangers(draft: Draft, _victim: Victim) -> Draft:
    return draft.but(sender="stranger", key=b"a key that nobody else has ever known")


def garbage(value: str) -> str:
    return f"{value}zz"


def shifted_colon(victim: Victim) -> list[Request]:
    """The colon in the URL becomes the one before the request id: the same MAC for another URL and a fresh id."""
    seen = sign("client", victim.draft("client").but(method="GET", target="/teams/1:2", body=b""))
    moved = with_header(seen, "X-Request-ID", lambda request_id: f"2:{request_id}")
    return [seen, with_target(moved, "/teams/1")]


def signed_twice(scheme: str) -> Callable[[Victim], Request]:
    return lambda victim: joined(victim.valid("message"), victim.valid(scheme))


def signed_for_another(draft: Draft, victim: Victim) -> Draft:
    """Sent to the ledger, or to practices where the ledger is the victim; and turned to the victim on its way."""
    other = "practices" if victim.receiver == "ledger" else "ledger"
    return draft.but(receiver=other, key=victim.keys.of_pair(draft.sender, other))


PAIRWISE = [
    after_signing("body changed", "pairwise", PAIR_INVALID, lambda r: with_body(r, b'{"amount": 9999}')),
    after_signing("path changed", "pairwise", PAIR_INVALID, lambda r: with_target(r, "/refunds")),
    after_signing("method changed", "pairwise", PAIR_INVALID, lambda r: with_method(r, "PUT")),
    replayed("pairwise", PAIR_INVALID),
    signed_so("timestamp 301 s old", "pairwise", PAIR_INVALID, lambda d, _: d.but(age_s=STALE_S)),
    signed_so("timestamp 60 s ahead", "pairwise", PAIR_INVALID, lambda d, _: d.but(age_s=-AHEAD_S)),
    signed_so("timestamp is no number", "pairwise", PAIR_TIMESTAMP, lambda d, _: d.but(timestamp="NaN")),
    signed_so("unknown service", "pairwise", PAIR_INVALID, a_strangers),
    signed_so(
        "key of another pair", "pairwise", PAIR_INVALID, lambda d, v: d.but(key=v.key_of_others("pairwise"))
    ),
    signed_so("sent to another service", "pairwise", PAIR_INVALID, signed_for_another),
    signed_so("turned back on its sender", "pairwise", PAIR_INVALID, lambda d, v: d.but(sender=v.receiver)),
    after_signing("doubled header", "pairwise", PAIR_MISSING, lambda r: doubled(r, "X-Service-Timestamp")),
    after_signing(
        "signature, then garbage",
        "pairwise",
        PAIR_INVALID,
        lambda r: with_header(r, "X-Service-Signature", garbage),
    ),
    after_signing(
        "signature not ASCII",
        "pairwise",
        PAIR_INVALID,
        lambda r: with_header(r, "X-Service-Signature", lambda _: "é" * 64),
    ),
    after_signing(
        "signature left out", "pairwise", PAIR_MISSING, lambda r: without(r, "X-Service-Signature")
    ),
]

CLIENT = [
    after_signing(
        "query changed", "client", CLIENT_MISMATCH, lambda r: with_target(r, "/orders?limit=10000")
    ),
    after_signing("method changed", "client", CLIENT_MISMATCH, lambda r: with_method(r, "DELETE")),
    replayed("client", CLIENT_REPLAY),
    Attack("shifted colon", "client", CLIENT_MISSING, shifted_colon),
    signed_so("timestamp 301 s old", "client", CLIENT_STALE, lambda d, _: d.but(age_s=STALE_S)),
    signed_so("timestamp 310 s ahead", "client", CLIENT_STALE, lambda d, _: d.but(age_s=-FAR_AHEAD_S)),
    signed_so("timestamp is no number", "client", CLIENT_STALE, lambda d, _: d.but(timestamp="NaN")),
    signed_so("unknown client", "client", CLIENT_UNKNOWN, a_strangers),
    signed_so(
        "secret of another client",
        "client",
        CLIENT_MISMATCH,
        lambda d, v: d.but(key=v.key_of_others("client")),
    ),
    after_signing("doubled header", "client", CLIENT_MISSING, lambda r: doubled(r, "X-Request-ID")),
    after_signing(
        "signature, then garbage", "client", CLIENT_MISMATCH, lambda r: with_header(r, "X-Signature", garbage)
    ),
    after_signing(
        "signature not ASCII",
        "client",
        CLIENT_MISMATCH,
        lambda r: with_header(r, "X-Signature", lambda _: "é" * 64),
    ),
    after_signing("signature left out", "client", CLIENT_MISSING, lambda r: without(r, "X-Signature")),
]

MESSAGE = [
    after_signing("body changed", "message", NOT_ACCEPTED, lambda r: with_body(r, b'{"amount": 9999}')),
    after_signing("query changed", "message", NOT_ACCEPTED, lambda r: with_target(r, "/orders?limit=10000")),
    after_signing("path changed", "message", NOT_ACCEPTED, lambda r: with_target(r, "/refunds?limit=10")),
    after_signing("method changed", "message", NOT_ACCEPTED, lambda r: with_method(r, "PUT")),
    after_signing("user added", "message", NOT_ACCEPTED, lambda r: with_line(r, "X-User-ID", "admin")),
    replayed("message", NOT_ACCEPTED),
    signed_so("timestamp 301 s old", "message", NOT_ACCEPTED, lambda d, _: d.but(age_s=STALE_S)),
    signed_so("timestamp 60 s ahead", "message", NOT_ACCEPTED, lambda d, _: d.but(age_s=-AHEAD_S)),
    signed_so("timestamp is no number", "message", NOT_ACCEPTED, lambda d, _: d.but(timestamp="NaN")),
    signed_so("unknown service", "message", NOT_ACCEPTED, a_strangers),
    signed_so(
        "key of another pair", "message", NOT_ACCEPTED, lambda d, v: d.but(key=v.key_of_others("message"))
    ),
    signed_so(
        "unknown key version",
        "message",
        NOT_ACCEPTED,
        lambda d, _: d.but(keyid=f"{d.sender}/{d.receiver}#2"),
    ),
    signed_so("sent to another service", "message", NOT_ACCEPTED, signed_for_another),
    signed_so(
        "turned back on its sender",
        "message",
        NOT_ACCEPTED,
        lambda d, v: d.but(keyid=f"{v.receiver}/{d.sender}#1"),
    ),
    signed_so("sent to another host", "message", NOT_ACCEPTED, lambda d, _: d.but(authority="elsewhere:80")),
    after_signing("doubled header", "message", NOT_ACCEPTED, lambda r: doubled(r, "Signature-Input")),
    after_signing(
        "signature, then garbage", "message", NOT_ACCEPTED, lambda r: with_header(r, "Signature", garbage)
    ),
    after_signing(
        "signature not ASCII",
        "message",
        NOT_ACCEPTED,
        lambda r: with_header(r, "Signature", lambda _: "sig1=:é:"),
    ),
    after_signing("signature left out", "message", REQUIRED, lambda r: without(r, "Signature")),
    after_signing(
        "nothing signed", "message", REQUIRED, lambda r: without(r, "Signature", "Signature-Input")
    ),
]


def stripped(scheme: str) -> list[Attack]:
    """Signed twice, and the stronger signature spoilt: the weaker one must not be fallen back to."""
    both = signed_twice(scheme)
    return [
        Attack(
            "message signature left out",
            f"message+{scheme}",
            REQUIRED,
            lambda v: [without(both(v), "Signature")],
        ),
        Attack(
            "message signature spoilt",
            f"message+{scheme}",
            NOT_ACCEPTED,
            lambda v: [with_header(both(v), "Signature", garbage)],
        ),
    ]


ALL = [*MESSAGE, *stripped("pairwise"), *stripped("client"), *PAIRWISE, *CLIENT]

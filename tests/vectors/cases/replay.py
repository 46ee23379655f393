"""Test vectors with several requests to a verifier that has one replay table, including a full table."""

from . import client, message, pairwise
from .common import CLIENT_ID, NOW, OTHER_SECRET, rejected, replaced, ring
from .common import client as client_keys

ABOUT = "Replay protection: one verifier with one replay table receives the requests of a test case in the given order."
NOW_MS = NOW * 1000
TABLE = {"slots": 64}
SECRET_2 = "the-secret-after-my-shared-secret"


def cases():
    yield from of_client()
    yield from of_pairwise()
    yield from of_message()
    yield from of_tables()


def sequence(name, why, template, steps, replay=TABLE, **verifier):
    """Returns a test case with several requests. The keys and the verifier are those of `template`, which is
    a test case with one request."""
    return {
        "name": f"replay-{name}",
        "why": why,
        "keys": template["keys"],
        "verifier": template["verifier"] | verifier | {"replay": replay},
        "steps": [{key: step[key] for key in ("now_ms", "request", "expect")} for step in steps],
    }


def of_client():
    one = client.case
    seen = rejected("client", "replayed")
    first = one("first", "", client.yes())
    again = one("again", "", seen)
    yield sequence("client-same-request", "a request is accepted only once", first, [first, again, again])
    later = one("later", "", seen, now_ms=NOW_MS + 1_000, timestamp=NOW_MS + 1_000)
    yield sequence(
        "client-same-id-other-request",
        "a request id cannot be reused, even for a different request",
        first,
        [first, later],
    )
    fresh = one("fresh", "", client.yes(nonce="another-id"), request_id="another-id")
    yield sequence("client-other-id", "a request with another id is accepted", first, [first, fresh])
    edge = one("edge", "", seen, now_ms=NOW_MS + client.SKEW_MS)
    gone = one("gone", "", client.no("stale_timestamp"), now_ms=NOW_MS + client.SKEW_MS + 1)
    yield sequence(
        "client-until-the-window-ends",
        "a request id is stored until its timestamp is stale",
        first,
        [first, edge, gone],
    )
    ahead = NOW_MS + client.SKEW_MS
    fast = one("fast", "", client.yes(), timestamp=ahead)
    receipt = one("receipt", "", seen, timestamp=ahead, now_ms=NOW_MS + client.SKEW_MS + 2_000)
    end = one("end", "", seen, timestamp=ahead, now_ms=ahead + client.SKEW_MS)
    after = one("after", "", client.no("stale_timestamp"), timestamp=ahead, now_ms=ahead + client.SKEW_MS + 1)
    yield sequence(
        "client-fast-clock",
        "the id of a request with a future timestamp is stored until the timestamp is stale, which takes longer than the window",
        fast,
        [fast, receipt, end, after],
    )
    forged = one(
        "forged",
        "",
        client.no("signature_mismatch"),
        change=lambda headers: replaced(headers, "x-signature", "0" * 64),
    )
    yield sequence(
        "client-forgery-claims-nothing",
        "a request with a wrong signature does not claim its id",
        first,
        [forged, first],
    )
    wrong_after = one(
        "wrong-after", "", seen, change=lambda headers: replaced(headers, "x-signature", "0" * 64)
    )
    garbled_after = one(
        "garbled-after", "", seen, change=lambda headers: replaced(headers, "x-signature", "zz")
    )
    yield sequence(
        "client-looks-before-the-mac",
        "this scheme looks up the request id before it checks the signature",
        first,
        [first, wrong_after, garbled_after],
    )
    two = ring(clients=[client_keys(CLIENT_ID), client_keys("mailer", SECRET_2)], allow_weak=True)
    ours = one("ours", "", client.yes(), keys=two)
    theirs = one("theirs", "", client.yes(sender="mailer"), keys=two, client_id="mailer", secret=SECRET_2)
    yield sequence(
        "client-ids-belong-to-their-client", "two clients can use the same request id", ours, [ours, theirs]
    )
    renewed = NOW_MS + 2 * client.SKEW_MS
    reused = one("reused", "", client.yes(), timestamp=renewed, now_ms=renewed)
    yield sequence(
        "client-id-forgotten-in-time",
        "a request id can be reused after its first request is stale",
        first,
        [first, reused],
    )


def of_pairwise():
    first = pairwise.case("first", "", pairwise.yes())
    yield sequence(
        "pairwise-not-claimed", "two identical requests in one second are valid", first, [first, first]
    )
    claimed = pairwise.case("claimed", "", pairwise.yes(nonce=pairwise.sign()["mac"]))
    again = pairwise.case("again", "", pairwise.no("replayed"))
    yield sequence(
        "pairwise-claimed-by-choice",
        "the signature is claimed as a nonce if claim_pairwise is set",
        claimed,
        [claimed, again],
        claim_pairwise=True,
    )
    next_second = pairwise.case(
        "next",
        "",
        pairwise.yes(nonce=pairwise.sign(timestamp=NOW + 1)["mac"]),
        timestamp=NOW + 1,
        now_ms=NOW_MS + 1000,
    )
    yield sequence(
        "pairwise-next-second",
        "the same request has a different signature a second later",
        claimed,
        [claimed, next_second],
        claim_pairwise=True,
    )
    edge = pairwise.case("edge", "", pairwise.no("replayed"), now_ms=NOW_MS + 300_999)
    gone = pairwise.case("gone", "", pairwise.no("stale_timestamp"), now_ms=NOW_MS + 301_000)
    yield sequence(
        "pairwise-until-the-window-ends",
        "the nonce is stored until the end of the last valid second",
        claimed,
        [claimed, edge, gone],
        claim_pairwise=True,
    )


def of_message():
    first = message.case("first", "", message.yes())
    again = message.case("again", "", message.no("replayed"))
    yield sequence("message-same-request", "a request is accepted only once", first, [first, again])
    fresh = message.case("fresh", "", message.yes(nonce="fresh-nonce"), nonce="fresh-nonce")
    yield sequence(
        "message-other-nonce",
        "the same request with another nonce is accepted",
        first,
        [first, fresh],
    )
    edge = message.case("edge", "", message.no("replayed"), now_ms=NOW_MS + 300_999)
    gone = message.case("gone", "", message.no("stale_timestamp"), now_ms=NOW_MS + 301_000)
    yield sequence(
        "message-until-the-window-ends",
        "the nonce is stored until the end of the last valid second",
        first,
        [first, edge, gone],
    )
    forged = message.case("forged", "", message.no("signature_mismatch"), secret=OTHER_SECRET)
    changed = message.case("changed", "", message.no("body_digest_mismatch"), sent={"body": "changed"})
    yield sequence(
        "message-refusals-claim-nothing",
        "a wrong signature or body does not claim a nonce",
        first,
        [forged, changed, first, again],
    )
    wrong_after = message.case("wrong-after", "", message.no("signature_mismatch"), secret=OTHER_SECRET)
    yield sequence(
        "message-mac-before-replay",
        "only senders with a valid MAC learn that a nonce was used",
        first,
        [first, wrong_after],
    )


def of_tables():
    def numbered(at, expect, **more):
        return client.case(f"{at}", "", expect, request_id=f"id-{at}", **more)

    eight = [numbered(at, client.yes(nonce=f"id-{at}")) for at in range(8)]
    ninth = numbered(8, client.no("replay_store_full"))
    replayed = numbered(0, client.no("replayed"))
    later = NOW_MS + 2 * client.SKEW_MS
    room = numbered(9, client.yes(nonce="id-9"), timestamp=later, now_ms=later)
    yield sequence(
        "table-full",
        "live entries are never evicted; slots become free when entries expire",
        eight[0],
        [*eight, ninth, replayed, room],
        replay={"slots": 8},
    )
    guarded = {"slots": 64, "created_s": NOW}
    before = client.case("before", "", client.no("stale_timestamp"), timestamp=NOW_MS - 1_000)
    since = client.case("since", "", client.yes())
    yield sequence(
        "table-younger-than-request",
        "a request is rejected if it was signed before the table was created",
        since,
        [before, since],
        replay=guarded,
    )
    yield sequence(
        "table-made-now",
        "a table created now, years after the requests were signed, rejects them",
        before,
        [before, client.case("old", "", client.no("stale_timestamp"))],
        replay={"slots": 64, "created": "now"},
    )
    unguarded = pairwise.case("unguarded", "", pairwise.yes(), timestamp=NOW - 1)
    yield sequence(
        "table-younger-but-nothing-claimed",
        "the age of the table has no effect on requests without a nonce",
        unguarded,
        [unguarded],
        replay=guarded,
    )
    for scheme, single in (("client", client), ("message", message)):
        out = single.case("out", "", single.no("replay_store_unavailable"))
        yield sequence(
            f"store-unreachable-{scheme}",
            "if the store does not respond, requests are rejected",
            out,
            [out],
            replay={"store": "unreachable"},
        )
    forged = client.case(
        "forged",
        "",
        client.no("signature_mismatch"),
        change=lambda headers: replaced(headers, "x-signature", "0" * 64),
    )
    yield sequence(
        "store-unreachable-forgery",
        "a wrong signature is reported even if the store does not respond",
        forged,
        [forged],
        replay={"store": "unreachable"},
    )

"""Tests that an identity contains only data from its own request, although the verifier reuses buffers."""

import threading

import pytest
from sealwire import ReplayTable, Signer, Verifier

NOW_MS = 1_712_419_200_000
SENDERS = ("agent", "meals")


@pytest.fixture
def identify(keys):
    """Returns a function that signs and verifies a request, and returns the identity."""
    options = {"schemes": ["pairwise"], "trust_unsigned_user_id": True}
    verifier = Verifier("practices", keys, **options)
    signers = {sender: Signer(sender, keys, schemes=["pairwise"]) for sender in SENDERS}

    def identify(sender="agent", user_id=None, later_ms=0, others=()):
        headers = signers[sender].sign("GET", "/", None, b"", "practices", user_id, now_ms=NOW_MS)
        lines = [*others, *headers.items()]
        return verifier.verify("GET", "/", lines, b"", now_ms=NOW_MS + later_ms)

    return identify


def test_the_identity_contains_the_sender(identify):
    for sender in (*SENDERS, "meals", "agent", "agent"):
        assert identify(sender).sender == sender


def test_senders_are_distinguished_in_every_thread(identify):
    wrong = []

    def ask(sender):
        wrong.extend(sender for _ in range(2000) if identify(sender).sender != sender)

    threads = [threading.Thread(target=ask, args=(sender,)) for sender in SENDERS * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_identities_are_equal_if_all_fields_are_equal(identify):
    one, same = identify(user_id="user-7"), identify(user_id="user-7")
    assert one == same and hash(one) == hash(same) and len({one, same}) == 1
    for other in (identify("meals", "user-7"), identify(user_id="user-8"), identify(), identify(later_ms=1)):
        assert one != other and hash(one) != hash(other)
    assert one != "agent" and one != None  # noqa: E711 - the test calls the comparison operator
    assert repr(one) == '<Identity "agent" for user "user-7", pairwise key 1>'


def test_a_nonce_is_part_of_an_identity(keys):
    signer = Signer("billing-service", keys, schemes=["client"])
    verifier = Verifier("iam", keys, schemes=["client"], replay=ReplayTable.heap(accept_older=True))
    one, other = (verifier.verify("GET", "/", signer.sign("GET", "/")) for _ in range(2))
    assert one.nonce != other.nonce and one != other


def test_headers_of_an_earlier_request_are_not_read_again(identify):
    padding = [(f"X-Padding-{at}", "x") for at in range(40)]
    user = identify(others=[*padding, ("X-User-ID", "user-7")])
    assert user.user_id == "user-7"
    assert identify().user_id is None


def test_the_headers_of_a_response_and_its_request_are_read_together(keys):
    """The signature of a response covers headers of its request, so the library reads both header lists at
    once."""
    signer = Signer("agent", keys, schemes=["message"])
    verifier = Verifier("practices", keys, authorities="any")
    sent = signer.sign("GET", "https://practices/", None, b"", "practices") | {"Host": "practices"}
    identity = verifier.verify("GET", "/", sent)
    answer = verifier.sign_response(identity.sender, identity.scheme, "GET", "/", sent, 200, b"ok")
    for _ in range(2):
        told = signer.verify_response("GET", "https://practices/", sent, 200, answer, b"ok", "practices")
        assert told.key_version == 1

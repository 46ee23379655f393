"""Tests for the native objects: keys, signing, verification, replay and tokens."""

import array
import copy
import os
import pickle
import threading
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sealwire import (
    ConfigError,
    ConnectionString,
    KeyRing,
    Rejected,
    ReplayTable,
    Signer,
    SignError,
    TokenRejected,
    Verifier,
)
from sealwire import _native as native

from .conftest import CLIENT_SECRET, PAIR_SECRET

NOW_MS = 1_712_419_200_000
BODY = b'{"query": "..."}'
SIGNATURE = "91128d3e3015dc3e83a760c8bd54cd037da9f204ac5033caa43c5c1f91760971"


def pairwise(keys, **options):
    signer = Signer("agent", keys, schemes=["pairwise"])
    return signer, Verifier("practices", keys, schemes=["pairwise"], **options)


def test_the_imported_package_is_the_one_under_test():
    assert (".abi3." in native.__file__) is ("abi3" in os.environ.get("PYTHONPATH", ""))


def test_signs_the_worked_example(keys):
    signer, verifier = pairwise(keys)
    headers = signer.sign("POST", "/graphql", None, BODY, "practices", now_ms=NOW_MS)
    assert headers == {
        "X-Service-Name": "agent",
        "X-Service-Timestamp": "1712419200",
        "X-Service-Signature": SIGNATURE,
    }
    identity = verifier.verify("POST", "/graphql", headers, BODY, now_ms=NOW_MS + 2000)
    assert (identity.sender, identity.scheme, identity.key_version) == ("agent", "pairwise", 1)
    assert (identity.user_id, identity.nonce, identity.age_ms) == (None, None, 2000)
    assert repr(identity) == '<Identity "agent", pairwise key 1>'


def test_a_rejection_contains_the_reason_and_no_secret(keys):
    signer, verifier = pairwise(keys)
    headers = signer.sign("POST", "/graphql", None, BODY, "practices", now_ms=NOW_MS)
    with pytest.raises(Rejected) as caught:
        verifier.verify("POST", "/graphql", headers, b"{}", now_ms=NOW_MS)
    rejected = caught.value
    assert (rejected.reason, rejected.code, rejected.number, rejected.status) == (
        "signature_mismatch",
        "signature_mismatch",
        40,
        401,
    )
    assert (rejected.sender, rejected.scheme, rejected.mode, rejected.age_ms) == (
        "agent",
        "pairwise",
        "enforce",
        0,
    )
    assert type(rejected).__module__ == "sealwire"
    again = pickle.loads(pickle.dumps(rejected))  # noqa: S301 - the test created these bytes
    assert vars(again) == vars(rejected)
    shown = f"{rejected!r} {rejected} {vars(rejected)}"
    assert headers["X-Service-Signature"] not in shown and PAIR_SECRET not in shown


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        bytearray(BODY),
        memoryview(BODY),
        memoryview(b" ".join([BODY, b""]))[:-1],
        array.array("B", BODY),
    ],
)
def test_any_bytes_like_body(keys, body):
    signer, verifier = pairwise(keys)
    headers = signer.sign("POST", "/graphql", None, body, "practices")
    assert verifier.verify("POST", "/graphql", headers, BODY).sender == "agent"
    assert verifier.verify("POST", "/graphql", headers, body).sender == "agent"


@pytest.mark.parametrize(
    "shape",
    [
        lambda headers: headers,
        lambda headers: list(headers.items()),
        lambda headers: tuple(headers.items()),
        lambda headers: iter(headers.items()),
        lambda headers: [[name, value] for name, value in headers.items()],
        lambda headers: [(name.encode().lower(), value.encode()) for name, value in headers.items()],
        lambda headers: {name.encode(): value.encode() for name, value in headers.items()},
    ],
)
def test_any_header_list(keys, shape):
    signer, verifier = pairwise(keys)
    headers = signer.sign("GET", "/a", receiver="practices")
    assert verifier.verify("GET", "/a", shape(headers)).sender == "agent"


@pytest.mark.parametrize(
    "call",
    [
        lambda verifier: verifier.verify("GET", "/", 7),
        lambda verifier: verifier.verify("GET", "/", [("one",)]),
        lambda verifier: verifier.verify("GET", "/", [(1, 2)]),
        lambda verifier: verifier.verify("GET", "/", [], "text"),
        lambda verifier: verifier.verify("GET", "/", [], 7),
        lambda verifier: verifier.verify(None, "/", []),
    ],
)
def test_a_programmers_mistake_is_a_type_error(keys, call):
    with pytest.raises(TypeError):
        call(pairwise(keys)[1])


@pytest.mark.parametrize("value", ["ÿ", "\udcff", "汉字", "\x00", "a\nb", "é" * 70000])
@pytest.mark.parametrize("at", range(3))
def test_received_text_raises_no_exception_other_than_rejected(keys, value, at):
    signer, verifier = pairwise(keys)
    headers = list(signer.sign("GET", "/a", receiver="practices").items())
    headers[at] = (headers[at][0], value)
    with pytest.raises(Rejected):
        verifier.verify("GET", "/a", headers)
    for method, target in (("GET", value), (value, "/a")):
        with pytest.raises(Rejected):
            verifier.verify(method, target, headers)


def test_latin_1_text_is_read_as_the_received_bytes(keys):
    signer, verifier = pairwise(keys, trust_unsigned_user_id=True)
    headers = [*signer.sign("GET", "/a", receiver="practices").items()]
    assert verifier.verify("GET", "/a", [*headers, ("x-other", "ÿ")]).sender == "agent"


@pytest.mark.parametrize("kind", [list, tuple, iter])
def test_too_many_headers_are_rejected(keys, kind):
    signer, verifier = pairwise(keys)
    signed = [*signer.sign("GET", "/a", receiver="practices").items()]
    assert verifier.verify("GET", "/a", kind(signed + [("x", "y")] * (256 - 3)))
    with pytest.raises(Rejected, match="malformed_header"):
        verifier.verify("GET", "/a", kind(signed + [("x", "y")] * 100_000))


def test_large_bodies_are_hashed_without_the_interpreter_lock(keys):
    """The native code releases the interpreter lock while hashing, so that other threads can run."""
    signer, verifier = pairwise(keys, max_body_bytes=1 << 30)
    body = bytes(64 << 20)
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    headers = signer.sign("POST", "/a", None, body, "practices")
    during_sign = len(ticks)
    verifier.verify("POST", "/a", headers, body)
    during_verify = len(ticks) - during_sign
    done.set()
    thread.join()
    assert during_sign > 5 and during_verify > 5


def test_streamed_bodies(keys):
    signer, verifier = pairwise(keys, max_body_bytes=100)
    headers = signer.sign("POST", "/a", None, b"abcdef", "practices")
    pending = verifier.begin("POST", "/a", headers)
    pending.update(b"abc")
    pending.update(bytearray(b"de"))
    proven = pending.prove(b"f")
    assert proven.key is None and proven.settle(True).sender == "agent"
    with pytest.raises(RuntimeError, match="over"):
        pending.update(b"x")
    pending = verifier.begin("POST", "/a", headers)
    pending.update(bytes(100))
    with pytest.raises(Rejected) as caught:
        pending.update(b"x")
    assert (caught.value.reason, caught.value.status) == ("body_too_large", 413)
    with pytest.raises(RuntimeError):
        pending.finish()


def test_client_scheme_claims_its_request_id(keys):
    signer = Signer("billing-service", keys, schemes=["client"])
    verifier = Verifier("", keys, schemes=["client"], replay=ReplayTable.heap(accept_older=True))
    headers = signer.sign("GET", "https://iam.test/api/users?page=2")
    identity = verifier.verify("GET", "/api/users?page=2", headers)
    assert identity.sender == "billing-service" and identity.nonce == headers["X-Request-ID"]
    with pytest.raises(Rejected) as caught:
        verifier.verify("GET", "/api/users?page=2", headers)
    assert (caught.value.reason, caught.value.public_text) == ("replayed", "Replay detected")
    assert verifier.stats().accepted["client"] == 1
    assert verifier.stats().rejected["replayed"] == 1


def test_a_shared_store_decides_about_a_request_with_a_valid_signature(keys):
    signer = Signer("billing-service", keys, schemes=["client"])
    verifier = Verifier("", keys, schemes=["client"])
    headers = signer.sign("GET", "/x")
    for first, reason in ((None, "replay_store_unavailable"), (False, "replayed")):
        with pytest.raises(Rejected) as caught:
            verifier.begin("GET", "/x", headers).prove().settle(first)
        assert caught.value.reason == reason
    proven = verifier.begin("GET", "/x", headers).prove()
    assert len(proven.key) == 32
    near = ReplayTable.heap()
    assert not near.seen(proven.key)
    assert near.claim(proven.key, proven.expires) is True
    assert near.claim(proven.key, proven.expires) is False
    assert near.seen(proven.key)
    assert proven.settle(True).sender == "billing-service"


@pytest.mark.parametrize("rate", [10, 2000], ids=["on the heap", "large enough for huge pages"])
def test_tables_of_one_process_accept_a_request_once(keys, rate):
    table = ReplayTable.heap(requests_per_second=rate, accept_older=True)
    assert (table.memory >= 2 << 20) == (rate == 2000)
    assert repr(table) == f"<ReplayTable on the heap with {table.slots} slots>"
    verifier = Verifier("", keys, schemes=["client"], replay=table)
    headers = Signer("billing-service", keys, schemes=["client"]).sign("GET", "/x")
    verifier.verify("GET", "/x", headers)
    with pytest.raises(Rejected, match="replayed"):
        verifier.verify("GET", "/x", headers)


def test_a_table_larger_than_memory_is_an_error_with_advice():
    with pytest.raises(ConfigError, match="size it for fewer requests per second or a shorter window"):
        ReplayTable.heap(requests_per_second=2**32 - 1, window=2**32 - 1)


def test_mapped_tables_share_their_claims(keys, tmp_path):
    signer = Signer("billing-service", keys, schemes=["client"])
    path = tmp_path / "claims.replay"
    headers = None
    for expected in ("passes", "replayed"):
        table = ReplayTable.mapped(path, requests_per_second=10)
        assert table.backend == "mapped" and table.memory >= table.slots * 8
        verifier = Verifier("", keys, schemes=["client"], replay=table)
        headers = headers or signer.sign("GET", "/x")
        if expected == "passes":
            verifier.verify("GET", "/x", headers)
        else:
            with pytest.raises(Rejected, match="replayed"):
                verifier.verify("GET", "/x", headers)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"pairs": {("a", "b"): "c2hvcnQ="}}, "a/b"),
        ({"pairs": {("a", "b"): "not base64!"}}, "a/b"),
        ({"pairs": {("a", "b"): b"x" * 40}}, "a/b"),
        ({"pairs": {("a", "b"): {"versions": {}}}}, "a/b"),
        ({"pairs": {("a", "b"): {"versions": {1: PAIR_SECRET}, "primary": 2}}}, "a/b"),
        ({"pairs": {"ab": PAIR_SECRET}}, "ab"),
        ({"pairs": {("a_b", "c"): PAIR_SECRET, ("a", "b_c"): PAIR_SECRET}}, "a_b/c"),
        ({"clients": {"with:colon": CLIENT_SECRET}}, "with:colon"),
        ({"clients": {"short": "short"}}, "short"),
        ({"issuer": "short"}, "issuer"),
    ],
)
def test_the_error_for_a_bad_key_ring_contains_the_entry_and_no_secret(arguments, named):
    with pytest.raises(ConfigError) as caught:
        KeyRing(**arguments)
    assert named in str(caught.value)
    assert "c2hvcnQ" not in str(caught.value) and "not base64!" not in str(caught.value)


def test_key_rings_from_configuration_and_environment(keys):
    data = {"pairs": {"agent/practices": PAIR_SECRET}, "clients": {"c": {"2": CLIENT_SECRET}}}
    assert len(KeyRing.from_dict(data)) == 2
    with pytest.raises(ConfigError, match="secrets"):
        KeyRing.from_dict({"secrets": {}})
    environ = {
        "HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET,
        "HMAC_SECRET_AGENT_PRACTICES_V2": "c2Vjb25kLXNlY3JldC0zMi1ieXRlcy1sb25nLWZvci10ZXN0cw==",
        "HMAC_PRIMARY_AGENT_PRACTICES": "2",
    }
    ring = KeyRing.from_env("practices", environ=environ)
    assert [(key.name, key.version, key.primary) for key in ring.status()] == [
        ("agent/practices", 1, False),
        ("agent/practices", 2, True),
    ]
    with pytest.raises(ConfigError, match="HMAC_SECRET_AGENT_MEALS"):
        KeyRing.from_env(pairs=[("meals", "agent")], environ=environ)


def test_signers_and_verifiers_use_the_keys_of_a_replaced_key_ring(keys):
    old = {1: PAIR_SECRET, 2: "c2Vjb25kLXNlY3JldC0zMi1ieXRlcy1sb25nLWZvci10ZXN0cw=="}
    ring = KeyRing(pairs={("agent", "practices"): {"versions": old, "primary": 1}})
    signer, verifier = pairwise(ring)
    headers = signer.sign("GET", "/a", receiver="practices")
    assert verifier.verify("GET", "/a", headers).key_version == 1
    ring.replace(KeyRing(pairs={("agent", "practices"): {"versions": old, "primary": 2}}))
    assert verifier.verify("GET", "/a", headers).key_version == 1
    assert verifier.verify("GET", "/a", signer.sign("GET", "/a", receiver="practices")).key_version == 2
    assert [key.accepted for key in ring.status()] == [2, 1]
    ring.replace(KeyRing(pairs={("agent", "practices"): {2: old[2]}}))
    with pytest.raises(Rejected, match="signature_mismatch"):
        verifier.verify("GET", "/a", headers)


def test_a_key_ring_does_not_show_its_keys_and_cannot_be_copied(keys):
    assert "secret" not in repr(keys).lower() and repr(keys) == "<KeyRing of 4 key sets>"
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(keys)
    with pytest.raises(AttributeError):
        keys.secret = 1


@pytest.mark.parametrize(
    ("method", "url", "options"),
    [
        ("GET", "/a b", {}),
        ("GET", "/a#b", {}),
        ("GET", "a", {}),
        ("G T", "/a", {}),
        ("GET", "/a", {"receiver": "stranger"}),
        ("GET", "/a", {"receiver": "prac:tices"}),
        ("GET", "/a", {"user_id": "a\r\nb"}),
        ("GET", "/é", {}),
    ],
)
def test_a_request_that_cannot_be_signed_is_an_error(keys, method, url, options):
    with pytest.raises(SignError):
        Signer("agent", keys, schemes=["pairwise"]).sign(
            method, url, None, b"", **{"receiver": "practices", **options}
        )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"schemes": ["pairwize"]}, "schemes"),
        ({"schemes": ["pairwise", "pairwise"]}, "twice"),
        ({"mode": "on"}, "mode"),
        ({"exempt_paths": ["health"]}, "exempt_paths"),
        ({"senders": {"agent": {"methds": []}}}, "methds"),
        ({"past": 1 << 40}, "past"),
    ],
)
def test_the_error_for_a_bad_configuration_contains_the_setting(keys, options, named):
    with pytest.raises(ConfigError, match=named):
        Verifier("practices", keys, **options)


def test_an_issued_connection_string_is_verified(keys):
    account = UUID("11111111-2222-4333-8444-555555555555")
    expires = datetime.now(timezone(timedelta(hours=2))).replace(microsecond=0) + timedelta(hours=1)
    token = ConnectionString.issue(
        keys, account, expires, [("reader", 0), ("writer", 1)], tenant=str(account)
    )
    string = ConnectionString.verify(token, keys)
    assert (string.account, string.expires, string.tenant) == (account, expires, account)
    assert string.expires.utcoffset() == timedelta(hours=2)
    assert (string.roles, string.subscription) == ([("reader", 0), ("writer", 1)], None)
    assert (string.key_version, string.verified) == (1, True)
    assert not ConnectionString.inspect(token).verified
    with pytest.raises(TokenRejected) as caught:
        ConnectionString.verify(token, keys, now=int(expires.timestamp()) + 1)
    assert (caught.value.reason, caught.value.native_code) == ("token_expired", None)
    other = KeyRing(issuer="another issuer's secret, 32 bytes or more")
    with pytest.raises(TokenRejected) as caught:
        ConnectionString.verify(token, other)
    assert (caught.value.native_code, caught.value.status) == ("MYC00032", 401)
    assert caught.value.body == (
        '{"msg":"Unauthorized","status":401,"message":"Invalid connection string: MYC00032"}'
    )
    assert token not in repr(string)


def test_the_gateways_own_token_verifies():
    keys = KeyRing(issuer="k-v1", allow_weak=True)
    account = UUID("11111111-2222-4333-8444-555555555555")
    token = ConnectionString.issue(keys, account, datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))
    import base64

    assert base64.b64decode(token).endswith(b"c16285f4c7b11496ab6cd89fd45be3069677aab983c837b38dc")


@pytest.mark.parametrize("token", ["", "x", "é", "\udcff", "AAAA", b"\xff" * 100_000, "QUJD" * 5000])
def test_a_token_raises_no_exception_other_than_rejected(keys, token):
    for read in (ConnectionString.inspect, lambda token: ConnectionString.verify(token, keys)):
        with pytest.raises(TokenRejected) as caught:
            read(token)
        assert caught.value.reason == "malformed_token"


def test_invalid_contents_of_a_token_are_an_error(keys):
    expires = datetime(2030, 1, 1, tzinfo=UTC)
    account = "11111111-2222-4333-8444-555555555555"
    for roles in ([("a;b", 0)], [("a", 2)]):
        with pytest.raises(ValueError, match="role"):
            ConnectionString.issue(keys, account, expires, roles)
    with pytest.raises(TypeError, match="time zone"):
        ConnectionString.issue(keys, account, datetime(2030, 1, 1))
    with pytest.raises(ConfigError, match="issuer"):
        ConnectionString.issue(KeyRing(pairs={"a/b": PAIR_SECRET}), account, expires)


def test_many_threads_share_one_signer_and_verifier(keys):
    signer = Signer("billing-service", keys, schemes=["client"])
    verifier = Verifier("", keys, schemes=["client"], replay=ReplayTable.heap(accept_older=True))
    headers = signer.sign("GET", "/once")
    passed = []

    def work():
        for _ in range(200):
            verifier.verify("GET", "/x", signer.sign("GET", "/x"))
        try:
            verifier.verify("GET", "/once", headers)
            passed.append(1)
        except Rejected as rejected:
            assert rejected.reason == "replayed"

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 1 and verifier.stats().accepted["client"] == 1601

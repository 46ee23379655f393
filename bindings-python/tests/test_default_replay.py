"""Tests for the default replay table, which is a file that all workers of a service share."""

from __future__ import annotations

import time

import pytest
from sealwire import ConfigError, KeyRing, Rejected, ReplayTable, Signer, Verifier
from sealwire.asgi import HMACAuthMiddleware
from sealwire.wsgi import HMACAuthMiddleware as WsgiMiddleware

from .conftest import CLIENT_SECRET, PAIR_SECRET

CLIENTS = {"billing-service": CLIENT_SECRET}
BOTH = [HMACAuthMiddleware, WsgiMiddleware]


def signed(ring: KeyRing) -> tuple[str, str, dict[str, str]]:
    return (
        "GET",
        "/orders",
        Signer("billing-service", ring, schemes=["client"]).sign("GET", "http://a/orders"),
    )


def test_verifiers_of_one_service_share_a_file(replay_directory):
    ring = KeyRing(clients=CLIENTS)
    one, other = (Verifier("orders", ring, schemes=["client"]) for _ in range(2))
    request = signed(ring)
    one.verify(*request)
    with pytest.raises(Rejected, match="replayed"):
        other.verify(*request)
    assert [file.name for file in replay_directory.iterdir()] == ["orders.replay"]


def test_without_a_service_the_sorted_client_ids_name_the_file(replay_directory):
    two = {**CLIENTS, "another": CLIENT_SECRET[::-1]}
    for clients in (two, dict(reversed(two.items())), CLIENTS):
        Verifier("", KeyRing(clients=clients), schemes=["client"])
    names = sorted(file.name for file in replay_directory.iterdir())
    assert len(names) == 2 and all(name.startswith("clients-") for name in names)


def test_a_scheme_without_nonces_creates_no_file(replay_directory):
    Verifier("practices", KeyRing(pairs={"agent/practices": PAIR_SECRET}), schemes=["pairwise"])
    assert not list(replay_directory.iterdir())


@pytest.mark.parametrize("middleware", BOTH)
@pytest.mark.parametrize("wrong", ["headp", "/tmp/a.replay", 1, object()])
def test_an_invalid_replay_setting_stops_the_start(middleware, wrong, keys):
    with pytest.raises(ConfigError, match='replay: pass "heap"'):
        middleware(None, "practices", keys=keys, replay=wrong)


@pytest.mark.parametrize("change", ["rename", "replace", "delete"])
def test_a_worker_whose_file_is_gone_rejects_with_503(change, tmp_path):
    ring, path = KeyRing(clients=CLIENTS), tmp_path / "orders.replay"
    verifier = Verifier("orders", ring, schemes=["client"], replay=ReplayTable.mapped(path))
    verifier.verify(*signed(ring))
    if change == "delete":
        path.unlink()
    else:
        path.rename(tmp_path / "other")
    if change == "replace":
        ReplayTable.mapped(path)
    deadline = time.monotonic() + 5
    while True:
        try:
            verifier.verify(*signed(ring))
        except Rejected as rejected:
            assert (rejected.status, rejected.code) == (503, "replay_store_unavailable")
            return
        assert time.monotonic() < deadline, "the verifier checks the file once per second"
        time.sleep(0.05)


def test_one_sender_does_not_use_up_the_table_for_the_others():
    """If a sender has used up its share of the table, requests from other senders are still accepted."""
    clients = {"hostile": CLIENT_SECRET, "honest": CLIENT_SECRET[::-1]}
    ring = KeyRing(clients=clients)
    table = ReplayTable.heap(1, 305, accept_older=True)
    verifier = Verifier("orders", ring, schemes=["client"], replay=table)

    def send(sender: str) -> str:
        headers = Signer(sender, ring, schemes=["client"]).sign("GET", "http://a/orders")
        try:
            return verifier.verify("GET", "/orders", headers).sender
        except Rejected as rejected:
            assert rejected.status == 503
            return rejected.code

    flood = [send("hostile") for _ in range(table.slots)]
    assert 0 < flood.count("hostile") <= table.slots // 2
    assert set(flood) == {"hostile", "sender_share_exceeded"}
    assert {send("honest") for _ in range(20)} == {"honest"}


def test_the_only_sender_may_use_the_whole_table():
    ring = KeyRing(clients=CLIENTS)
    table = ReplayTable.heap(1, 305, accept_older=True)
    verifier = Verifier("orders", ring, schemes=["client"], replay=table)
    for _ in range(table.slots * 6 // 10):
        verifier.verify(*signed(ring))

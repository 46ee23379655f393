"""Tests for a rollout from the mode `observe` to `enforce` and back, and for the command `sealwire readiness`."""

import pytest
from fleet import CLIENTS, SCRIPTED, SERVICES, Fleet
from network import status_of
from processes import sealwire, sealwire_json
from sealwire import KeyRing, Signer
from sealwire.secrets import load

OTHER = "dGhlIHNlY3JldCBvZiBhIHBhaXIgdGhhdCBpcyBub3QgdGhpcyBvbmU="


@pytest.fixture
def observing(tmp_path):
    fleet = Fleet(tmp_path, mode="observe")
    try:
        fleet.wait()
        yield fleet
    finally:
        fleet.stop()


def test_in_observe_mode_all_requests_are_accepted_and_the_report_lists_unsigned_senders(observing: Fleet):
    signed, wrong = CLIENTS
    for service in observing.services:
        url = f"{service.url}/items"
        assert (
            status_of(url, Signer(signed, load(observing.keys)).sign("GET", url, receiver=service.name))
            == 200
        )
        forged = Signer(wrong, with_other_secret(wrong, service.name)).sign("GET", url, receiver=service.name)
        assert status_of(url, forged) == 200
        assert status_of(url) == 200
        assert (
            status_of(
                url,
                Signer("nobody", with_other_secret("nobody", service.name)).sign(
                    "GET", url, receiver=service.name
                ),
            )
            == 200
        )

    report = sealwire_json("readiness", *observing.asked)
    assert report["ready"] is False
    for service in observing.services:
        host = service.url.removeprefix("http://")
        rows = {row["sender"]: row for row in report["senders"] if row["service"] == host}
        assert set(rows) == {signed, wrong, "unknown"}, "an unknown sender must not be listed separately"
        assert rows[signed]["ready"] is True
        assert rows[wrong]["refused"] == {"signature_mismatch": 1}
        assert rows["unknown"]["refused"] == {"missing_headers": 1, "unknown_client": 1}
        assert all(row["since"] for row in rows.values())


def test_a_sender_is_ready_after_it_has_signed_for_long_enough(observing: Fleet):
    service = observing.services[0]
    url = f"{service.url}/items"
    assert status_of(url) == 200
    for client in CLIENTS:
        assert (
            status_of(url, Signer(client, load(observing.keys)).sign("GET", url, receiver=service.name))
            == 200
        )
    asked = ["--metrics-url", service.metrics_url]
    assert sealwire("readiness", *asked, check=False).returncode == 1
    found = sealwire("readiness", *asked, "--quiet-for", "0")
    assert "every sender is signed: enforce" in found.stdout


def test_enforcement_is_switched_off_by_one_variable(tmp_path):
    for environment, status in (({}, 401), ({"HMAC_AUTH_ENABLED": "false"}, 200)):
        directory = tmp_path / str(status)
        directory.mkdir()
        fleet = Fleet(directory, **environment)
        try:
            fleet.wait()
            assert [status_of(f"{service.url}/items") for service in fleet.services] == [status] * len(
                SERVICES
            )
            counter = "hmac_auth_failure_total" if status == 401 else "hmac_auth_observed_total"
            assert all(service.metric(counter, reason="missing_headers") == 1 for service in fleet.services)
        finally:
            fleet.stop()


def test_the_status_files_of_workers_remain_after_the_workers_exit(tmp_path):
    statuses = tmp_path / "status"
    statuses.mkdir()
    fleet = Fleet(tmp_path, names=SCRIPTED, STATUS_DIR=str(statuses))
    try:
        fleet.wait()
        for service in fleet.services:
            entry = "/".join(sorted(("python-client", service.name)))
            url = f"{service.url}/items"
            assert (
                status_of(
                    url, Signer("python-client", load(fleet.keys)).sign("GET", url, receiver=service.name)
                )
                == 200
            )
            sealwire("keys", "rotate", fleet.keys, entry)
            sealwire("keys", "promote", fleet.keys, entry)
            service.until_loaded({entry: {"1", "2*"}})
    finally:
        fleet.stop()
    for service in fleet.services:
        entry = "/".join(sorted(("python-client", service.name)))
        stays = sealwire("keys", "retire", fleet.keys, entry, "--status-dir", statuses, check=False)
        assert stays.returncode == 1
        assert f"{service.name}-{service.program.process.pid} accepted version 1" in stays.stderr, (
            stays.stderr
        )


def with_other_secret(sender: str, receiver: str):
    """Returns a key ring that contains a wrong secret for these services."""
    return KeyRing({(sender, receiver): OTHER})

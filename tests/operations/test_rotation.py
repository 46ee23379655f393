"""Tests for a key rotation with the command `sealwire keys` while clients send requests."""

import signal
import time

from files import replace
from fleet import Fleet
from network import status_of, until
from processes import sealwire, sealwire_json
from sealwire import Signer
from sealwire.secrets import load

RELOADS = "hmac_auth_key_reload_total"
QUIET_S = 2  # the value for --quiet-for, which would be ten minutes in production


def test_rotation_under_load_rejects_nothing_valid_and_accepts_nothing_retired(
    fleet: Fleet, tmp_path, record_property
):
    old = tmp_path / "old.toml"
    old.write_bytes(fleet.keys.read_bytes())
    fleet.send()

    sealwire("keys", "rotate", fleet.keys, "--all")
    fleet.until_loaded({"1*", "2"})
    fleet.under_load()
    sealwire("keys", "promote", fleet.keys, "--all")
    promoted = time.monotonic()
    fleet.until_loaded({"1", "2*"})
    too_early = sealwire("keys", "retire", fleet.keys, fleet.entries[0], *fleet.asked, check=False)
    assert too_early.returncode == 1
    assert "accepted version 1" in too_early.stderr
    fleet.under_load()

    until(lambda: safe(fleet), "the status reports that version 1 can be removed")
    waited = time.monotonic() - promoted
    for entry in fleet.entries:
        sealwire("keys", "retire", fleet.keys, entry, "--quiet-for", QUIET_S, *fleet.asked)
    fleet.until_loaded({"2*"})
    fleet.under_load()

    refused = statuses_with(old, fleet)
    assert set(refused) == {401}, "all services must reject the retired key"
    for client in fleet.clients:
        client.program.stop()
    answers = fleet.answers()
    assert set(answers) == {"200"}, answers
    record_property(
        "figures",
        f"{answers['200']} valid requests, 0 rejected; {len(refused)} with the retired key, 0 accepted; safe {waited:.1f} s after the promotion",
    )


def safe(fleet: Fleet) -> bool:
    """Returns whether the old key version can be retired in all entries that are in use."""
    rows = sealwire_json("keys", "status", fleet.keys, "--quiet-for", QUIET_S, *fleet.asked)
    old = [row for row in rows if row["version"] == 1 and row["entry"] in fleet.entries]
    assert len(old) == len(fleet.entries)
    return all(row["retirable"] for row in old)


def statuses_with(keys, fleet: Fleet) -> list[int]:
    """Sends requests that are signed with keys from the file `keys`, and returns the statuses."""
    signers = [Signer("python-client", load(keys), schemes=[scheme]) for scheme in ("message", "pairwise")]
    found = []
    for service in fleet.services:
        for signer in signers:
            for number in range(25):
                url = f"{service.url}/items?n={number}"
                headers = signer.sign("POST", url, body=b"x", receiver=service.name)
                found.append(status_of(url, headers, b"x"))
    return found


def test_a_promotion_is_reverted_under_load(fleet: Fleet, record_property):
    fleet.send()
    sealwire("keys", "rotate", fleet.keys, "--all")
    fleet.until_loaded({"1*", "2"})
    for version, loaded in ((2, {"1", "2*"}), (1, {"1*", "2"})):
        sealwire("keys", "promote", fleet.keys, "--all", "--version", version)
        fleet.until_loaded(loaded)
        fleet.under_load()
    for entry in fleet.entries:
        stays = sealwire("keys", "retire", fleet.keys, entry, "--version", 1, *fleet.asked, check=False)
        assert "version 1 signs" in stays.stderr
        sealwire("keys", "retire", fleet.keys, entry, "--version", 2, "--force")
    fleet.until_loaded({"1*"})
    fleet.under_load()
    for client in fleet.clients:
        client.program.stop()
    answers = fleet.answers()
    assert set(answers) == {"200"}, answers
    record_property("figures", f"{answers['200']} valid requests, 0 rejected")


def test_invalid_keys_are_rejected_and_the_current_keys_stay_active(fleet: Fleet, record_property):
    fleet.send()
    good = fleet.keys.read_text()
    replace(fleet.keys, good.replace("hmacPrimaryVersion = 1", "hmacPrimaryVersion = 7"))
    for service in fleet.services:
        service.until_metric(1, RELOADS, result="refused")
        assert service.metric("hmac_auth_key_reload_in_order") == 0
        assert "NOT reloaded" in service.program.said()
        assert "primary version 7" in service.program.said()
    fleet.under_load()
    replace(fleet.keys, good)
    for service in fleet.services:
        service.until_metric(1, "hmac_auth_key_reload_in_order")
        before = service.metric(RELOADS, result="accepted")
        service.program.signal(signal.SIGHUP)  # SIGHUP reloads the file even if it has not changed
        service.until_metric(before + 1, RELOADS, result="accepted")
    fleet.under_load()
    assert set(fleet.answers()) == {"200"}, fleet.answers()


def test_the_old_key_is_kept_if_a_service_does_not_respond(fleet: Fleet):
    sealwire("keys", "rotate", fleet.keys, fleet.entries[0])
    sealwire("keys", "promote", fleet.keys, fleet.entries[0])
    fleet.services[1].program.stop()
    stays = sealwire("keys", "retire", fleet.keys, fleet.entries[0], *fleet.asked, check=False)
    assert stays.returncode == 1
    assert "does not respond" in stays.stderr

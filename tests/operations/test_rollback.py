"""Tests for a rollback while clients send requests. In services in all languages, a promotion is reverted,
and enforcement is disabled and enabled again."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from files import replace
from fleet import CLIENTS, SERVICES, Fleet, Service
from network import status_of, until
from processes import sealwire
from sealwire import KeyRing, Signer

FORGER, OTHER = CLIENTS
SECRET = "dGhlIHNlY3JldCBvZiBhIHBhaXIgdGhhdCBpcyBub3QgdGhpcyBvbmU="
CHANGES = "hmac_auth_mode_changes_total"
IN_ORDER = "hmac_auth_mode_reload_in_order"


def test_a_promotion_and_enforcement_are_reverted_under_load_without_a_restart(fleet: Fleet, record_property):
    fleet.send()
    pids = [service.program.process.pid for service in fleet.services]
    with probing(fleet) as probed:
        sealwire("keys", "rotate", fleet.keys, "--all")
        fleet.until_loaded({"1*", "2"})
        sealwire("keys", "promote", fleet.keys, "--all")
        fleet.until_loaded({"1", "2*"})
        assert answers(fleet) == [(401, 401)] * len(SERVICES)

        # The operator reverts the promotion and disables enforcement.
        began = time.monotonic()
        sealwire("keys", "promote", fleet.keys, "--all", "--version", 1)
        switch(fleet, "--rollback")
        until(lambda: answers(fleet) == [(200, 200)] * len(SERVICES), "enforcement is off")
        off_after = time.monotonic() - began
        fleet.until_loaded({"1*", "2"})
        fleet.under_load()
        for service in fleet.services:
            assert service.metric("hmac_auth_observed_total", reason="missing_headers") >= 1
            assert service.metric("hmac_auth_mode", sender="", mode="observe") == 1
            assert "modes changed: the service enforce -> observe" in service.program.said()

        switch(fleet, "--resume")
        until(lambda: answers(fleet) == [(401, 401)] * len(SERVICES), "enforcement is on again")
        fleet.under_load()

        switch(fleet, "observe", "--sender", FORGER)
        until(lambda: answers(fleet) == [(401, 200)] * len(SERVICES), "one sender is observed")
        switch(fleet, "observe")
        switch(fleet, "enforce", "--sender", FORGER)
        until(lambda: answers(fleet) == [(200, 401)] * len(SERVICES), "one sender alone is enforced")
        switch(fleet, "enforce")
        switch(fleet, "--sender", FORGER, "--remove")
        until(lambda: answers(fleet) == [(401, 401)] * len(SERVICES), "all are again")
        fleet.under_load()

    for client in fleet.clients:
        client.program.stop()
    assert set(fleet.answers()) == {"200"}, fleet.answers()
    assert set(probed) == {200, 401}, probed
    assert [service.program.process.pid for service in fleet.services] == pids
    assert all(service.program.process.poll() is None for service in fleet.services)
    record_property(
        "figures",
        f"{fleet.answers()['200']} valid requests, 0 rejected; {sum(probed.values())} unsigned ones, "
        f"{probed[200]} accepted; off {off_after:.1f} s after the first command; same processes",
    )


def test_an_invalid_mode_is_rejected_and_the_current_mode_is_kept(fleet: Fleet):
    good = [service.modes.read_text() for service in fleet.services]
    for service in fleet.services:
        replace(service.modes, 'mode = "obsrve"\n')
        until(lambda service=service: service.metric(IN_ORDER) == 0, f"{service.name} refuses")
        assert status_of(f"{service.url}/items") == 401
        assert service.metric(CHANGES) == 0
        assert 'mode "obsrve" is not one of off, observe, enforce' in service.program.said()
    for service, text in zip(fleet.services, good, strict=True):
        replace(service.modes, text)
        service.until_metric(1, IN_ORDER)


def test_a_rollback_works_with_an_invalid_key_file(fleet: Fleet):
    replace(fleet.keys, "[pairs.broken]\n")
    for service in fleet.services:
        service.until_metric(1, "hmac_auth_key_reload_total", result="refused")
    switch(fleet, "--rollback")
    for service in fleet.services:
        service.program.signal(signal.SIGHUP)
        until(lambda service=service: status_of(f"{service.url}/items") == 200, f"{service.name} observes")


@pytest.mark.parametrize("language", range(len(SERVICES)), ids=list(SERVICES))
def test_a_file_cannot_enable_enforcement_that_the_environment_disables(tmp_path, language):
    fleet = Fleet(tmp_path, HMAC_AUTH_ENABLED="false")
    service = fleet.services[language]
    try:
        service.wait()
        before = service.metric("hmac_auth_mode_reload_total", result="accepted")
        sealwire("mode", service.modes, "enforce", "--sender", FORGER)
        service.until_metric(before + 1, "hmac_auth_mode_reload_total", result="accepted")
        assert (unsigned(service), forged(service)) == (200, 200)
        assert service.metric("hmac_auth_mode", mode="enforce") == 0
    finally:
        fleet.stop()


def switch(fleet: Fleet, *arguments: str) -> None:
    """Changes the modes of all services with the command `sealwire mode`."""
    for service in fleet.services:
        sealwire("mode", service.modes, *arguments)


def answers(fleet: Fleet) -> list[tuple[int, int]]:
    """Returns two statuses for each service: for an unsigned request, and for a request with a forged signature."""
    return [(unsigned(service), forged(service)) for service in fleet.services]


def unsigned(service: Service) -> int:
    return status_of(f"{service.url}/items")


def forged(service: Service) -> int:
    url = f"{service.url}/items"
    signer = Signer(FORGER, KeyRing({(FORGER, service.name): SECRET}))
    return status_of(url, signer.sign("GET", url, receiver=service.name))


@contextmanager
def probing(fleet: Fleet) -> Iterator[Counter[int]]:
    """Sends unsigned requests until the `with` block ends, and yields the number of responses by status."""
    counted: Counter[int] = Counter()
    done = Event()

    def probe() -> None:
        while not done.wait(0.01):
            counted.update(unsigned(service) for service in fleet.services)

    with ThreadPoolExecutor(1) as pool:
        probing = pool.submit(probe)
        try:
            yield counted
        finally:
            done.set()
        probing.result()

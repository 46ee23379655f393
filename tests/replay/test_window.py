"""Tests that a nonce stays stored until its request is stale, even if the table is full."""

import time
from pathlib import Path

from captured import Captured, send, send_all
from network import free_port
from service import running, uvicorn

PAST, FUTURE = 3, 4
WINDOW = {"past": str(PAST), "future": str(FUTURE)}


def test_the_nonce_of_a_request_from_a_fast_clock_is_stored_until_its_timestamp_is_stale(tmp_path: Path):
    port = free_port()
    with running(uvicorn(port), port, replay_file=str(tmp_path / "shared.replay"), **WINDOW):
        captured = Captured(ahead_s=FUTURE - 0.5)
        received = time.monotonic()
        assert send(captured, port).status == 200
        texts = []
        while time.monotonic() < received + PAST + FUTURE + 1:
            texts.append(send(captured, port).text)
            time.sleep(0.1)

    assert set(texts) == {"Replay detected", "Stale timestamp"}
    # The request is rejected as a replay until its timestamp is too old. This takes longer than the window,
    # because the timestamp is ahead of the clock.
    assert texts.index("Stale timestamp") * 0.1 > PAST
    assert "Replay detected" not in texts[texts.index("Stale timestamp") :]


def test_a_full_table_rejects_claims_and_evicts_no_entry(tmp_path: Path):
    port = free_port()
    with running(
        uvicorn(port), port, replay_file=str(tmp_path / "small.replay"), requests_per_second="1", **WINDOW
    ):
        started = time.monotonic()
        flood = [Captured() for _ in range(60)]
        first = send_all([(captured, port) for captured in flood])
        accepted = [captured for captured, answer in zip(flood, first, strict=True) if answer.status == 200]
        again = send_all([(captured, port) for captured in accepted])
        assert time.monotonic() < started + PAST, "the machine is too slow for this test's window"

        assert {answer.status for answer in first} == {200, 503}
        assert 8 <= len(accepted) <= 16, "slots_for(1, 7) is 16"
        assert {answer.text for answer in again} == {"Replay detected"}
        time.sleep(PAST + 1)
        assert send(Captured(), port).status == 200, "the slots are free again after the entries have expired"

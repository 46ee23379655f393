"""Tests for worker processes that share one replay table in a memory-mapped file."""

from __future__ import annotations

import os
import pathlib
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sealwire import KeyRing, Signer

from .conftest import PAIR_SECRET, call

TESTS = pathlib.Path(__file__).parent


@pytest.fixture
def gunicorn(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET,
        "REPLAY_TABLE": str(tmp_path / "claims.replay"),
    }
    command = [sys.executable, "-m", "gunicorn", "--workers", "3", "--bind", f"127.0.0.1:{port}"]
    command += ["--chdir", str(TESTS / "services"), "wsgi_service:app"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                call(url, "GET", "/health", {})
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, "gunicorn did not start"
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def test_each_request_is_accepted_once_by_all_workers(gunicorn):
    """Sends each request six times in parallel. Exactly one of the six must be accepted, no matter which
    workers receive them."""
    signer = Signer("agent", KeyRing(pairs={"agent/practices": PAIR_SECRET}))
    workers = set()
    with ThreadPoolExecutor(6) as pool:
        for turn in range(300):
            headers = signer.sign("POST", f"{gunicorn}/a%2Fb?x=1", None, b"body", "practices")
            once = partial(call, gunicorn, "POST", "/a%2Fb?x=1", headers, b"body")
            answers = [future.result() for future in [pool.submit(once) for _ in range(6)]]
            assert sorted(answer.status_code for answer in answers) == [200] + [401] * 5
            (accepted,) = (answer.json() for answer in answers if answer.status_code == 200)
            assert accepted["sender"] == "agent"
            workers.add(accepted["worker"])
            if turn >= 20 and len(workers) > 1:
                return
    pytest.fail("one worker accepted all requests")

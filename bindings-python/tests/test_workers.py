"""Tests for worker processes that share one replay table in a memory-mapped file."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from network import free_port, running, wait_for_response
from sealwire import KeyRing, Signer

from .conftest import PAIR_SECRET, call

TESTS = pathlib.Path(__file__).parent


@pytest.fixture
def gunicorn(tmp_path):
    port = free_port()
    environment = {
        **os.environ,
        "HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET,
        "REPLAY_TABLE": str(tmp_path / "claims.replay"),
    }
    command = [sys.executable, "-m", "gunicorn", "--workers", "3", "--bind", f"127.0.0.1:{port}"]
    command += ["--chdir", str(TESTS / "services"), "wsgi_service:app"]
    with running(command, port, wait_for_response, env=environment, stderr=subprocess.DEVNULL):
        yield f"http://127.0.0.1:{port}"


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

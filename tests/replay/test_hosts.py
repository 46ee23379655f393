"""Tests several services that share one Redis server, in Python and Node.js."""

import random
import threading
import time
from pathlib import Path

from captured import Answer, Captured, answered, passes, send, send_all
from network import free_port
from redis_server import redis_server
from service import node, running, uvicorn

OUTAGE_SECONDS = 2


def test_a_request_accepted_by_one_host_is_rejected_by_another(tmp_path: Path):
    one, two = free_port(), free_port()
    with (
        redis_server(tmp_path) as redis,
        running(uvicorn(one, 1), one, redis_url=redis.url),
        running(node(two, 1), two, redis_url=redis.url),
    ):
        jobs = [
            (captured, port) for captured in (Captured() for _ in range(80)) for port in (one, two, one, two)
        ]
        random.shuffle(jobs)
        answers = send_all(jobs)
    assert set(passes(jobs, answers).values()) == {1}
    assert {answer.text for answer in answers if answer.status != 200} == {"Replay detected"}


def test_during_a_redis_outage_requests_are_rejected_and_none_is_accepted_twice(
    tmp_path: Path,
):
    one, two = free_port(), free_port()
    with (
        redis_server(tmp_path) as redis,
        running(uvicorn(one, 1), one, redis_url=redis.url),
        running(node(two, 1), two, redis_url=redis.url),
    ):
        restart = threading.Thread(target=outage, args=(redis,))
        restart.start()
        jobs, answers = load_until(restart, [one, two])
        assert {200, 401, 503} <= {answer.status for answer in answers}

        assert [recovers(port) for port in (one, two)] == [True, True]
        again = [answered(captured, port) for captured, port in accepted(jobs, answers)]
        assert {answer.text for answer in again} == {"Replay detected"}
    assert max(passes(jobs, answers).values()) == 1


def outage(redis) -> None:
    time.sleep(0.7)
    redis.stop()
    time.sleep(OUTAGE_SECONDS)
    redis.start()


def load_until(restarted: threading.Thread, ports: list[int]):
    """Sends new requests to both services until the thread `restarted`, which restarts Redis, ends."""
    jobs: list[tuple[Captured, int]] = []
    answers: list[Answer] = []
    while restarted.is_alive():
        batch = [(captured, port) for captured in (Captured() for _ in range(10)) for port in ports]
        jobs += batch
        answers += send_all(batch)
    return jobs, answers


def accepted(jobs, answers) -> list[tuple[Captured, int]]:
    return [job for job, answer in zip(jobs, answers, strict=True) if answer.status == 200]


def recovers(port: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if send(Captured(), port).status == 200:
            return True
        time.sleep(0.1)
    return False

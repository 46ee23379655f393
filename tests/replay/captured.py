"""Requests signed with nothing but hmac, and sent as often as an attacker likes."""

import hashlib
import hmac
import http.client
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

CLIENT = "billing-service"
SECRET = "a shared secret for tests, of at least 32 bytes"
TARGET = "/orders?page=2"
# A connection that a killed worker had accepted is dead at once; one still in the queue waits for the next worker.
SECONDS = 5
RESPONSE_TIMEOUT_S = 60


@dataclass(frozen=True)
class Captured:
    """One signed request, as whoever listens on the wire would have it."""

    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ahead_s: float = 0
    signed_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def headers(self) -> dict[str, str]:
        """The signature headers of the `client` scheme."""
        timestamp = str(self.signed_ms + int(self.ahead_s * 1000))
        signed = f"{CLIENT}:{timestamp}:GET:{TARGET}:{self.request_id}"
        mac = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
        return {
            "X-Client-Id": CLIENT,
            "X-Timestamp": timestamp,
            "X-Request-ID": self.request_id,
            "X-Signature": mac,
        }


@dataclass(frozen=True)
class Answer:
    """What a service said; no status when the connection broke, as it does when its worker is killed."""

    status: int | None
    text: str
    worker: int | None = None


def send(captured: Captured, port: int, seconds: float = SECONDS) -> Answer:
    """Sends it over a connection of its own, so that any worker may take it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", TARGET, headers={**captured.headers(), "Connection": "close"})
        response = connection.getresponse()
        return read(response.status, response.read().decode())
    except (OSError, http.client.HTTPException) as error:
        return Answer(None, str(error))
    finally:
        connection.close()


def read(status: int, body: str) -> Answer:
    """The worker's number, or the rejection's text: bare as Express sends it, or in JSON as FastAPI users expect."""
    if not body.startswith("{"):
        return Answer(status, body)
    said = json.loads(body)
    return Answer(status, said.get("detail", ""), said.get("worker"))


def send_all(
    jobs: list[tuple[Captured, int]],
    threads: int = 16,
    seconds: float = SECONDS,
    seen: Callable[[Answer], None] = lambda _: None,
) -> list[Answer]:
    """Sends them at once, as far as `threads` go, and shows each answer to `seen` while others are on their way; the
    answers come in the order of the jobs."""

    def sent(job: tuple[Captured, int]) -> Answer:
        answer = send(*job, seconds)
        seen(answer)
        return answer

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(sent, jobs))


def answered(captured: Captured, port: int) -> Answer:
    """What the service says when it is asked until it says something; a worker may just be starting anew, or have been
    killed with the connection still on its way to it, which then is never answered."""
    deadline = time.monotonic() + RESPONSE_TIMEOUT_S
    while (answer := send(captured, port, SECONDS / 10)).status is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def passes(jobs: list[tuple[Captured, int]], answers: list[Answer]) -> Counter[str]:
    """How often each request id passed; those that never did are in it with 0."""
    counted = Counter({captured.request_id: 0 for captured, _ in jobs})
    counted.update(
        captured.request_id
        for (captured, _), answer in zip(jobs, answers, strict=True)
        if answer.status == 200
    )
    return counted

"""Captured requests that an attacker sends again. They are signed without Sealwire."""

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
# The timeout of a request. It is long enough for another worker to accept the connection if a killed worker
# left it in the queue.
SECONDS = 5
RESPONSE_TIMEOUT_S = 60


@dataclass(frozen=True)
class Captured:
    """A signed request that an attacker has captured."""

    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ahead_s: float = 0
    signed_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def headers(self) -> dict[str, str]:
        """Returns the signature headers of the `client` scheme."""
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
    """A response. The status is None if the connection failed, for example because its worker was killed."""

    status: int | None
    text: str
    worker: int | None = None


def send(captured: Captured, port: int, seconds: float = SECONDS) -> Answer:
    """Sends the request over a new connection, which any worker can accept."""
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
    """Parses a response, which contains the worker or an error message. Node.js services send errors as plain
    text, Python services as JSON."""
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
    """Sends all requests from up to `threads` threads, and calls `seen` with each response. Returns the
    responses in the order of the jobs."""

    def sent(job: tuple[Captured, int]) -> Answer:
        answer = send(*job, seconds)
        seen(answer)
        return answer

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(sent, jobs))


def answered(captured: Captured, port: int) -> Answer:
    """Repeats a request until the service responds. A worker may still be starting, or may have been killed
    before its response."""
    deadline = time.monotonic() + RESPONSE_TIMEOUT_S
    while (answer := send(captured, port, SECONDS / 10)).status is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def passes(jobs: list[tuple[Captured, int]], answers: list[Answer]) -> Counter[str]:
    """Returns how often each request id was accepted, including ids that were never accepted."""
    counted = Counter({captured.request_id: 0 for captured, _ in jobs})
    counted.update(
        captured.request_id
        for (captured, _), answer in zip(jobs, answers, strict=True)
        if answer.status == 200
    )
    return counted

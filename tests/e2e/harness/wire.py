"""A minimal HTTP/1.1 client that sends requests unchanged, including those that HTTP libraries reject."""

import http.client
import json
import socket
import time
from dataclasses import dataclass

Headers = list[tuple[str, str]]
TIMEOUT_S = 10


@dataclass(frozen=True)
class Answer:
    """A response with its status, its text, and the duration in milliseconds."""

    status: int
    text: str
    ms: float = 0.0

    def __str__(self):
        return f"{self.status} {self.text}"


@dataclass(frozen=True)
class Request:
    """A request that is sent unchanged.

    The headers are sent in this order and may repeat. If `authority` is None, the Host header contains the
    address of the receiver.
    """

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    authority: str | None = None

    def head(self, address: str) -> bytes:
        lines = [("Host", self.authority or address), *self.headers, ("Connection", "close")]
        if self.body or self.method != "GET":
            lines.append(("Content-Length", str(len(self.body))))
        text = "".join(f"{name}: {value}\r\n" for name, value in lines)
        return f"{self.method} {self.target} HTTP/1.1\r\n{text}\r\n".encode("latin-1")


def send(port: int, request: Request) -> Answer:
    """Sends a request and reads the response. Returns status 0 if there is no valid response."""
    started = time.perf_counter()
    try:
        status, content_type, body = exchange(port, request)
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, f"no answer: {error!r}", since(started))
    return Answer(status, readable(content_type, body), since(started))


def exchange(port: int, request: Request) -> tuple[int, str, bytes]:
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as connection:
        connection.sendall(request.head(f"127.0.0.1:{port}") + request.body)
        with http.client.HTTPResponse(connection, method=request.method) as response:
            response.begin()
            return response.status, response.getheader("Content-Type", ""), response.read()


def readable(content_type: str, body: bytes) -> str:
    """Returns the text of a response, which FastAPI wraps in a JSON object if it is an error message."""
    text = body.decode("utf-8", "replace")
    if not content_type.startswith("application/json"):
        return text
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return text


def since(started: float) -> float:
    """Returns the milliseconds since `started`, which is a value of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000

"""Sends requests to an application in three ways: over a socket, as an AWS Lambda event, or with a test
client."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import apps
from http2 import Exchange
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "boundary"))
from servers import running

HERE = Path(__file__).resolve().parent
TIMEOUT_S = 10.0


@dataclass
class Call:
    """A request. If `framed` is true, the head contains the body length. Otherwise, the body is chunked."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None = None
    framed: bool = True


Answer = tuple[int | None, bytes]


class Host:
    """A running application. Each `send_` attribute is None if the application does not support this kind of
    request."""

    origin: str
    reads_chunks = True
    """Whether the framework can read a chunked body if Sealwire has not read it first."""
    send_two: Callable[[Call], Answer] | None = None
    send_head: Callable[[Call], int | None] | None = None
    send_head_two: Callable[[Call], int | None] | None = None
    send_websocket: Callable[[Call], Answer] | None = None

    def send(self, call: Call) -> Answer:
        raise NotImplementedError


class SocketHost(Host):
    """A server that listens on a port."""

    def __init__(self, port: int, *, http1: bool, http2: bool, responds_early: bool) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self._http1 = http1
        if http2:
            self.send_two = self._send_two
            self.send_head_two = self._send_head_two if responds_early else None
        if http1 and responds_early:
            self.send_head = self._send_head

    def send(self, call: Call) -> Answer:
        if not self._http1:
            return self._send_two(call)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        with contextlib.closing(connection):
            pieces = None if call.body is None else call.body if call.framed else iter(in_pieces(call.body))
            chunked = call.body is not None and not call.framed
            headers = {**call.headers, "Transfer-Encoding": "chunked"} if chunked else call.headers
            connection.request(call.method, call.target, pieces, headers, encode_chunked=chunked)
            response = connection.getresponse()
            return response.status, response.read()

    def open_websockets(self) -> None:
        """Enables the WebSocket test. The application must have a WebSocket at /ws."""
        self.send_websocket = self._send_websocket

    def _send_websocket(self, call: Call) -> Answer:
        """Opens a WebSocket, sends the body as one message, and returns status 200 and the received
        message."""
        address = f"ws://127.0.0.1:{self.port}{call.target}"
        try:
            with connect(address, additional_headers=call.headers, open_timeout=TIMEOUT_S) as connection:
                connection.send(call.body or b"")
                return 200, str(connection.recv(TIMEOUT_S)).encode()
        except InvalidStatus as refused:
            return refused.response.status_code, refused.response.body

    def _send_head(self, call: Call) -> int | None:
        assert call.body is not None
        lines = [f"{call.method} {call.target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in call.headers.items()]
        lines += [f"Content-Length: {len(call.body)}", "", ""]
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S) as connection:
            connection.sendall("\r\n".join(lines).encode())
            received = connection.recv(65_536)
        return int(received.split(b" ", 2)[1]) if received else None

    def _fields(self, call: Call) -> list[tuple[str, str]]:
        pseudo = {":method": call.method, ":scheme": "http", ":authority": f"127.0.0.1:{self.port}"}
        fields = [*pseudo.items(), (":path", call.target)]
        fields += [(name.lower(), value) for name, value in call.headers.items()]
        if call.body is not None and call.framed:
            fields.append(("content-length", str(len(call.body))))
        return fields

    def _send_two(self, call: Call) -> Answer:
        return Exchange(self.port, TIMEOUT_S).send(self._fields(call), call.body)

    def _send_head_two(self, call: Call) -> int | None:
        return Exchange(self.port, TIMEOUT_S).send(self._fields(call), None, is_open=True)[0]


def in_pieces(body: bytes, size: int = 16_384) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


@contextlib.contextmanager
def over_sockets(
    app: str,
    command: list[str],
    *,
    http1: bool = True,
    http2: bool = False,
    responds_early: bool = True,
    reads_chunks: bool = True,
) -> Iterator[Host]:
    def is_ready(port: int) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            host = SocketHost(port, http1=http1, http2=http2, responds_early=False)
            return host.send(Call("GET", "/ready", {}))[0] is not None
        return False

    with running(command, {"SERVERS_APP": app}, is_ready, HERE) as port:
        host = SocketHost(port, http1=http1, http2=http2, responds_early=responds_early)
        host.reads_chunks = reads_chunks
        if app == "fastapi":
            host.open_websockets()
        yield host


class LambdaHost(Host):
    """Runs the application with Mangum and API Gateway events of the given version."""

    origin = "https://api.test"

    def __init__(self, version: str) -> None:
        from mangum import Mangum

        self._handler = Mangum(apps.APPS["fastapi"](), lifespan="off")
        self._version = version

    def send(self, call: Call) -> Answer:
        response = self._handler(self._event(call), None)
        return response["statusCode"], response["body"].encode()

    def _event(self, call: Call) -> dict[str, Any]:
        parts = urlsplit(call.target)
        headers = {**call.headers, "host": "api.test", "x-forwarded-proto": "https"}
        event = {
            "headers": headers,
            "body": None if call.body is None else base64.b64encode(call.body).decode(),
            "isBase64Encoded": call.body is not None,
        }
        source = {"sourceIp": "192.0.2.1"}
        if self._version == "2.0":
            context = {"http": {"method": call.method, "path": parts.path, **source}}
            return {
                **event,
                "version": "2.0",
                "rawPath": parts.path,
                "rawQueryString": parts.query,
                "requestContext": context,
            }
        return {
            **event,
            "resource": "/{proxy+}",
            "httpMethod": call.method,
            "path": parts.path,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "multiValueQueryStringParameters": parse_qs(parts.query) or None,
            "requestContext": {"identity": source},
        }


class TestClientHost(Host):
    """Runs the application with Starlette's test client, which is built on httpx2."""

    origin = "http://testserver"

    def __init__(self) -> None:
        from starlette.testclient import TestClient

        self._client = TestClient(apps.APPS["fastapi"]())

    def send(self, call: Call) -> Answer:
        body = call.body if call.framed or call.body is None else iter(in_pieces(call.body))
        response = self._client.request(call.method, call.target, headers=call.headers, content=body)
        return response.status_code, response.content


@contextlib.contextmanager
def in_process(make: Callable[[], Host]) -> Iterator[Host]:
    yield make()


def shown(body: bytes) -> Any:
    """Parses a response as JSON. Returns its first 80 characters if it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return body[:80].decode("latin-1")

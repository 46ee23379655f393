"""Sends the requests of catalogue.json over HTTP/2, with prior knowledge or with TLS."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from requests_sent import LONG, PATIENCE_S, Case, Outcome, read, signature

# Disables validation and normalisation, because some tests send invalid requests.
UNCHECKED = h2.config.H2Configuration(
    header_encoding=None, validate_outbound_headers=False, normalize_outbound_headers=False
)
ENDED = (h2.events.StreamEnded, h2.events.StreamReset, h2.events.ConnectionTerminated)
# Fields that HTTP/2 does not allow (RFC 9113 section 8.2.2).
NOT_IN_HTTP2 = ("connection", "host", "transfer-encoding", "trailer")

Fields = list[tuple[str, str]]

# Requests that are possible only in HTTP/2. The fields in "pseudo" replace or add pseudo-header fields.
CASES: list[Case] = [
    {"name": "absolute path", "target": "/a", "pseudo": [[":path", "http://other.test/admin"]], "expect": "rejected"},
    {"name": "second path", "target": "/public/a", "pseudo": [[":path", "/public/a"], [":path", "/admin"]], "expect": "hidden"},
    {"name": "empty path", "target": "/a", "pseudo": [[":path", ""]], "expect": "rejected"},
    {"name": "no authority", "target": "/a", "pseudo": [[":authority", ""]], "sign": {"as": "agent"}, "expect": "rejected"},
    {"name": "other authority", "target": "/a", "pseudo": [[":authority", "other.test"]], "sign": {"as": "agent"}, "expect": "rejected"},
    {"name": "other host beside the authority", "target": "/a", "pseudo": [["host", "other.test"]], "sign": {"as": "agent"}, "expect": "rejected"},
    {"name": "other scheme", "target": "/public/a", "pseudo": [[":scheme", "ftp"]], "expect": "hidden"},
    {"name": "pseudo-header field as a user", "target": "/a", "pseudo": [[":x-user-id", "root"]], "sign": {"as": "agent"}, "expect": "unchanged"},
    {"name": "extended CONNECT of a protected path", "target": "/admin", "pseudo": [[":method", "CONNECT"], [":protocol", "websocket"]], "expect": "rejected"},
]  # fmt: skip


def attempt_http2(port: int, case: Case, prefix: str = "", *, tls: bool = False) -> Outcome:
    """Sends the request of a test case over HTTP/2."""
    host = f"127.0.0.1:{port}"
    fields = request_fields(case, host, prefix, "https" if tls else "http")
    if case.get("twice"):
        assert (first := exchange(port, fields, case, tls)).status == 200, f"the first of two: {first}"
    return exchange(port, fields, case, tls)


def request_fields(case: Case, host: str, prefix: str, scheme: str) -> Fields:
    if "raw" in case:
        method, target, _ = case["raw"][0].replace("{host}", host).split(" ")
    else:
        method, target = case.get("method", "GET"), case["target"].replace("{long}", LONG)
    fields = [(":method", method), (":authority", host)]
    if method != "CONNECT":
        fields += [(":scheme", scheme), (":path", target)]
    pseudo = [(name, value) for name, value in case.get("pseudo", ())]
    replaced = {name for name, _ in pseudo}
    fields = [field for field in fields if field[0] not in replaced] + pseudo
    lines: list[str] = []
    if "sign" in case:
        lines = signature(case["sign"], method, f"{scheme}://{host}{prefix}", target, body_of(case))
    lines += [f"{name}: {value}" for name, value in case.get("headers", ())]
    lines += [f"X-Filler-{at}: {at}" for at in range(case.get("many", 0))]
    named = (line.split(": ", 1) for line in lines)
    return fields + [(name.lower(), value) for name, value in named if name.lower() not in NOT_IN_HTTP2]


def body_of(case: Case) -> str:
    return "".join(case.get("chunks", ())) or case.get("body", "")


def exchange(port: int, fields: Fields, case: Case, tls: bool) -> Outcome:
    connection = h2.connection.H2Connection(UNCHECKED)
    connection.initiate_connection()
    try:
        with connected(port, tls) as stream:
            for piece in frames(connection, fields, case):
                stream.sendall(piece)
            return response(stream, connection)
    except TimeoutError:
        return Outcome(hung=True)
    except (OSError, h2.exceptions.ProtocolError):  # the server closed the connection
        return Outcome()


def connected(port: int, tls: bool) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    if not tls:
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the certificate is self-signed
    context.set_alpn_protocols(["h2"])
    return context.wrap_socket(plain)


def frames(connection: h2.connection.H2Connection, fields: Fields, case: Case) -> Iterator[bytes]:
    """Yields the frames of the request. If the test case contains `late`, waits before it yields the
    trailers."""
    body, trailers = (
        body_of(case).encode(),
        [(name.lower(), value) for name, value in case.get("trailers", ())],
    )
    connection.send_headers(1, encoded(fields), end_stream=not body and not trailers)
    if body:
        connection.send_data(1, body, end_stream=not trailers)
    if case.get("late"):
        yield connection.data_to_send()
        time.sleep(0.2)
    if trailers:
        connection.send_headers(1, encoded(trailers), end_stream=True)
    yield connection.data_to_send()


def encoded(fields: Fields) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in fields]


def response(stream: socket.socket, connection: h2.connection.H2Connection) -> Outcome:
    status, body = None, b""
    while data := stream.recv(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.ResponseReceived):
                status = status_of(event)
            elif isinstance(event, h2.events.DataReceived):
                body += event.data
            elif isinstance(event, ENDED):
                return read(status, body)
        stream.sendall(connection.data_to_send())
    return read(status, body)


def status_of(event: Any) -> int:
    return next(int(value) for name, value in event.headers if name == b":status")

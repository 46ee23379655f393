"""A client that sends one request over HTTP/2 with prior knowledge and obeys flow control."""

from __future__ import annotations

import socket

import h2.config
import h2.connection
import h2.events

Fields = list[tuple[str, str]]


class Exchange:
    """A connection for one request."""

    def __init__(self, port: int, timeout: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self._connection.initiate_connection()
        self._status: int | None = None
        self._body = b""
        self._ended = False

    def send(self, fields: Fields, body: bytes | None, *, is_open: bool = False) -> tuple[int | None, bytes]:
        """Sends a request and returns the response status and body. If `is_open` is true, sends only the
        head."""
        with self._socket:
            self._connection.send_headers(1, fields, end_stream=body is None and not is_open)
            self._flush()
            if body is not None:
                self._upload(body)
            while not self._ended and not (is_open and self._status is not None):
                self._read()
            return self._status, self._body

    def _upload(self, body: bytes) -> None:
        at = 0
        while at < len(body) and not self._ended:
            window = self._connection.local_flow_control_window(1)
            size = min(window, self._connection.max_outbound_frame_size, len(body) - at)
            if size == 0:
                self._read()
                continue
            self._connection.send_data(1, body[at : at + size], end_stream=at + size == len(body))
            at += size
            self._flush()

    def _read(self) -> None:
        data = self._socket.recv(65_536)
        if not data:
            raise ConnectionError("the connection was closed without a response")
        for event in self._connection.receive_data(data):
            if isinstance(event, h2.events.ResponseReceived):
                self._status = int(dict(event.headers)[":status"])
            elif isinstance(event, h2.events.DataReceived):
                self._body += event.data
                self._connection.acknowledge_received_data(event.flow_controlled_length, 1)
            elif isinstance(
                event, h2.events.StreamEnded | h2.events.StreamReset | h2.events.ConnectionTerminated
            ):
                self._ended = True
        self._flush()

    def _flush(self) -> None:
        self._socket.sendall(self._connection.data_to_send())

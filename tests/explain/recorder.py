"""A server that records the exact bytes of each request."""

from __future__ import annotations

import queue
import socket
import threading
from email.utils import formatdate

TIMEOUT = 10


class Recorder:
    """Listens on a free loopback port and rejects each request."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._requests: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._serve, daemon=True).start()

    def last(self) -> bytes:
        """Returns the next recorded request."""
        return self._requests.get(timeout=TIMEOUT)

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # the socket was closed
                return
            threading.Thread(target=self._record, args=[connection], daemon=True).start()

    def _record(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(TIMEOUT)
            self._requests.put(read_request(connection))
            head = f"HTTP/1.1 401 Unauthorized\r\nDate: {formatdate(usegmt=True)}\r\nContent-Length: 0\r\n"
            connection.sendall(f"{head}Connection: close\r\n\r\n".encode())


def read_request(connection: socket.socket) -> bytes:
    """Reads a request and its body, which may be chunked."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += received(connection)
    head, _, _ = data.partition(b"\r\n\r\n")
    fields = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    end = len(head) + 4 + int(fields.get(b"content-length", b"0"))
    while len(data) < end:
        data += received(connection)
    while fields.get(b"transfer-encoding") == b"chunked" and not data.endswith(b"0\r\n\r\n"):
        data += received(connection)
    return data


def received(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionError("the client closed the connection before the end of its request")
    return part

"""Sends requests over many parallel connections, and counts the responses."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from traffic import Sent, Traffic

CONNECTIONS = 32
SLOW = 40  # the number of connections that send a body one byte at a time
IDLE = 150  # the number of connections that send no data
RESPONSE_TIMEOUT_S = 15


@dataclass
class Outcome:
    """The responses and response times in one phase."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    valid_ms: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())

    def of(self, kind: str, status: int) -> int:
        return self.statuses[kind, status]

    @property
    def server_errors(self) -> int:
        return sum(count for (_, status), count in self.statuses.items() if status >= 500)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.valid_ms) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def phase(port: int, make: Callable[[], Sent], seconds: float, most: int | None = None) -> Outcome:
    """Sends requests over all connections for `seconds`, or until `most` requests have been sent."""
    outcome = Outcome()
    until = time.monotonic() + seconds

    async def worker() -> None:
        connection = Connection(port)
        while time.monotonic() < until and (most is None or outcome.requests < most):
            sent = make()
            started = time.perf_counter()
            status = await connection.exchange(sent.data)
            outcome.statuses[sent.kind, status] += 1
            if status not in sent.right:
                outcome.wrong.append(f"{sent.kind}: {status}")
            if sent.kind == "valid":
                outcome.valid_ms.append((time.perf_counter() - started) * 1000)
        connection.close()

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    return outcome


class Connection:
    """A persistent connection, which is reopened after the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, data: bytes) -> int:
        """Sends a request and returns the status.

        The status is 0 if the server closed the connection without a response, and 599 after a timeout.
        """
        try:
            async with asyncio.timeout(RESPONSE_TIMEOUT_S):
                return await self.answer(data)
        except (OSError, EOFError, ValueError, IndexError):
            self.close()
            return 0
        except TimeoutError:
            self.close()
            return 599

    async def answer(self, data: bytes) -> int:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        with contextlib.suppress(ConnectionError):  # the server may respond before the body has been sent
            writer.write(data)
            await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        lines = head.split(b"\r\n")
        fields = dict(line.split(b":", 1) for line in lines[1:] if b":" in line)
        if b"chunked" in fields.get(b"transfer-encoding", b""):
            await reader.readuntil(b"0\r\n\r\n")
        await reader.readexactly(int(fields.get(b"content-length", b"0")))
        status = int(lines[0].split()[1])
        # After a rejection, the rest of the body may still be in transit, so the connection cannot be reused.
        if b"close" in fields.get(b"connection", b"") or status != 200:
            self.close()
        return status

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
        self.streams = None


@contextlib.asynccontextmanager
async def besieged(port: int, traffic: Traffic):
    """Keeps two kinds of connections open: idle ones, and ones that send the body of a signed request one
    byte at a time."""
    tasks = [asyncio.create_task(idle(port)) for _ in range(IDLE)]
    tasks += [asyncio.create_task(slow(port, traffic.valid().data)) for _ in range(SLOW)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def idle(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                await asyncio.sleep(5)
        await asyncio.sleep(0.2)


async def slow(port: int, data: bytes) -> None:
    end = data.index(b"\r\n\r\n") + 4
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                writer.write(data[:end])
                for byte in data[end:]:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(0.25)
        await asyncio.sleep(0.2)

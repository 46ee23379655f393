"""Processes that verify requests at the same time. Each process uses a replay table in a file."""

import multiprocessing
import resource
import time
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BrokenBarrierError

from samples import CLIENT, TARGET, lines, ring
from sealwire import ReplayTable, Signer, Verifier

WAIT_S = 60
context = multiprocessing.get_context("fork")


class Workers:
    """A group of processes, for use in a `with` statement. A round requires one replay file per process."""

    def __init__(self, count: int) -> None:
        self._start = context.Barrier(count)
        self._workers = [self._started() for _ in range(count)]

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        for process, connection in self._workers:
            connection.send(None)
            process.join()

    def __len__(self) -> int:
        return len(self._workers)

    def wall(self, files: list[Path], requests: int) -> tuple[float, bool]:
        """Returns the wall time per request in nanoseconds, and whether a process was interrupted."""
        for (_, connection), file in zip(self._workers, files, strict=True):
            connection.send((file, requests // len(files)))
        spans = [connection.recv() for _, connection in self._workers]
        taken = max(end for _, end, _ in spans) - min(start for start, _, _ in spans)
        return taken * 1e9 / requests, any(interruptions for *_, interruptions in spans)

    def _started(self) -> tuple[multiprocessing.Process, Connection]:
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self._start), daemon=True)
        process.start()
        return process, ours


def work(connection: Connection, start) -> None:
    keys = ring()
    sign = Signer(CLIENT, keys, schemes=["client"]).sign
    while (task := connection.recv()) is not None:
        file, requests = task
        # The capacity is four times the number of requests, because one sender may use at most half of the
        # table.
        table = ReplayTable.mapped(file, requests_per_second=requests * 4, window=1)
        verify = Verifier("iam", keys, schemes=["client"], replay=table).verify
        received = [lines(sign("POST", TARGET)) for _ in range(requests)]
        url = TARGET.encode()
        try:
            start.wait(WAIT_S)
        except BrokenBarrierError:
            return
        before = interruptions()
        began = time.monotonic()
        for headers in received:
            verify("POST", url, headers)
        ended = time.monotonic()
        connection.send((began, ended, interruptions() - before))


def interruptions() -> int:
    """Returns the number of involuntary context switches."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw

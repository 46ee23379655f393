"""Tests several workers that share a replay table in a mapped file."""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

import pytest
from captured import Answer, Captured, answered, passes, send, send_all
from network import free_port
from service import Service, node, running, uvicorn, wait_until_ready

Command = Callable[[int], list[str]]
ROUNDS = 20
KILLS = 20
KILLED_WITHIN_S = 120
SERVERS = {"uvicorn": [uvicorn], "node": [node], "uvicorn and node": [uvicorn, node]}


@pytest.mark.parametrize("commands", SERVERS.values(), ids=SERVERS)
def test_each_captured_request_is_accepted_once_by_all_workers_together(
    commands: list[Command], tmp_path: Path
):
    with ExitStack() as stack:
        ports = [free_port() for _ in commands]
        for command, port in zip(commands, ports, strict=True):
            stack.enter_context(running(command(port), port, replay_file=str(tmp_path / "shared.replay")))
        workers: set[int | None] = set()
        # On a slow machine, one worker may process the first rounds alone, because the others are still
        # starting.
        for _ in range(ROUNDS):
            jobs = [(captured, port) for captured in fresh(60) for port in ports * 6]
            random.shuffle(jobs)
            answers = send_all(jobs)
            assert set(passes(jobs, answers).values()) == {1}
            assert {answer.text for answer in answers if answer.status != 200} == {"Replay detected"}
            workers |= {answer.worker for answer in answers} - {None}
            if len(workers) > len(ports):
                break
    assert len(workers) > len(ports), "more than one worker accepted requests"


@pytest.mark.parametrize("command", [uvicorn, node])
def test_workers_killed_under_load_accept_no_request_twice(command: Command, tmp_path: Path):
    port = free_port()
    with running(command(port), port, replay_file=str(tmp_path / "shared.replay")) as service:
        accepted: list[Captured] = []
        # Each round kills a worker after its first accepted request, so the number of killed workers does not
        # depend on the speed of the machine.
        killings = Killings(service)
        deadline = time.monotonic() + KILLED_WITHIN_S
        while len(killings.killed) < KILLS:
            assert service.process.poll() is None, "the parent of the workers is running"
            assert time.monotonic() < deadline, (
                f"{len(killings.killed)} workers killed, {len(accepted)} passed"
            )
            jobs = [(captured, port) for captured in fresh(20) for _ in range(3)]
            random.shuffle(jobs)
            answers = send_all(jobs, seconds=1, seen=killings.next_round())
            assert max(passes(jobs, answers).values()) <= 1
            accepted += [
                each for (each, _), answer in zip(jobs, answers, strict=True) if answer.status == 200
            ]

        wait_until_ready(service.process, port)
        assert {answered(captured, port).text for captured in accepted} == {"Replay detected"}
        assert {send(captured, port).status for captured in fresh(40)} == {200}, (
            "the table still accepts claims"
        )


@pytest.mark.parametrize("command", [uvicorn, node])
def test_a_restart_between_original_and_replay_changes_nothing(command: Command, tmp_path: Path):
    port = free_port()
    before, after = (
        running(command(port), port, replay_file=str(tmp_path / "shared.replay")) for _ in range(2)
    )
    with before:
        captured = fresh(20)
        assert {send(each, port).status for each in captured} == {200}
    with after:
        assert {send(each, port).text for each in captured} == {"Replay detected"}


def test_one_of_many_thousand_identical_requests_is_accepted(tmp_path: Path):
    ports = [free_port(), free_port()]
    file = str(tmp_path / "shared.replay")
    with (
        running(uvicorn(ports[0]), ports[0], replay_file=file),
        running(node(ports[1]), ports[1], replay_file=file),
    ):
        captured = Captured()
        jobs = [(captured, port) for port in ports * 2_000]
        answers = send_all(jobs, threads=32)
    assert passes(jobs, answers)[captured.request_id] == 1
    assert {answer.status for answer in answers} == {200, 401}


class Killings:
    """Kills one worker per round, after the first accepted request."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.killed: list[int] = []

    def next_round(self) -> Callable[[Answer], None]:
        first = Lock()

        def seen(answer: Answer) -> None:
            if (
                answer.status == 200
                and first.acquire(blocking=False)
                and (pid := self.service.kill_a_worker())
            ):
                self.killed.append(pid)

        return seen


def fresh(count: int) -> list[Captured]:
    return [Captured() for _ in range(count)]

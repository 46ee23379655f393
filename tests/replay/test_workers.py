"""One mapped file under several workers."""

import random
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from captured import Captured, answered, passes, send, send_all
from service import free_port, node, running, uvicorn

Command = Callable[[int], list[str]]
KILLS = 20
SERVERS = {"uvicorn": [uvicorn], "node": [node], "uvicorn and node": [uvicorn, node]}


@pytest.mark.parametrize("commands", SERVERS.values(), ids=SERVERS)
def test_each_captured_request_passes_once_in_all_workers_together(commands: list[Command], tmp_path: Path):
    with ExitStack() as stack:
        ports = [free_port() for _ in commands]
        for command, port in zip(commands, ports, strict=True):
            stack.enter_context(running(command(port), port, replay_file=str(tmp_path / "shared.replay")))
        jobs = [(captured, port) for captured in fresh(60) for port in ports * 6]
        random.shuffle(jobs)
        answers = send_all(jobs)

    assert set(passes(jobs, answers).values()) == {1}
    assert {answer.text for answer in answers if answer.status != 200} == {"Replay detected"}
    assert len({answer.worker for answer in answers} - {None}) > len(ports), "more than one worker took part"


@pytest.mark.parametrize("command", [uvicorn, node])
def test_workers_killed_while_clients_send_let_nothing_pass_twice(command: Command, tmp_path: Path):
    port = free_port()
    with running(command(port), port, replay_file=str(tmp_path / "shared.replay")) as service:
        accepted: list[Captured] = []
        with service.killing_workers() as killed:
            # More than enough, since a slow machine kills them all while one round is answered.
            for _ in range(KILLS * 5):
                assert service.process.poll() is None, "the process that minds the workers lives"
                jobs = [(captured, port) for captured in fresh(20) for _ in range(3)]
                random.shuffle(jobs)
                answers = send_all(jobs)
                assert max(passes(jobs, answers).values()) <= 1
                accepted += [
                    each for (each, _), answer in zip(jobs, answers, strict=True) if answer.status == 200
                ]
                if len(killed) >= KILLS and len(accepted) > KILLS:
                    break
            else:
                pytest.fail(f"{len(accepted)} requests passed and {len(killed)} workers were killed, too few")

        assert {answered(captured, port).text for captured in accepted} == {"Replay detected"}
        assert {answered(captured, port).status for captured in fresh(40)} == {200}, (
            "the table still takes claims"
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


def test_of_many_thousand_identical_requests_exactly_one_passes(tmp_path: Path):
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


def fresh(count: int) -> list[Captured]:
    return [Captured() for _ in range(count)]

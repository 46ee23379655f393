"""Tests different ways to start several workers that share the default replay table. All workers together
must accept a captured request only once."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from captured import CLIENT, SECRET, Captured, passes, send, send_all
from network import free_port
from service import SERVICES, WORKERS, node, running, uvicorn

GUNICORN = [sys.executable, "-m", "gunicorn", "--chdir", str(SERVICES), "--log-level", "warning"]
SITE = next(path for path in sys.path if path.endswith("site-packages"))


def gunicorn(port: int, directory: Path, *flags: str) -> list[str]:
    return [*GUNICORN, "--bind", f"127.0.0.1:{port}", *flags]


def configured(port: int, directory: Path) -> list[str]:
    file = directory / "gunicorn.conf.py"
    file.write_text(f"workers = {WORKERS}\nbind = '127.0.0.1:{port}'\n")
    return [*GUNICORN, "--config", str(file), "wsgi:app"]


def hypercorn(port: int, directory: Path) -> list[str]:
    start = [sys.executable, "-m", "hypercorn", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"]
    return ["env", "-C", str(SERVICES), *start, "asgi:app"]


def granian(port: int, directory: Path) -> list[str]:
    start = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", str(WORKERS)]
    return ["env", "-C", str(SERVICES), *start, "--port", str(port), "asgi:app"]


def uwsgi(port: int, directory: Path, *flags: str) -> list[str]:
    plugin = ["--plugin", "python3"] if Path("/usr/lib/uwsgi/plugins").is_dir() else []
    settings = [
        "--master",
        "--enable-threads",
        "--processes",
        str(WORKERS),
        "--pythonpath",
        SITE,
        "--die-on-term",
        "--disable-logging",
    ]
    return [
        "uwsgi",
        *plugin,
        *settings,
        "--http-socket",
        f"127.0.0.1:{port}",
        "--chdir",
        str(SERVICES),
        *flags,
    ]


STARTS = {
    "uvicorn": lambda port, directory: uvicorn(port),
    "gunicorn flags": lambda port, directory: gunicorn(port, directory, "-w", str(WORKERS), "wsgi:app"),
    "gunicorn preload": lambda port, directory: gunicorn(
        port, directory, "-w", str(WORKERS), "--preload", "wsgi:app"
    ),
    "gunicorn file": configured,
    "hypercorn": hypercorn,
    "granian": granian,
    "uwsgi": lambda port, directory: uwsgi(port, directory, "-w", "wsgi:app"),
    "uwsgi lazy": lambda port, directory: uwsgi(port, directory, "--lazy-apps", "-w", "wsgi:app"),
    "node cluster": lambda port, directory: node(port),
    "node threads": lambda port, directory: ["node", str(SERVICES / "threads.js"), str(port), str(WORKERS)],
}
FORKS = [name for name in STARTS if name.startswith(("gunicorn", "uwsgi"))]


def keys_of(directory: Path, **clients: str) -> Path:
    file = directory / "keys.json"
    fresh = directory / "keys.fresh"
    entries = {
        name: {"hmacPrimaryVersion": 1, "hmacSecrets": [{"version": 1, "secret": secret}]}
        for name, secret in clients.items()
    }
    fresh.write_text(json.dumps({"clients": entries}))
    fresh.replace(file)
    return file


def start(name: str, directory: Path):
    if name.startswith("uwsgi") and shutil.which("uwsgi") is None:
        pytest.fail("install uwsgi")
    runtime, status = directory / "run", directory / "status"
    for folder in (runtime, status):
        folder.mkdir(mode=0o700)
    port = free_port()
    settings = {"runtime_directory": str(runtime), "status": str(status)}
    settings["keys"] = str(keys_of(directory, **{CLIENT: SECRET}))
    return port, running(STARTS[name](port, directory), port, **settings)


@pytest.mark.parametrize("name", STARTS)
def test_a_captured_request_is_accepted_once_with_default_settings(name: str, tmp_path: Path):
    port, service = start(name, tmp_path)
    with service:
        # The system can give all connections to one worker, so the requests are repeated.
        workers: set[int | None] = {None}
        for _ in range(20):
            jobs = [(captured, port) for captured in (Captured() for _ in range(15)) for _ in range(8)]
            answers = send_all(jobs)
            assert set(passes(jobs, answers).values()) == {1}
            workers |= {answer.worker for answer in answers}
            if len(workers) > 2:
                break
        assert len(workers) > 2, "only one worker accepted requests, so the test proves nothing"
        assert len(list((tmp_path / "run").glob("*.replay"))) == 1


@pytest.mark.parametrize("name", FORKS)
def test_new_keys_and_the_status_reach_every_worker(name: str, tmp_path: Path):
    port, service = start(name, tmp_path)
    with service:
        seen = {send(Captured(), port).worker for _ in range(40)}
        keys_of(tmp_path, another=SECRET)
        deadline = time.monotonic() + 20
        # Wait until every worker rejects the removed client.
        while (answers := {send(Captured(), port).status for _ in range(40)}) != {401}:
            assert time.monotonic() < deadline, answers
            time.sleep(0.1)
        files = {json.loads(file.read_text())["pid"] for file in (tmp_path / "status").glob("*.json")}
        assert seen - {None} <= files, "each worker writes a separate file"


@pytest.mark.parametrize("name", ["gunicorn preload", "uwsgi"])
def test_the_parent_of_the_workers_reports_no_accepted_requests(name: str, tmp_path: Path):
    port, service = start(name, tmp_path)
    with service as running_service:
        sent = sum(send(Captured(), port).status == 200 for _ in range(40))
        time.sleep(0.5)
        accepted = {}
        for file in (tmp_path / "status").glob("*.json"):
            status = json.loads(file.read_text())
            accepted[status["pid"]] = sum(key["accepted"] for key in status["keys"])
        assert accepted.pop(running_service.process.pid, 0) == 0
        assert sum(accepted.values()) >= sent, "the workers count the accepted requests"


def test_uwsgi_without_threads_stops_the_start(tmp_path: Path):
    port = free_port()
    command = [
        part for part in uwsgi(port, tmp_path, "--need-app", "-w", "wsgi:app") if part != "--enable-threads"
    ]
    os.makedirs(tmp_path / "status")
    settings = {"status": str(tmp_path / "status"), "keys": str(keys_of(tmp_path, **{CLIENT: SECRET}))}
    with pytest.raises(RuntimeError), running(command, port, **settings):
        pass

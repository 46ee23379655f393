"""Tests with a uWSGI process that runs several applications, each in its own subinterpreter."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

from network import free_port

from .conftest import PAIR_SECRET, call
from .test_asgi import sign

APPLICATION = """
import datetime, uuid
from sealwire import ConnectionString, KeyRing
from sealwire.wsgi import HMACAuthMiddleware

ISSUER = KeyRing(issuer="an issuer's secret, of 32 bytes or more")
ACCOUNT = uuid.uuid4()
EXPIRES = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)

def app(environ, start_response):
    claimed = ConnectionString.verify(ConnectionString.issue(ISSUER, ACCOUNT, EXPIRES), ISSUER)
    same = isinstance(claimed.account, uuid.UUID) and isinstance(claimed.expires, datetime.datetime)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok" if same else b"no"]

application = HMACAuthMiddleware(app, "practices", schemes=["pairwise"], root_path="{mount}")
"""
RUN = "import pyuwsgi, sys; pyuwsgi.run(sys.argv[1:])"


@contextlib.contextmanager
def uwsgi(folder, *mounts):
    """Runs a uWSGI process with one application per mount point, and yields its URL."""
    port = free_port()
    arguments = ["--http-socket", f"127.0.0.1:{port}", "--manage-script-name", "--need-app"]
    for at, mount in enumerate(mounts):
        (folder / f"app{at}.py").write_text(APPLICATION.format(mount=mount))
        arguments += ["--mount", f"{mount}=app{at}.py"]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", RUN, *arguments],
            cwd=folder,
            env={**os.environ, "HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET},
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + 20
        while "spawned uWSGI worker" not in log.read_text():
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(10)


def test_each_interpreter_uses_its_own_exceptions_and_results(keys, tmp_path):
    with uwsgi(tmp_path, "/one", "/two") as url:
        for _ in range(2):
            for mount in ("/one", "/two"):
                rejected = call(url, "GET", f"{mount}/a", {})
                assert rejected.status_code == 401
                assert rejected.json() == {"detail": "Missing service authentication headers"}
                accepted = call(url, "GET", f"{mount}/a", sign(keys, "GET", f"{mount}/a"))
                assert (accepted.status_code, accepted.content) == (200, b"ok")

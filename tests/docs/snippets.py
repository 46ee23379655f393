"""Runs the nginx configuration from docs/proxies.md and the code from docs/retries.md with a test service.

Run this program with the Python in .venv, after `make build`. Only the ports are replaced.
"""

import base64
import contextlib
import http.server
import os
import re
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sealwire import KeyRing, Rejected, ReplayTable, Signer, Verifier

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import free_port, running, status_of

ROOT = Path(__file__).resolve().parents[2]
os.environ["HMAC_SECRET_AGENT_PRACTICES"] = base64.b64encode(secrets.token_bytes(32)).decode()
NGINX = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    {temporary}
    server {{
        listen 127.0.0.1:{port};
{location}
    }}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Service(http.server.ThreadingHTTPServer):
    """A server that verifies requests, and responds with 503 to the first `failures` valid ones."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.verifier = Verifier("practices", KeyRing.from_env("practices"), replay=ReplayTable.heap())
        self.failures = 0
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        try:
            self.server.verifier.verify("GET", self.path, self.headers.items(), b"")
            self.server.failures -= 1
            status = 503 if self.server.failures >= 0 else 200
        except Rejected as rejected:
            status = rejected.status
        self.server.statuses.append(status)
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Does not log requests."""


def block(document: str, language: str) -> str:
    text = (ROOT / "docs" / document).read_text()
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found


@contextlib.contextmanager
def nginx(service: Service, port: int) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        location = block("proxies.md", "nginx").replace("127.0.0.1:8000", service.url.removeprefix("http://"))
        configuration = NGINX.format(folder=folder, temporary=temporary, port=port, location=location)
        (folder / "nginx.conf").write_text(configuration)
        with running(["nginx", "-p", directory, "-c", f"{directory}/nginx.conf"], port):
            yield


def proxies(service: Service) -> None:
    """Tests that nginx with this configuration forwards the target unchanged, so the signature stays valid."""
    port = free_port()
    signer = Signer("agent", KeyRing.from_env("agent"))
    with nginx(service, port):
        for target in ("/items?page=2", "/a%2Fb/c%20d?x=%7e", "/items//1"):
            url = f"http://127.0.0.1:{port}{target}"
            status = status_of(url, signer.sign("GET", url, receiver="practices"))
            expect(f"nginx, {target}", status, 200)
        expect("nginx, unsigned", status_of(f"http://127.0.0.1:{port}/"), 401)


def retries(service: Service) -> None:
    """Tests that the code in the guide signs each attempt again, so that a retry is not a replay."""
    service.failures, service.statuses = 2, []
    scope: dict[str, object] = {}
    exec(block("retries.md", "python").replace("http://127.0.0.1:8000", service.url), scope)  # noqa: S102 - the code is from the guide
    response = scope["session"].get(f"{service.url}/items")  # type: ignore[attr-defined]
    expect("retries", (response.status_code, service.statuses), (200, [503, 503, 200]))


def expect(name: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise SystemExit(f"snippets: {name}: {found!r}, expected {wanted!r}")


def main() -> int:
    compile(block("websockets.md", "python"), "websockets.md", "exec")
    with Service() as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        time.sleep(1.1)  # a new replay table rejects requests that were signed in its first second
        proxies(service)
        retries(service)
        service.shutdown()
    print("snippets: the nginx configuration and the retry code in the guides work")
    return 0


if __name__ == "__main__":
    sys.exit(main())

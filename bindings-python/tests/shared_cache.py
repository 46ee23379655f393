"""Runs nginx as a cache for all cacheable responses, and runs the service behind it."""

from __future__ import annotations

import base64
import contextlib
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator

from network import free_port, running

from .conftest import PAIR_SECRET

TESTS = pathlib.Path(__file__).parent
OTHER_SECRET = base64.b64encode(b"another pair's secret, 32 bytes long").decode()
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/temp;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=all:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {upstream}; proxy_set_header Host $http_host; proxy_cache_convert_head off;
      proxy_cache all; proxy_cache_valid any 60s; proxy_cache_key $request_method$request_uri;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""


@contextlib.contextmanager
def caching(upstream: str) -> Iterator[str]:
    """Runs nginx as a caching proxy in front of `upstream`, and yields the URL of nginx."""
    assert NGINX, "nginx is missing: run scripts/setup-system"
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        text = CONFIGURATION.format(folder=folder, port=port, upstream=upstream)
        (pathlib.Path(folder) / "nginx.conf").write_text(text)
        command = [NGINX, "-p", folder, "-c", "nginx.conf", "-e", "error.log"]
        with process(command, port):
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def server(program: str) -> Iterator[str]:
    """Runs the test service with uvicorn or gunicorn, and yields the URL of the service."""
    port = free_port()
    run = [sys.executable, "-m", program]
    commands = {
        "uvicorn": [*run, "cached_service:asgi", "--port", str(port), "--log-level", "warning"],
        "gunicorn": [*run, "cached_service:wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
    }
    with process(commands[program], port, cwd=TESTS / "services"):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def process(command: list[str], port: int, cwd: pathlib.Path | None = None) -> Iterator[None]:
    secrets = {"HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET, "HMAC_SECRET_MEALS_PRACTICES": OTHER_SECRET}
    with running(command, port, cwd=cwd, env={**os.environ, **secrets}):
        yield

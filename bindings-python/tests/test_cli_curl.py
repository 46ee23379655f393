"""Tests for the curl commands that `sealwire sign` prints."""

from __future__ import annotations

import json
import subprocess

import pytest
from sealwire import ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.secrets import load

from .conftest import serving
from .test_cli import run

PAIR = ["--as", "agent", "--to", "practices"]


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "agent", "practices", "-o", path)
    return path


@pytest.mark.parametrize(
    ("method", "target", "more"),
    [
        ("GET", "/a?a=[1-3]&b={x,y}", []),
        ("GET", "/é b/{x}/../c?ü=|^", []),
        ("GET", "", []),
        ("HEAD", "/a", []),
        ("HEAD", "/a", ["--data", "body"]),
        ("POST", "/a?[1]", ["--data", "body"]),
        ("GET", "/a", ["-H", "Content-Type:"]),
    ],
)
def test_the_printed_command_sends_the_request_that_was_signed(keys, tmp_path, method, target, more):
    async def app(scope, receive, send):
        seen.append(dict(scope["headers"]).get(b"content-type"))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    seen = []
    table = ReplayTable.heap(accept_older=True)
    with serving(HMACAuthMiddleware(app, "practices", keys=load(keys), replay=table)) as url:
        printed = run("sign", method, f"{url}{target}", "--keys", keys, *PAIR, *more).stdout
        done = subprocess.run(
            ["sh", "-c", printed], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False
        )
    assert done.stdout.startswith("HTTP/1.1 204 "), done
    assert seen == [b"application/json" if "--data" in more else b"" if more else None]


def test_options_of_curl_are_printed_only_if_they_are_needed(keys):
    def words(method, url, *more):
        return run("sign", method, url, "--keys", keys, *PAIR, *more).stdout.split(" -H ")[0]

    assert words("GET", "http://h/a?x=1") == "curl -i -X GET 'http://h/a?x=1'"
    assert words("GET", "http://h/é b") == "curl -i -X GET http://h/%C3%A9%20b"
    assert words("GET", "http://[::1]/a") == "curl -i -X GET --globoff 'http://[::1]/a'"
    assert words("HEAD", "http://h/a") == "curl -i --head http://h/a"
    assert json.loads(run("sign", "GET", "http://h/[1]", "--keys", keys, *PAIR, "--json").stdout)

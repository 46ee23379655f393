"""Tests for the size of the input of commands."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sealwire.cli._explain import text_of
from sealwire.cli._input import MAX_BYTES, MAX_LINE_BYTES

from .test_cli import run

COMMAND = Path(sys.executable).with_name("sealwire")
PAIR = ["--as", "agent", "--to", "practices"]


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "agent", "practices", "-o", path)
    return path


def endless(*arguments, **settings):
    """Runs a command with little memory and returns its standard error."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    command = [COMMAND, *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, preexec_fn=limit, check=False, **settings
    )
    assert done.returncode in (1, 2), done.stderr
    return done.stderr


def test_an_endless_capture_is_named_with_the_limit(keys, tmp_path):
    capture = tmp_path / "capture.http"
    capture.write_text("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
    end = ["--keys", keys, "--service", "practices"]
    zero = "/dev/zero has more than 16 MiB"
    assert f"CAPTURED: {zero}" in endless("explain", "/dev/zero", *end)
    assert f"CAPTURED: {zero}" in endless("verify", "/dev/zero", *end)
    assert f"--sent: {zero}" in endless("explain", capture, "--sent", "/dev/zero", *end)
    assert f"--log: {zero}" in endless("explain", capture, "--log", "@/dev/zero", *end)
    assert f"FILE: {zero}" in endless("check", "--settings", "server", "/dev/zero")
    with open("/dev/zero", "rb") as zeros:
        assert "CAPTURED: standard input has more than 16 MiB" in endless("verify", "-", *end, stdin=zeros)


def test_an_endless_body_is_named_with_the_limit(keys, monkeypatch):
    monkeypatch.setattr("sealwire.cli._request.MAX_BODY_BYTES", MAX_BYTES)
    refused = run("sign", "POST", "http://h/", "--keys", keys, *PAIR, "--data", "@/dev/zero", code=1)
    assert "--data: /dev/zero has more than 16 MiB" in refused.output


def test_a_capture_of_the_largest_size_is_read(keys, tmp_path):
    capture = tmp_path / "capture.http"
    head = b"POST /a HTTP/1.1\r\nHost: h\r\nX-Service-Name: agent\r\n\r\n"
    capture.write_bytes(head + b"x" * (MAX_BYTES - len(head)))
    end = ["--keys", keys, "--service", "practices"]
    assert "missing_headers" in run("verify", capture, *end, code=1).output
    capture.write_bytes(head + b"x" * (MAX_BYTES - len(head) + 1))
    assert "CAPTURED" in run("verify", capture, *end, code=1).output


def test_only_the_end_of_a_large_log_is_read(tmp_path):
    log = tmp_path / "service.log"
    with log.open("wb") as file:
        file.truncate(1 << 40)  # a sparse file of 1 TiB
        file.seek(0, os.SEEK_END)
        file.write("\nfirst\nthe last é line\r\n\n".encode())
    assert text_of(f"@{log}") == "the last é line"


def test_the_last_line_of_a_log_has_a_limit(tmp_path):
    log = tmp_path / "service.log"
    log.write_text("first\n" + "x" * (MAX_LINE_BYTES - 1))
    assert text_of(f"@{log}") == "x" * (MAX_LINE_BYTES - 1)
    log.write_text("first\n" + "x" * (MAX_LINE_BYTES + 1))
    with pytest.raises(ValueError, match=r"--log: the last line of .* has more than 1 MiB"):
        text_of(f"@{log}")


def test_a_log_can_be_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("first\nlast\n"))
    writer.start()
    assert text_of(f"@{pipe}") == "last"
    writer.join()


def test_settings_that_are_not_utf8_are_named(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_bytes(b'service_name = "\xff"')
    assert f"{file} is not UTF-8 text" in run("check", "--settings", "server", file, code=1).output

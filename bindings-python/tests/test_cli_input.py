"""Tests for the options, standard input and error messages of the command `sealwire`."""

from __future__ import annotations

import base64
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sealwire.cli._app import app

from .test_cli import run

COMMAND = Path(sys.executable).with_name("sealwire")  # the installed command


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "agent", "practices", "-o", path)
    return path


def sign(keys, *more, **settings):
    arguments = [
        "sign",
        "POST",
        "http://localhost/x",
        "--as",
        "agent",
        "--to",
        "practices",
        "--keys",
        str(keys),
    ]
    return CliRunner().invoke(app, [*arguments, *map(str, more)], **settings)


def verify(keys, capture, *more, **settings):
    arguments = ["verify", str(capture), "--keys", str(keys), "--service", "practices", "--json"]
    return CliRunner().invoke(app, [*arguments, *map(str, more)], **settings)


def test_the_installed_command_runs_and_so_does_the_module(keys):
    for command in ([COMMAND], [sys.executable, "-m", "sealwire.cli"]):
        done = subprocess.run([*command, "check", keys], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert "is valid" in done.stdout
        wrong = subprocess.run([*command, "check"], capture_output=True, text=True, timeout=60)
        assert wrong.returncode == 2
        assert "pass a key file" in wrong.stderr


def test_a_command_without_its_libraries_reports_what_to_install(tmp_path):
    """Simulates `pip install sealwire`, which installs no optional libraries."""
    (tmp_path / "click.py").write_text("raise ModuleNotFoundError(name='click')\n")
    paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [COMMAND, "keys"], env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == "sealwire: click is not installed; install the command with: pip install sealwire[cli]\n"
    )


def test_colours_appear_on_a_terminal_and_not_in_a_pipe(keys):
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen([COMMAND, "check", keys], stdout=follower, stdin=subprocess.DEVNULL) as process:
        process.wait(60)
    os.close(follower)
    shown = os.read(leader, 4096)
    os.close(leader)
    assert b"\x1b[32m" in shown
    piped = subprocess.run([COMMAND, "check", keys], capture_output=True, timeout=60)
    assert b"\x1b" not in piped.stdout


def test_keys_are_printed_when_no_file_is_named():
    printed = run("keys", "generate", "a", "b", "--format", "dotenv").stdout
    name, _, secret = printed.strip().partition("=")
    assert name == "HMAC_SECRET_A_B"
    assert len(base64.b64decode(secret, validate=True)) == 32
    data = json.loads(run("keys", "generate", "--issuer", "--format", "json").stdout)
    assert data["issuer"]["hmacPrimaryVersion"] == 1


def test_the_effect_of_a_change_is_available_as_json(keys):
    rotated = json.loads(run("keys", "rotate", keys, "--all", "--json").stdout)
    assert rotated["added"] == {"agent/practices": 2}
    promoted = json.loads(run("keys", "promote", keys, "--all", "--json").stdout)
    assert promoted["promoted"] == [{"entry": "agent/practices", "primary": 2, "before": 1}]
    retired = json.loads(run("keys", "retire", keys, "agent/practices", "--force", "--json").stdout)
    assert retired["retired"] == 1


def test_a_rotation_requires_either_names_or_all(keys):
    before = keys.read_bytes()
    for arguments in (["rotate", keys], ["rotate", keys, "agent/practices", "--all"], ["promote", keys]):
        assert "pass the names of entries, or --all" in run("keys", *arguments, code=2).stderr
    assert keys.read_bytes() == before


def test_the_owner_of_a_file_is_kept(keys):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(keys, 12345, 12346)
    run("keys", "rotate", keys, "--all")
    found = keys.stat()
    assert (found.st_uid, found.st_gid) == (12345, 12346)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("HMAC_SECRET_AGENT={}", "HMAC_SECRET_AGENT must contain two services"),
        ("HMAC_SECRET_B_A={}", "HMAC_SECRET_B_A must contain two services, in alphabetical order"),
    ],
)
def test_a_variable_without_the_names_of_a_pair_is_rejected(tmp_path, line, words):
    path = tmp_path / ".env"
    path.write_text(line.format(base64.b64encode(bytes(range(32))).decode()) + "\n")
    path.chmod(0o600)
    assert words in run("keys", "status", path, code=1).stderr


def test_a_name_that_is_not_a_pair_is_not_found_in_variables(tmp_path):
    path = tmp_path / ".env"
    run("keys", "generate", "a", "b", "--format", "dotenv", "-o", path)
    assert "no entry billing; there are a/b" in run("keys", "rotate", path, "billing", code=1).stderr


def test_a_gateways_file_is_checked_by_its_table(tmp_path):
    secret = base64.b64encode(bytes(range(32))).decode()
    path = tmp_path / "config.toml"
    path.write_text(
        f'[core.accountLifeCycle]\nhmacPrimaryVersion = 1\nhmacSecrets = [{{ version = 1, secret = "{secret}" }}]\n'
    )
    path.chmod(0o600)
    assert "issuer version 1, signs" in run("check", path, "--table", "core.accountLifeCycle").stdout
    for table in ("core.nowhere", "core.accountLifeCycle.hmacPrimaryVersion", "x"):
        assert f"has no table [{table}]" in run("check", path, "--table", table, code=1).stderr


def test_a_body_is_read_from_the_command_line_a_file_or_standard_input(keys, tmp_path):
    (tmp_path / "body").write_bytes(b'{"a": 1}')
    typed = sign(keys, "--data", '{"a": 1}', "--json")
    from_file = sign(keys, "--data", f"@{tmp_path / 'body'}", "--json")
    piped = sign(keys, "--data", "@-", "--json", input='{"a": 1}')
    digests = {json.loads(each.stdout)["Content-Digest"] for each in (typed, from_file, piped)}
    assert len(digests) == 1
    words = shlex.split(sign(keys, "--data", f"@{tmp_path / 'body'}").stdout)
    assert words[words.index("--data-binary") + 1] == f"@{tmp_path / 'body'}"
    missing = sign(keys, "--data", f"@{tmp_path / 'nothing'}")
    assert (missing.exit_code, "cannot be read: No such file" in missing.stderr) == (1, True)


def test_headers_are_written_as_options_of_curl(keys):
    words = shlex.split(sign(keys, "-H", "Content-Type: text/plain", "--data", "x").stdout)
    assert [word for word in words if word.lower().startswith("content-type")] == ["Content-Type: text/plain"]
    refused = sign(keys, "-H", "no colon")
    assert refused.exit_code == 2
    assert "'no colon' is not a header; write \"Name: value\"" in refused.stderr


def test_a_request_is_verified_with_its_time_of_arrival(keys, tmp_path):
    headers = json.loads(sign(keys, "--json").stdout)
    capture = tmp_path / "capture.json"
    capture.write_text(json.dumps({"method": "POST", "url": "http://localhost/x#top", "headers": headers}))
    assert json.loads(verify(keys, capture).stdout)["valid"] is True
    early = json.loads(verify(keys, capture, "--at", "2020-01-02T03:04:05+00:00").stdout)
    assert (early["valid"], early["reason"]) == (False, "future_timestamp")
    wrong = verify(keys, capture, "--at", "yesterday")
    assert (wrong.exit_code, "yesterday is not a time; pass Unix seconds" in wrong.stderr) == (1, True)
    piped = verify(keys, "-", input=capture.read_text())
    assert json.loads(piped.stdout)["valid"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"bodyBase64": base64.b64encode(b"\xff\x00").decode()},
        {"postData": {"encoding": "base64", "text": base64.b64encode(b"\xff\x00").decode()}},
    ],
)
def test_a_capture_can_contain_a_binary_body(keys, tmp_path, body):
    (tmp_path / "body").write_bytes(b"\xff\x00")
    headers = json.loads(sign(keys, "--data", f"@{tmp_path / 'body'}", "--json").stdout)
    capture = tmp_path / "capture.json"
    capture.write_text(json.dumps({"method": "POST", "url": "http://localhost/x", "headers": headers} | body))
    assert json.loads(verify(keys, capture).stdout)["valid"] is True


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"bodyBase64": "not base64!"}, "the body is not Base64"),
        ({"body": {"parsed": 1}}, "the body must be the text that was sent"),
    ],
)
def test_a_capture_with_a_changed_body_is_rejected(keys, tmp_path, body, words):
    capture = tmp_path / "capture.json"
    capture.write_text(json.dumps({"method": "POST", "url": "/x", "headers": {}} | body))
    refused = verify(keys, capture)
    assert (refused.exit_code, words in refused.stderr) == (1, True)


def test_the_error_contains_the_path_of_an_unreadable_capture(keys, tmp_path):
    refused = verify(keys, tmp_path)  # a folder instead of a file
    assert refused.exit_code != 0
    refused = verify(keys, tmp_path / "nothing.http")
    assert refused.exit_code != 0
    assert "nothing.http" in refused.stderr

"""Tests for the command with invalid options, files and peers.

Each must cause an error message and a non-zero exit code, but never a traceback.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import stat

import pytest
from click.testing import CliRunner
from sealwire.cli._app import app

from .test_cli import run


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "agent", "practices", "--client", "billing", "--issuer", "-o", path)
    return path


@pytest.fixture
def capture(keys, tmp_path):
    signed = run(
        "sign", "POST", "http://localhost/x", "--as", "agent", "--to", "practices", "--keys", keys, "--json"
    )
    path = tmp_path / "capture.json"
    path.write_text(
        json.dumps({"method": "POST", "url": "http://localhost/x", "headers": json.loads(signed.stdout)})
    )
    return path


def ends_well(*arguments: object, environ=None) -> str:
    """Runs the command, checks that it ends without a traceback, and returns its output."""
    result = CliRunner().invoke(app, [str(each) for each in arguments], env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), (arguments, result.exception)
    assert result.exit_code in (0, 1, 2), arguments
    assert "unexpected" not in result.output, (arguments, result.output)
    assert "Traceback" not in result.output, arguments
    return result.output


ACCOUNT = "11111111-2222-4333-8444-555555555555"
NUMBERS = [
    "-5",
    "-1",
    "99999999999",
    "99999999999999999999999",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "0.5",
    "",
    "x",
    "٣",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "arguments",
    [
        ["token", "issue", "--keys", "KEYS", "--account", ACCOUNT, "--minutes"],
        ["keys", "promote", "KEYS", "agent/practices", "--retire-after"],
        ["keys", "promote", "KEYS", "agent/practices", "--version"],
        ["keys", "retire", "KEYS", "agent/practices", "--version"],
        ["keys", "retire", "KEYS", "agent/practices", "--quiet-for"],
        ["keys", "status", "KEYS", "--quiet-for"],
        ["readiness", "--metrics-url", "http://127.0.0.1:1/", "--quiet-for"],
        ["explain", "CAPTURE", "--keys", "KEYS", "--service", "practices", "--past"],
        ["explain", "CAPTURE", "--keys", "KEYS", "--service", "practices", "--future"],
        ["explain", "CAPTURE", "--keys", "KEYS", "--service", "practices", "--entry"],
        ["explain", "CAPTURE", "--keys", "KEYS", "--service", "practices", "--at"],
        ["verify", "CAPTURE", "--keys", "KEYS", "--service", "practices", "--at"],
    ],
    ids=lambda arguments: f"{arguments[0]} {arguments[-1]}",
)
def test_numbers_out_of_range_are_errors_and_change_no_file(keys, capture, arguments, number):
    before = keys.read_bytes()
    places = {"KEYS": keys, "CAPTURE": capture}
    output = ends_well(*[places.get(each, each) for each in arguments], number)
    assert output
    assert keys.read_bytes() == before


@pytest.mark.parametrize("number", ["-5", "0", "99999999999"])
def test_the_lifetime_of_a_token_must_be_positive(keys, number):
    result = CliRunner().invoke(
        app, ["token", "issue", "--keys", str(keys), "--account", ACCOUNT, "--minutes", number]
    )
    assert (result.exit_code, "--minutes" in result.output) == (2, True)


LINES = [
    '{"sealwire_age_ms": "old", "sealwire_reason": 5}',
    '{"ageMs": "x", "code": ["a"], "path": {}}',
    '{"sealwire_age_ms": 1e300, "path": 5}',
    '{"ageMs": NaN}',
    '{"ageMs": true}',
    '{"message": 5}',
    "[" * 100_000,
    "@nofile",
    "@/",
    "@",
    "\udcff",
]


@pytest.mark.parametrize("line", LINES, ids=[line[:20].encode(errors="replace").decode() for line in LINES])
def test_log_lines_with_an_unexpected_structure(keys, capture, line):
    ends_well("explain", capture, "--keys", keys, "--service", "practices", "--log", line)


CAPTURES = [
    '{"method": 5, "url": "/x", "headers": {}}',
    '{"method": "GET", "url": 5, "headers": {}}',
    '{"method": "GET", "url": "/x", "headers": {"a": 5}}',
    '{"method": "GET", "url": "/x", "headers": [["a"]]}',
    '{"method": "GET", "url": "/x", "headers": [5]}',
    '{"method": "GET", "url": "/x", "headers": [{"name": 5, "value": "x"}]}',
    '{"method": "GET", "url": "http://[", "headers": {}}',
    '{"method": "GET", "url": "http://x:99999999/", "headers": {}}',
    '{"method": "GET", "url": "/x", "headers": {"a": "\\ud800"}}',
    '{"method": "GET", "url": "/\\ud800", "headers": {}}',
    '{"method": "", "url": "", "headers": {}}',
    '{"method": "GET", "target": "/x", "postData": 5}',
    '{"log": 5}',
    '{"log": {"entries": []}}',
    '{"log": {"entries": {"0": 1}}}',
    "{",
    '{"a": ' * 100_000,
    "",
    "GET",
    "GET /x HTTP/1.1\r\nno colon\r\n\r\n",
    "\x00\xff",
]


@pytest.mark.parametrize("content", CAPTURES, ids=[str(number) for number in range(len(CAPTURES))])
def test_captures_with_an_unexpected_structure(keys, tmp_path, content):
    path = tmp_path / "capture"
    path.write_text(content)
    for command in ("verify", "explain"):
        ends_well(command, path, "--keys", keys, "--service", "practices")


KEY_FILES = [
    "hmacSecrets = 5",
    "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = 5",
    "[issuer]\nhmacPrimaryVersion = 99999999999999999999\nhmacSecrets = []",
    "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { } }]",
    "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { google = { secret = 'x' } } }]",
    "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { vault = 5 } }]",
    "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = [] } }]",
    "pairs = 5",
    "[pairs]\n'' = {}",
    "[clients]\n'a:b' = { hmacPrimaryVersion = 1, hmacSecrets = [] }",
    "mode = 5",
    "senders = 5",
    "x = " + "[" * 5000,
    "\x00",
]


@pytest.mark.parametrize("content", KEY_FILES, ids=[str(number) for number in range(len(KEY_FILES))])
@pytest.mark.parametrize("name", ["keys.toml", "keys.json", ".env"])
def test_key_files_with_an_unexpected_structure(tmp_path, capture, content, name):
    path = tmp_path / "other" / name
    path.parent.mkdir()
    path.write_text(content)
    path.chmod(0o600)
    nothing = {"VAULT_ADDR": "", "GCP_PROJECT_ID": "demo", "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere"}
    for arguments in (
        ["check", path],
        ["check", "--offline", path],
        ["keys", "rotate", path, "--all"],
        ["keys", "promote", path, "--all"],
        ["keys", "retire", path, "a/b"],
        ["keys", "status", path],
        ["mode", path],
        ["verify", capture, "--keys", path, "--service", "practices"],
        ["explain", capture, "--keys", path, "--service", "practices"],
        ["token", "issue", "--keys", path, "--account", ACCOUNT],
        ["check", path, "--table", "a..b"],
        ["check", path, "--table", ""],
    ):
        ends_well(*arguments, environ=nothing)


def test_paths_that_are_not_files(tmp_path, keys, capture):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    places = [tmp_path, tmp_path / "loop", tmp_path / "no" / "such", "/dev/null", "/proc/self/mem", "\udcff"]
    for place in places:
        for arguments in (
            ["check", place],
            ["keys", "rotate", place, "--all"],
            ["keys", "generate", "a", "b", "--force", "-o", tmp_path / "no" / "such.toml"],
            ["keys", "generate", "a", "b", "--per-service", place],
            ["keys", "status", keys, "--status-dir", place],
            ["mode", place, "--rollback"],
            ["verify", place, "--keys", keys, "--service", "practices"],
            ["explain", capture, "--keys", keys, "--service", "practices", "--sent", place],
            [
                "sign",
                "GET",
                "http://x/",
                "--as",
                "agent",
                "--to",
                "practices",
                "--keys",
                keys,
                "--data",
                f"@{place}",
            ],
        ):
            ends_well(*arguments)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode), "no command replaces a device"


STATUS = [
    "{}",
    "[]",
    "5",
    '{"keys": 5}',
    '{"keys": [{}], "writtenAt": 1, "service": 1}',
    "\xff",
    "[" * 100_000,
    '{"service": "a", "writtenAt": 1e999, "keys": [{"name": "a/b", "version": 1, "primary": true, "accepted": "x", "lastAccepted": "y"}]}',
]


@pytest.mark.parametrize("content", STATUS, ids=[str(number) for number in range(len(STATUS))])
def test_status_files_with_an_unexpected_structure(tmp_path, keys, content):
    folder = tmp_path / "status"
    folder.mkdir()
    (folder / "x.json").write_bytes(content.encode("latin-1"))
    ends_well("keys", "status", keys, "--status-dir", folder)
    ends_well("keys", "retire", keys, "agent/practices", "--status-dir", folder)


@pytest.mark.parametrize(
    "arguments",
    [
        ["agent", "agent"],
        ["a b", "c"],
        ["a/b", "c"],
        ["a", "b", "a"],
        ["a", ""],
        ["--client", "a:b"],
        ["--client", ""],
        ["--client", "x", "--client", "x"],
        ["my-a", "my_a", "b"],
    ],
)
@pytest.mark.parametrize("form", ["toml", "json", "env"])
def test_names_that_a_service_rejects_are_rejected_when_keys_are_made(tmp_path, arguments, form):
    path = tmp_path / f"keys.{form}"
    run("keys", "generate", *arguments, "-o", path, code=1)
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.env", "HMAC_SECRET_A_B="), ("x.json", "{"), ("x.toml", "[pairs"), (".env", "HMAC_")],
)
def test_the_suffix_of_the_file_selects_the_format(tmp_path, name, start):
    path = tmp_path / name
    run("keys", "generate", "a", "b", "-o", path)
    assert path.read_text().startswith(start)
    assert "is valid" in run("check", path).stdout
    other = "json" if name == "x.toml" else "toml"
    refused = run("keys", "generate", "a", "b", "--force", "-o", path, "--format", other, code=2)
    assert "omit --format" in refused.stderr


def test_the_file_of_each_service_contains_only_its_pairs(tmp_path):
    run("keys", "generate", "agent", "meals", "practices", "--per-service", tmp_path)
    for service in ("agent", "meals", "practices"):
        shown = run("check", tmp_path / f"{service}.toml", "--service", service).stdout
        assert shown.count("version 1, signs") == 2
        assert stat.S_IMODE((tmp_path / f"{service}.toml").stat().st_mode) == 0o600
    assert "agent/meals" not in (tmp_path / "practices.toml").read_text()


def test_a_rotation_keeps_references_and_prints_a_variable_to_set(tmp_path, monkeypatch):
    path = tmp_path / "keys.toml"
    path.write_text(
        '[pairs."a/b"]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "OURS" } }]\n'
    )
    monkeypatch.setenv("OURS", "MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3BxcnN0dXY=")
    assert "is valid" in run("check", path).stdout, "references may be read by others"
    done = json.loads(run("keys", "rotate", path, "--all", "--json").stdout)
    ((name, secret),) = done["setVariables"].items()
    assert name == "OURS_V2"
    assert secret not in path.read_text()
    assert "OURS_V2 is not set" in run("check", path, code=1).stderr
    monkeypatch.setenv(name, secret)
    assert "version 2" in run("check", path).stdout


def test_a_date_for_a_dotenv_file_is_an_error(tmp_path):
    path = tmp_path / ".env"
    run("keys", "generate", "a", "b", "-o", path)
    run("keys", "rotate", path, "--all")
    before = path.read_bytes()
    assert "cannot contain dates" in run("keys", "promote", path, "--all", "--retire-after", 7, code=1).stderr
    assert path.read_bytes() == before


def test_a_gateways_table_is_rotated_and_issues_tokens(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(
        "[core.accountLifeCycle]\nother = 1 # stays\nhmacPrimaryVersion = 1\n"
        "[[core.accountLifeCycle.hmacSecrets]]\nversion = 1\nsecret = 'the secret of the gateway, version one'\n"
    )
    path.chmod(0o600)
    table = ["--table", "core.accountLifeCycle"]
    run("keys", "rotate", path, "issuer", *table)
    run("keys", "promote", path, "issuer", *table)
    token = run("token", "issue", "--keys", path, "--account", ACCOUNT, *table).stdout.strip()
    assert (
        json.loads(run("token", "inspect", token, "--keys", path, *table, "--json").stdout)["keyVersion"] == 2
    )
    assert "yes" in run("keys", "status", path, *table).stdout
    run("keys", "retire", path, "issuer", "--force", *table)
    assert "other = 1 # stays" in path.read_text()
    assert "issuer version 2, signs" in run("check", path, *table).stdout


def test_random_edits_of_files_cause_an_error_message(tmp_path, keys, capture):
    """Random edits find errors that the test cases above do not cover."""
    chance = random.Random(23)
    pieces = ['"', "'", "[", "]", "{", "}", "=", "\n", ",", "5", "-", "\\", "\x00", "é", "true", "nan"]
    for source, commands in (
        (keys, [["check"], ["keys", "rotate", "--all"], ["mode", "--rollback"]]),
        (capture, [["verify", "--keys", keys, "--service", "practices"]]),
    ):
        text = source.read_text()
        for number in range(120):
            place = chance.randrange(len(text))
            changed = text[:place] + chance.choice(pieces) + text[place + chance.choice((0, 1, 5)) :]
            path = tmp_path / f"{number}{source.suffix}"
            path.write_text(changed)
            path.chmod(0o600)
            for command in commands:
                ends_well(*command, path)
    assert list(itertools.islice(tmp_path.iterdir(), 1))

"""Tests for the command `sealwire`: changes to key files, signing, verification, tokens, and exit codes."""

from __future__ import annotations

import base64
import json
import os
import shlex
import stat
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sealwire.cli import _usage as usage
from sealwire.cli._app import app
from sealwire.cli._files import write_private
from sealwire.secrets import load, load_dotenv


def run(*arguments: object, code: int = 0):
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def versions(ring) -> list[tuple[str, int, bool]]:
    return [(key.name, key.version, key.primary) for key in ring.status()]


@pytest.fixture(params=["keys.toml", "keys.json", ".env"])
def file(request, tmp_path) -> Path:
    path = tmp_path / request.param
    form = "dotenv" if request.param == ".env" else path.suffix[1:]
    run("keys", "generate", "agent", "practices", "meals", "--format", form, "-o", path)
    return path


def ring(path: Path):
    return (
        load_dotenv(path, pairs=["agent/meals", "agent/practices", "meals/practices"])
        if path.name == ".env"
        else load(path)
    )


def test_a_rotation_works_in_every_file_format(file):
    run("keys", "rotate", file, "practices/agent")
    assert ("agent/practices", 1, True) in versions(ring(file))
    assert ("agent/practices", 2, False) in versions(ring(file))
    run("keys", "promote", file, "agent/practices")
    assert ("agent/practices", 2, True) in versions(ring(file))
    run("keys", "promote", file, "agent/practices", "--version", 1)
    assert ("agent/practices", 1, True) in versions(ring(file))
    run("keys", "promote", file, "agent/practices")
    run("keys", "retire", file, "agent/practices", "--force")
    assert [each for each in versions(ring(file)) if each[0] == "agent/practices"] == [
        ("agent/practices", 2, True)
    ]
    assert len(ring(file).status()) == 3
    assert "is valid" in run("check", file).stdout


def test_files_with_access_for_other_users_are_rejected(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    run("keys", "rotate", file, "--all")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    assert "chmod 600" in run("check", file, code=1).stderr


def test_a_file_is_not_overwritten_by_default(file):
    before = file.read_bytes()
    assert "--force" in run("keys", "generate", "a", "b", "-o", file, code=1).stderr
    assert file.read_bytes() == before


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "keys.toml"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_symbolic_link_is_not_replaced(file, tmp_path):
    link = tmp_path / f"link{file.suffix or '.env'}"
    link.symlink_to(file)
    run("keys", "rotate", link, "agent/practices")
    assert link.is_symlink()
    assert ("agent/practices", 2, False) in versions(ring(file))


def test_a_change_does_not_remove_comments_or_reorder_a_file(tmp_path):
    secret = base64.b64encode(bytes(range(32))).decode()
    path = tmp_path / "keys.toml"
    path.write_text(
        f'# ours\n[pairs."a/b"]  # two\nhmacPrimaryVersion = 1\n\n[[pairs."a/b".hmacSecrets]]\nversion = 1 # first\nsecret = "{secret}"\n'
    )
    run("keys", "rotate", path, "a/b")
    run("keys", "promote", path, "a/b", "--retire-after", 3)
    text = path.read_text()
    assert text.startswith('# ours\n[pairs."a/b"]  # two\nhmacPrimaryVersion = 2\n')
    assert "# first" in text
    assert "retireAfter = " in text
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"# ours\nexport HMAC_SECRET_A_B='{secret}' # first\nOTHER=1")
    run("keys", "rotate", dotenv, "a/b")
    run("keys", "promote", dotenv, "a/b")
    assert dotenv.read_text().startswith(
        f"# ours\nexport HMAC_SECRET_A_B='{secret}' # first\nexport HMAC_SECRET_A_B_V2="
    )
    assert dotenv.read_text().endswith("\nexport HMAC_PRIMARY_A_B=2\nOTHER=1\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["promote", "agent/nobody"], "no entry agent/nobody; there are"),
        (["promote", "agent/practices", "--version", "9"], "has no version 9; it has 1"),
        (["retire", "agent/practices", "--version", "1"], "version 1 signs; promote another version first"),
        (["retire", "agent/practices"], "has 0 old versions"),
    ],
)
def test_an_invalid_change_is_an_error_and_has_no_effect(file, arguments, words):
    before = file.read_bytes()
    command, *rest = arguments
    assert words in run("keys", command, file, *rest, code=1).stderr
    assert file.read_bytes() == before


def test_status_agrees_with_the_file_and_supports_json(file):
    run("keys", "rotate", file, "agent/practices")
    rows = json.loads(run("keys", "status", file, "--json").stdout)
    assert [
        (row["entry"], row["version"], row["primary"]) for row in rows if row["entry"] == "agent/practices"
    ] == [
        ("agent/practices", 1, True),
        ("agent/practices", 2, False),
    ]
    assert all(not row["retirable"] for row in rows)


def use(instance: str, version: int, *, primary: bool, last: float | None) -> usage.Use:
    return usage.Use(instance, "a/b", version, primary, 1, last)


NOW = 10_000.0


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ([], "no running service reports"),
        ([use("one", 1, primary=True, last=None)], "one still signs with version 1"),
        (
            [use("one", 1, primary=False, last=NOW - 599)],
            "one accepted version 1 10 min ago; wait another 1 s",
        ),
        (
            [use("one", 1, primary=False, last=NOW - 601), use("two", 1, primary=False, last=NOW - 1)],
            "two accepted",
        ),
        ([use("one", 1, primary=False, last=NOW - 601), use("one", 2, primary=True, last=NOW)], None),
        ([use("one", 2, primary=True, last=NOW)], None),
    ],
)
def test_an_old_version_stays_while_anyone_uses_it(uses, words):
    found = usage.objections(uses, "a/b", 1, usage.quiet_for("a/b", None), NOW)
    assert (words is None) == (found == [])
    assert words is None or words in found[0]


def test_an_issuer_version_is_not_removed_without_the_lifetime_of_tokens(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "--issuer", "-o", path)
    run("keys", "rotate", path, "issuer")
    run("keys", "promote", path, "issuer")
    assert "--quiet-for" in run("keys", "retire", path, "issuer", code=1).stderr


@pytest.mark.parametrize("scheme", ["message", "pairwise"])
def test_verify_accepts_the_output_of_sign(file, tmp_path, scheme):
    body = '{"query": "it\'s"}'
    url = "http://localhost:8000/graphql?a=1"
    printed = run(
        "sign",
        "POST",
        url,
        "--as",
        "agent",
        "--to",
        "practices",
        "--keys",
        file,
        "--scheme",
        scheme,
        "--data",
        body,
    )
    words = shlex.split(printed.stdout)
    assert words[:5] == ["curl", "-i", "-X", "POST", url]
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    sent = words[words.index("--data-binary") + 1]
    capture = tmp_path / "capture.json"
    capture.write_text(json.dumps({"method": "POST", "url": url, "headers": headers, "body": sent}))
    found = json.loads(run("verify", capture, "--keys", file, "--service", "practices", "--json").stdout)
    assert (found["sender"], found["scheme"]) == ("agent", scheme)
    late = run(
        "verify",
        capture,
        "--keys",
        file,
        "--service",
        "practices",
        "--at",
        time.time() + 400,
        "--json",
        code=1,
    )
    assert json.loads(late.stdout)["reason"] == "stale_timestamp"
    assert (
        "stale_timestamp"
        in run(
            "verify", capture, "--keys", file, "--service", "practices", "--at", time.time() + 400, code=1
        ).stdout
    )


def test_a_token_without_an_account_is_not_issued(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "--issuer", "-o", path)
    run("token", "issue", "--keys", path, "--account", "not a uuid", code=2)
    run(
        "token",
        "issue",
        "--keys",
        path,
        "--account",
        "11111111-2222-4333-8444-555555555555",
        "--role",
        "x:own",
        code=2,
    )


def test_tokens_are_issued_and_inspected(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "--issuer", "-o", path)
    account = "11111111-2222-4333-8444-555555555555"
    token = run(
        "token", "issue", "--keys", path, "--account", account, "--role", "admin:write"
    ).stdout.strip()
    assert "not verified" in run("token", "inspect", token).stdout
    found = json.loads(run("token", "inspect", token, "--keys", path, "--json").stdout)
    assert found["verified"] is True
    assert (found["account"], found["roles"], found["keyVersion"]) == (
        account,
        [{"name": "admin", "write": True}],
        1,
    )
    beans = base64.b64decode(token).decode().replace("admin:1", "owner:1")
    forged = base64.b64encode(beans.encode()).decode()
    refused = json.loads(run("token", "inspect", forged, "--keys", path, "--json", code=1).stdout)
    assert refused["code"] == "MYC00032"


@pytest.mark.parametrize(
    "arguments",
    [
        ["keys", "generate", "alone"],
        ["keys", "rotate", "FILE"],
        ["keys", "status"],
        ["readiness"],
        ["sign", "GET", "/"],
        ["nonsense"],
    ],
)
def test_a_wrong_command_ends_with_2(file, arguments):
    run(*[file if each == "FILE" else each for each in arguments], code=2)


@pytest.mark.parametrize(
    "content", ["", "x", "[pairs]\nx = 1", "[client.x]", 'hmac = "s3cret', "[[pairs]]", "allowWeak = 1"]
)
@pytest.mark.parametrize("name", ["keys.toml", "keys.json", ".env"])
def test_an_invalid_file_is_an_error_message(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    path.chmod(0o600)
    for arguments in (
        ["check", path],
        ["check", "--offline", path],
        ["keys", "status", path, "--metrics-url", "x"],
    ):
        result = run(*arguments, code=1)
        assert result.stderr.startswith("sealwire: ")
        assert "s3cret" not in result.output


def test_output_without_a_terminal_has_no_colours_and_completion_is_available(file):
    assert "\x1b" not in run("check", file).output
    result = CliRunner().invoke(app, ["check", str(file)], color=True)
    assert "\x1b[32m" in result.output
    script = CliRunner().invoke(app, [], env={"_SEALWIRE_COMPLETE": "bash_source"}, prog_name="sealwire")
    assert "_sealwire_completion" in script.output


def test_an_address_that_is_not_a_service_ends_the_command(file):
    for url in ("ftp://x", "http://127.0.0.1:1/metrics"):
        assert url in run("keys", "status", file, "--metrics-url", url, code=1).stderr

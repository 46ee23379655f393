"""Runs every command with random arguments and files. The exit code must be 0, 1 or 2, and an error must be
one line instead of a traceback."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sealwire.cli._app import app

RUNS = 200  # for each command
SECRET = base64.b64encode(bytes(range(32))).decode()
WORDS = [
    "", "-", "--", "0", "-1", "1", "nan", "1e400", "99999999999999999999", "agent", "practices", "agent/practices",
    "a b", "a:b", "é", "\udcff", "'", '"', "{}", "[", "enforce", "observe", "off", "message", "client", "GET",
    "http://127.0.0.1:1/", "http://[", "ftp://a", "//", "issuer", "core.accountLifeCycle", "a" * 5000, "2030-01-31", "@",
]  # fmt: skip
CAPTURED = {"method": "GET", "url": "http://a/", "headers": {"x-service-name": "agent"}, "body": "x"}
CONTENTS = [
    "", "\x00\x01", "{", "[]", "5", "null", '"x"', "[" * 3000, "a = ", "mode = 5", "hmacSecrets = 5",
    'mode = "observe"\nsenders = { agent = "off" }',
    f'[pairs."agent/practices"]\nhmacPrimaryVersion = 1\nhmacSecrets = [{{ version = 1, secret = "{SECRET}" }}]\n',
    '[pairs."agent/practices"]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { vault = 5 } }]\n',
    f"HMAC_SECRET_AGENT_PRACTICES={SECRET}\nHMAC_AUTH_ENABLED=false\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX-Service-Name: agent\r\n\r\nbody",
    json.dumps(CAPTURED), json.dumps(CAPTURED | {"method": 5}), json.dumps(CAPTURED | {"headers": [1]}),
    json.dumps({"log": {"entries": [{"request": {}}]}}), json.dumps({"age_ms": "text", "reason": 5}),
    'service_name = "a"\nschemes = 5',
]  # fmt: skip


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Returns the commands that have no subcommands, with their names."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = list(commands(app))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    made = [str(tmp_path), str(tmp_path / "missing.toml")]
    for number, text in enumerate(CONTENTS):
        for suffix in ("toml", "json", "env"):
            file = tmp_path / f"file{number}.{suffix}"
            file.write_text(text, encoding="utf-8")
            file.chmod(0o600)
            made.append(str(file))
    return made


def arguments(command: click.Command, files: list[str], chance: random.Random) -> list[str]:
    """Returns random arguments for a command."""
    made: list[str] = []
    for parameter in command.params:
        values = [value for _ in range(max(1, parameter.nargs)) for value in [word(parameter, files, chance)]]
        if isinstance(parameter, click.Argument):
            made += values if chance.random() < 0.95 else []
        elif chance.random() < 0.35:
            made.append(chance.choice(parameter.opts))
            made += [] if getattr(parameter, "is_flag", False) else values
    return made


def word(parameter: click.Parameter, files: list[str], chance: random.Random) -> str:
    """Returns a random value, which usually has the type of the parameter."""
    if chance.random() < 0.2:
        return chance.choice(WORDS)
    if isinstance(parameter.type, click.Choice):
        return str(chance.choice(list(parameter.type.choices)))
    if isinstance(parameter.type, click.Path):
        return chance.choice(files)
    return chance.choice(WORDS)


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_random_arguments_and_files_cause_at_most_a_one_line_error(
    path, command, files, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    chance = random.Random(" ".join(path))
    for _ in range(RUNS):
        given = [*path, *arguments(command, files, chance)]
        result = CliRunner().invoke(app, given, input=chance.choice(CONTENTS))
        assert result.exception is None or isinstance(result.exception, SystemExit), (given, result.exc_info)
        assert result.exit_code in (0, 1, 2), given
        assert "bug in the command" not in result.stderr, (given, result.stderr)
        assert "Traceback" not in result.output, given
        if result.exit_code == 1 and result.stderr:
            assert len(result.stderr.strip().splitlines()) == 1, (given, result.stderr)

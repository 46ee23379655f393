"""Runs the `sealwire` commands in the documentation with real files and a running service."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import make_wsgi_app
from sealwire.cli._app import app
from sealwire.secrets import load

from .test_asked import Service, page
from .test_cli import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "bindings-python/README.md"])
EXAMPLE = re.compile(
    r"^ {4}(sealwire .+)$|`(sealwire (?:keys|mode|check|token|sign|verify|explain|readiness) [^`]+)`", re.M
)


def sections(path: Path) -> dict[str, list[str]]:
    """Returns the commands on a page by heading, without comments and output."""
    found = {}
    for text in re.split(r"^#+ ", path.read_text(), flags=re.M):
        lines = [block or inline for block, inline in EXAMPLE.findall(text)]
        commands = [part.strip() for line in lines for part in re.sub(r"\s+# .*", "", line).split("&&")]
        # Skip commands that the text only mentions without arguments.
        if commands := [each for each in commands if len(each.split()) > 3 or "FILE" in each]:
            found[text.partition("\n")[0]] = commands
    return found


SECTIONS = [
    pytest.param(commands, id=f"{path.relative_to(ROOT)}: {heading}")
    for path in PAGES
    for heading, commands in sections(path).items()
]


def test_there_are_examples():
    assert {path.name for path in PAGES if sections(path)} >= {
        "key-rotation.md",
        "rollout.md",
        "operations.md",
    }


@pytest.mark.parametrize("commands", SECTIONS)
def test_the_examples_of_a_section_run(commands, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("keys").mkdir()
    Path("modes.toml").write_text("senders = { agent = 'observe' }")
    if not any("-o keys.toml" in each for each in commands):
        run("keys", "generate", "agent", "practices", "meals", "--issuer", "-o", "keys.toml")
        signed = ["sign", "GET", "http://practices/x", "--as", "agent", "--to", "practices"]
        words = shlex.split(run(*signed, "--keys", "keys.toml").stdout)
        headers = [words[at + 1] for at, word in enumerate(words) if word == "-H"]
        head = ["GET /x HTTP/1.1", "Host: practices", *headers]
        for name in ("request.http", "sent.http"):
            Path(name).write_text("\n".join([*head, "", ""]))
        run("keys", "rotate", "keys.toml", "agent/practices")
        run("keys", "promote", "keys.toml", "agent/practices")
    for command in commands:
        works(command)


def works(command: str) -> None:
    """Runs an example. The URL of a test service replaces the URLs in the example."""
    if not Path("keys.toml").exists():
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, (command, result.output)
        return
    service = Service(Path("keys.toml"))
    service.is_called(ago=90_000)
    service.counts_since(ago=90_000)
    with page(make_wsgi_app(service.registry)) as url:
        text = re.sub(r"http://[\w-]+:9100/metrics|(?<=--metrics-url )\.\.\.", url, command)
        text = text.replace("FILE", "keys.toml")
        result = CliRunner().invoke(app, shlex.split(text)[1:])
    # `explain` and `retire` may exit with 1, because the test service differs from the one in the example.
    allowed = (0, 1) if shlex.split(text)[1] == "explain" or "keys retire" in text else (0,)
    assert result.exit_code in allowed, (command, result.output)
    assert "unexpected" not in result.output, (command, result.output)
    assert load("keys.toml")

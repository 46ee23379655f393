"""Every example of the command in the documentation runs, in the order of its page, against files and a service of its own."""

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


def examples(path: Path) -> list[str]:
    """The commands of a page, one for each line, without comments and their output."""
    lines = [block or inline for block, inline in EXAMPLE.findall(path.read_text())]
    commands = [part for line in lines for part in re.sub(r"\s+# .*", "", line).split("&&")]
    # A word in capitals stands for a name; `keys status` alone names the command.
    return [each.strip() for each in commands if len(each.split()) > 3 or "FILE" in each]


DOCUMENTED = [path for path in PAGES if examples(path)]


def test_there_are_examples():
    assert {path.name for path in DOCUMENTED} >= {"key-rotation.md", "rollout.md", "operations.md"}


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_of_a_page_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys").mkdir()
    for each in ("modes.toml",):
        (tmp_path / each).write_text("")
    if "-o keys.toml" not in "".join(examples(path)):
        run("keys", "generate", "agent", "practices", "meals", "--issuer", "-o", "keys.toml")
    signed = ["--as", "agent", "--to", "practices", "--keys", "keys.toml"]
    for command in examples(path):
        if Path("keys.toml").exists() and not Path("request.http").exists():
            words = shlex.split(run("sign", "GET", "http://practices/x", *signed).stdout)
            headers = [words[at + 1] for at, word in enumerate(words) if word == "-H"]
            Path("request.http").write_text(
                "\n".join(["GET /x HTTP/1.1", "Host: practices", *headers, "", ""])
            )
        works(command)


def works(command: str) -> None:
    """Runs one example; services that it names are a real one."""
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
    # 1 where the example asks about a state that these files are not in, such as a request that cannot be explained.
    allowed = (0, 1) if shlex.split(text)[1] == "explain" or "keys retire" in text else (0,)
    assert result.exit_code in allowed, (command, result.output)
    assert "unexpected" not in result.output, (command, result.output)
    assert load("keys.toml")

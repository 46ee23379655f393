"""Runs all `sealwire` commands in the guides, in order, with two running services.

Run this program with the Python in .venv, after `make build`. It replaces only host names and placeholders.
It fails if a command is not in EXPECTED, so each new command must be added there.
"""

import contextlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sealwire import Signer
from sealwire.secrets import load

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import free_port, running, status_of

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.compile(r"^    (sealwire .+)$", re.MULTILINE)
MODES = """mode = "observe"
"""
# How each command starts, its exit code, and a part of its output. The commands have the same order as in the
# documents.
EXPECTED = {
    "rollout.md": [
        ("sealwire keys generate agent practices meals", 0, "keys.toml"),
        ("sealwire readiness", 1, "not yet"),
        ("sealwire mode modes.toml enforce --sender agent", 0, "agent"),
        ("sealwire mode modes.toml --rollback", 0, ""),
        ("sealwire mode modes.toml --resume", 0, ""),
    ],
    "key-rotation.md": [
        ("sealwire keys rotate keys.toml agent/practices", 0, ""),
        ("sealwire check keys.toml", 0, ""),
        ("sealwire keys status keys.toml", 0, "agent/practices"),
        ("sealwire keys promote keys.toml agent/practices --retire-after 7", 0, ""),
        # This command must fail, because the services have not counted requests for long enough.
        ("sealwire keys retire keys.toml agent/practices --metrics-url", 1, ""),
        ("sealwire keys promote keys.toml agent/practices --version 1", 0, ""),
        ("sealwire keys retire keys.toml agent/practices --version 2 --force", 0, ""),
        ("sealwire keys rotate keys.toml agent/practices && sealwire keys promote", 0, ""),
        ("sealwire keys retire keys.toml agent/practices --force", 0, ""),
    ],
    "operations.md": [("sealwire explain request.http", 0, "path")],
}


class Fleet:
    """The services `agent` and `practices`, which both read the files in the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: (free_port(), free_port()) for name in ("agent", "practices")}

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for name, ports in self.ports.items():
                command = [sys.executable, ROOT / "tests/docs/guide_service.py", name, *map(str, ports)]
                stack.enter_context(running(command, ports[0], cwd=self.folder))
            yield

    def command(self, line: str) -> str:
        """Replaces the host names and placeholders in a command with those of the running services."""
        urls = [f"http://127.0.0.1:{metrics}/metrics" for _, metrics in self.ports.values()]
        for name, url in zip(("agent", "practices", "meals"), [*urls, urls[0]], strict=True):
            line = line.replace(f"http://{name}:9100/metrics", url)
        for url in urls:
            line = line.replace("--metrics-url ...", f"--metrics-url {url}", 1)
        line = line.replace("<the log line of the rejection>", "request rejected: signature_mismatch")
        return line.replace("sealwire ", f"{sys.executable} -m sealwire.cli ")

    def run(self, line: str) -> tuple[int, str]:
        ran = subprocess.run(
            ["sh", "-c", self.command(line)], cwd=self.folder, check=False, capture_output=True, text=True
        )
        return ran.returncode, ran.stdout + ran.stderr

    def call(self) -> int:
        """Sends a request from `agent` to `practices`, signed with a key from the current key file, and
        returns the status."""
        url = f"http://127.0.0.1:{self.ports['practices'][0]}/items"
        keys = load(self.folder / "keys.toml", service="agent")
        return status_of(url, Signer("agent", keys).sign("GET", url, receiver="practices"))

    def capture(self) -> None:
        """Writes request.http, which contains a request whose path was changed after signing. A command in
        operations.md reads it."""
        keys = load(self.folder / "keys.toml", service="agent")
        headers = Signer("agent", keys).sign("GET", "http://practices/items", receiver="practices")
        lines = [
            "GET /api/items HTTP/1.1",
            "Host: practices",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        (self.folder / "request.http").write_text("\r\n".join([*lines, "", ""]))


def commands(document: str) -> list[str]:
    return COMMAND.findall((ROOT / "docs" / document).read_text())


def check(fleet: Fleet, document: str, line: str, expected: tuple[str, int, str]) -> None:
    start, code, part = expected
    if not line.startswith(start):
        raise SystemExit(f"guides: {document} has {line!r} where {start!r} was expected; update EXPECTED")
    found, output = fleet.run(line)
    if found != code or part not in output or "Traceback" in output:
        raise SystemExit(
            f"guides: {document}: {line}: exit code {found}, expected {code} and {part!r}:\n{output}"
        )


def guide(fleet: Fleet, document: str) -> None:
    lines = commands(document)
    if len(lines) != len(EXPECTED[document]):
        raise SystemExit(
            f"guides: {document} has {len(lines)} commands, EXPECTED has {len(EXPECTED[document])}"
        )
    for line, expected in zip(lines, EXPECTED[document], strict=True):
        if line.startswith("sealwire keys generate"):
            continue  # This command was run before the services started, because it creates their key file.
        check(fleet, document, line, expected)
        if "modes.toml" not in line and (status := settled(fleet)) != 200:
            raise SystemExit(f"guides: {document}: a signed request returned {status} after {line}")
    print(f"guides: {document}: {len(lines)} commands")


def settled(fleet: Fleet) -> int:
    """Returns the status of a signed request. Retries for a few seconds, until the services have reloaded the
    files."""
    deadline = time.monotonic() + 5
    while (status := fleet.call()) != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    return status


def main() -> int:
    listed = {path.name for path in (ROOT / "docs").glob("*.md") if commands(path.name)}
    if listed != EXPECTED.keys():
        raise SystemExit(f"guides: not tested: {sorted(listed ^ EXPECTED.keys())}")
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        fleet = Fleet(folder)
        (folder / "modes.toml").write_text(MODES)
        check(fleet, "rollout.md", commands("rollout.md")[0], EXPECTED["rollout.md"][0])
        with fleet.running():
            fleet.call()
            for document in EXPECTED:
                if document == "operations.md":
                    fleet.capture()
                guide(fleet, document)
    return 0


if __name__ == "__main__":
    sys.exit(main())

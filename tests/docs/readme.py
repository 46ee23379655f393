"""The README's code does what the README says: each service is started as printed, and called as printed.

Run after `make build`, with the Python of .venv. Only the ports are replaced, by free ones.
"""

import base64
import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = base64.b64encode(secrets.token_bytes(32)).decode()
ENVIRONMENT = {**os.environ, "HMAC_SECRET_AGENT_PRACTICES": SECRET, "HMAC_SHARED_SECRET": SECRET}
START_SECONDS = 20


def blocks(language: str) -> list[str]:
    """The README's code of one language, in order."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def service(command: list[str], directory: Path, port: int) -> Iterator[None]:
    """Runs a service until it is no longer needed."""
    process = subprocess.Popen(command, cwd=directory, env=ENVIRONMENT)
    try:
        wait_for(process, port)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Waits until the service listens."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"readme: the service did not start: {process.args}")
        time.sleep(0.05)


def output(command: list[str], directory: Path) -> str:
    """What a command prints."""
    ran = subprocess.run(command, cwd=directory, env=ENVIRONMENT, check=False, capture_output=True, text=True)
    if ran.returncode != 0:
        raise SystemExit(f"readme: {' '.join(command)} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout.strip()


def python(directory: Path) -> None:
    """The FastAPI service, called by the httpx client."""
    server, client = blocks("python")
    port = free_port()
    (directory / "server.py").write_text(server)
    (directory / "client.py").write_text(client.replace("8000", str(port)))
    uvicorn = [sys.executable, "-m", "uvicorn", "server:app", "--port", str(port), "--log-level", "warning"]
    with service(uvicorn, directory, port):
        expect("python", output([sys.executable, "client.py"], directory), "agent")


def node(directory: Path) -> None:
    """The Express service, called with a signed fetch."""
    server, client = blocks("js")
    port = str(free_port())
    (directory / "node_modules").mkdir()
    (directory / "node_modules/sealwire").symlink_to(ROOT / "bindings-node")
    (directory / "node_modules/express").symlink_to(ROOT / "bindings-node/node_modules/express")
    (directory / "server.cjs").write_text(server.replace("3000)", f"{port})"))
    (directory / "client.mjs").write_text(client.replace("3000", port))
    with service(["node", "server.cjs"], directory, int(port)):
        expect("node", output(["node", "client.mjs"], directory), "200")


def rust(directory: Path) -> None:
    """The example against core."""
    (directory / "readme.md").write_text("".join(f"```rust\n{block}```\n" for block in blocks("rust")))
    output(["cargo", "build", "--quiet", "-p", "sealwire-core"], ROOT)
    built = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
    core = f"sealwire_core={built}/libsealwire_core.rlib"
    said = output(
        ["rustdoc", "--test", "readme.md", "--edition", "2024", "-L", f"{built}/deps", "--extern", core],
        directory,
    )
    expect("rust", " ".join(re.findall(r"\d+ passed; \d+ failed", said)), "1 passed; 0 failed")


def expect(language: str, said: str, wanted: str) -> None:
    """Compares, and says so."""
    if said != wanted:
        raise SystemExit(f"readme: the {language} example says {said!r}, the README {wanted!r}")
    print(f"readme: the {language} example says {said!r}")


def main() -> None:
    """Runs every language's example in a directory of its own."""
    for example in (rust, python, node):
        with tempfile.TemporaryDirectory() as directory:
            example(Path(directory))


if __name__ == "__main__":
    main()

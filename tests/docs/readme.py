"""Runs the code in the README: starts each service and calls it with the matching client.

Run this program with the Python in .venv, after `make build`. Only the ports in the code are replaced.
"""

import base64
import os
import re
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import free_port, running, wait_for_response

ROOT = Path(__file__).resolve().parents[2]
SECRET = base64.b64encode(secrets.token_bytes(32)).decode()
ENVIRONMENT = {**os.environ, "HMAC_SECRET_AGENT_PRACTICES": SECRET, "HMAC_SHARED_SECRET": SECRET}


def blocks(language: str) -> list[str]:
    """Returns the README's code blocks in one language, in order."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )


def output(command: list[str], directory: Path) -> str:
    """Returns the output of a command."""
    ran = subprocess.run(command, cwd=directory, env=ENVIRONMENT, check=False, capture_output=True, text=True)
    if ran.returncode != 0:
        raise SystemExit(f"readme: {' '.join(command)} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout.strip()


def python(directory: Path) -> None:
    """Runs the FastAPI service and calls it with the httpx client."""
    server, client = blocks("python")
    port = free_port()
    (directory / "server.py").write_text(server)
    (directory / "client.py").write_text(client.replace("8000", str(port)))
    uvicorn = [sys.executable, "-m", "uvicorn", "server:app", "--port", str(port), "--log-level", "warning"]
    with running(uvicorn, port, wait_for_response, cwd=directory, env=ENVIRONMENT):
        expect("python", output([sys.executable, "client.py"], directory), "agent")


def node(directory: Path) -> None:
    """Runs the Express service and calls it with a signed fetch."""
    server, client = blocks("js")
    port = str(free_port())
    (directory / "node_modules").mkdir()
    (directory / "node_modules/sealwire").symlink_to(ROOT / "bindings-node")
    (directory / "node_modules/express").symlink_to(ROOT / "bindings-node/node_modules/express")
    (directory / "server.cjs").write_text(server.replace("3000)", f"{port})"))
    (directory / "client.mjs").write_text(client.replace("3000", port))
    with running(["node", "server.cjs"], int(port), wait_for_response, cwd=directory, env=ENVIRONMENT):
        expect("node", output(["node", "client.mjs"], directory), "200")


def rust(directory: Path) -> None:
    """Runs the axum service and calls it with the reqwest client.

    Both are built with the demo's manifest and target folder, so that dependencies are compiled only once.
    """
    demo = ROOT / "tests/e2e/services/rust"
    port = str(free_port())
    (directory / "src/bin").mkdir(parents=True)
    for name, block in zip(("server", "client"), blocks("rust"), strict=True):
        (directory / f"src/bin/{name}.rs").write_text(block.replace("8000", port))
    manifest = (demo / "Cargo.toml").read_text().replace("../../../../bindings-rust", f"{ROOT}/bindings-rust")
    (directory / "Cargo.toml").write_text(manifest)
    (directory / "Cargo.lock").write_text((demo / "Cargo.lock").read_text())
    built = ROOT / ".cache/demo/rust"
    output(["cargo", "build", "--quiet", "--locked", f"--target-dir={built}"], directory)
    with running([str(built / "debug/server")], int(port), wait_for_response, cwd=directory, env=ENVIRONMENT):
        expect("rust", output([str(built / "debug/client")], directory), "agent")


def expect(language: str, said: str, wanted: str) -> None:
    """Compares a value with the expected value and prints the result."""
    if said != wanted:
        raise SystemExit(f"readme: the {language} example prints {said!r}, the README {wanted!r}")
    print(f"readme: the {language} example prints {said!r}")


def main() -> None:
    """Runs the examples in all languages in a temporary directory."""
    for example in (rust, python, node):
        with tempfile.TemporaryDirectory() as directory:
            example(Path(directory))


if __name__ == "__main__":
    main()

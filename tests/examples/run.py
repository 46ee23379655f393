"""Runs the examples with real servers. Each service must accept a signed request and reject an unsigned one.

Run this program with the Python in .venv, after `make build`. `--only NAME` runs one example.
"""

import argparse
import base64
import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from sealwire import Signer
from sealwire.secrets import load

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import network
from network import free_port

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
RUST = ROOT / ".cache/demo/rust"


def secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


ENVIRONMENT = {
    **os.environ,
    "HMAC_SECRET_AGENT_PRACTICES": secret(),
    "HMAC_SECRET_AGENT_GATEWAY": secret(),
    "HMAC_SECRET_AGENT_MEALS": secret(),
    "HMAC_SHARED_SECRET": secret(),
}


@contextlib.contextmanager
def running(command: list[str], folder: Path, port: int, **environment: str) -> Iterator[None]:
    """Runs a service until the `with` block ends."""
    with tempfile.TemporaryDirectory() as runtime:  # for the service's replay files
        ours = {**ENVIRONMENT, "PORT": str(port), "RUNTIME_DIRECTORY": runtime, **environment}
        settings = {"cwd": folder, "env": ours, "stdin": subprocess.PIPE}
        with network.running(command, port, network.wait_for_response, **settings):
            yield


def output(command: list[str], folder: Path, **environment: str) -> str:
    ours = {**ENVIRONMENT, **environment}
    ran = subprocess.run(command, cwd=folder, env=ours, check=False, capture_output=True, text=True)
    if ran.returncode != 0:
        raise SystemExit(f"examples: {' '.join(command)} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout.strip()


def status(url: str, method: str = "POST", headers: dict[str, str] | None = None) -> int:
    """Sends a request and returns the status. The request is signed if `headers` contains a signature."""
    body = b"{}" if method == "POST" else None
    return network.status_of(url, {"Content-Type": "application/json", **(headers or {})}, body)


def same(example: str, said: object, wanted: object) -> None:
    if said != wanted:
        raise SystemExit(f"examples: {example} returned {said!r}, expected {wanted!r}")


def served(name: str, server: list[str], client: list[str], caller: str, folder: Path | None = None) -> None:
    """Tests that a service accepts requests from its client and rejects an unsigned request."""
    folder = folder or EXAMPLES / name
    port = free_port()
    command = [part.replace("PORT", str(port)) for part in server]
    with running(command, folder, port):
        url = f"http://127.0.0.1:{port}"
        same(name, output(client, folder, SERVICE_URL=url).splitlines()[-1], f"200 called by {caller}")
        same(name, status(f"{url}/items"), 401)


def python(name: str, server: list[str]) -> None:
    served(name, [sys.executable, "-m", *server], [sys.executable, "client.py"], "agent")


def fastapi() -> None:
    """Tests the three services of the FastAPI example, which call each other."""
    ports = {name: free_port() for name in ("meals", "agent", "gateway")}
    urls = {f"{name.upper()}_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    with contextlib.ExitStack() as stack:
        for name, port in ports.items():
            uvicorn = [
                sys.executable,
                "-m",
                "uvicorn",
                f"{name}:app",
                "--port",
                str(port),
                "--log-level",
                "warning",
            ]
            stack.enter_context(running(uvicorn, EXAMPLES / "fastapi", port, **urls))
        with urllib.request.urlopen(f"{urls['GATEWAY_URL']}/plan", timeout=10) as response:
            said = response.read().decode()
        same("fastapi", said, '{"asked_by":"gateway","menu":{"dish":"soup","asked_by":"agent"}}')
        same("fastapi", status(f"{urls['AGENT_URL']}/plan"), 401)
        same("fastapi", status(f"{urls['MEALS_URL']}/menu", "GET"), 401)
        same("fastapi", status(f"{urls['AGENT_URL']}/health", "GET"), 200)


def tutorial() -> None:
    """Tests the commands in docs/start/rotate.md and docs/start/explain.md with the service from these
    pages."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        for name in ("meals_with_key_file.py", "capture.py"):
            shutil.copy(EXAMPLES / "fastapi" / name, folder)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        generate, *rotation = sealwire_commands("rotate.md")
        output(["sh", "-c", generate], folder)
        uvicorn = [sys.executable, "-m", "uvicorn", "meals_with_key_file:app", "--port", str(port)]
        with running([*uvicorn, "--log-level", "warning"], folder, port):
            for command in rotation:
                same("tutorial", signed_status(f"{url}/menu", folder), 200)
                output(["sh", "-c", command.replace("http://127.0.0.1:8002", url)], folder)
            same("tutorial", signed_status(f"{url}/menu", folder), 200)
            same("tutorial", signed_status(f"{url}/menu", folder, sent_to=f"{url}/api/menu"), 401)
        (explain,) = sealwire_commands("explain.md")
        same("tutorial", "culprit: path" in output(["sh", "-c", explain], folder), True)


def sealwire_commands(page: str) -> list[str]:
    """Returns the `sealwire` commands on a page, changed to run with this Python interpreter."""
    text = (ROOT / "docs/start" / page).read_text()
    found = re.findall(r"^sealwire (.+)$", text, re.MULTILINE)
    return [f"{sys.executable} -m sealwire.cli {each}" for each in found]


def signed_status(url: str, folder: Path, sent_to: str = "") -> int:
    """Waits until the service has reloaded its keys, sends a signed request, and returns the status."""
    time.sleep(1.5)
    keys = load(folder / "keys.toml", service="agent")
    return status(sent_to or url, "GET", Signer("agent", keys).sign("GET", url, receiver="meals"))


def flask() -> None:
    python("flask", ["flask", "--app", "service", "run", "--port", "PORT"])


def django() -> None:
    python(
        "django", ["gunicorn", "service:application", "--bind", "127.0.0.1:PORT", "--log-level", "warning"]
    )


def node(name: str, caller: str) -> None:
    """Tests a copy of an example in a folder with its dependencies, which are not installed in the example's
    own folder."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        for file in (EXAMPLES / name).glob("*.mjs"):
            shutil.copy(file, folder)
        (folder / "node_modules").mkdir()
        (folder / "node_modules/sealwire").symlink_to(ROOT / "bindings-node")
        (folder / f"node_modules/{name}").symlink_to(ROOT / f"bindings-node/node_modules/{name}")
        served(name, ["node", "service.mjs"], ["node", "client.mjs"], caller, folder)


def express() -> None:
    node("express", "billing-service")


def fastify() -> None:
    node("fastify", "agent")


def axum() -> None:
    output(["cargo", "build", "--quiet", "--locked", f"--target-dir={RUST}"], EXAMPLES / "axum")
    served("axum", [str(RUST / "debug/service")], [str(RUST / "debug/client")], "agent")


def c() -> None:
    """Builds the example service and client in ffi-c, and tests both."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        library = str(ROOT / "target/release/libsealwire.a")
        for name, module in (("microhttpd_server", "libmicrohttpd"), ("curl_client", "libcurl")):
            flags = output(["pkg-config", "--cflags", "--libs", module], folder).split()
            source = str(ROOT / f"ffi-c/examples/{name}.c")
            system = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl"]
            include = f"-I{ROOT / 'include'}"
            output(["cc", source, include, library, *flags, *system, "-o", str(folder / name)], folder)
        port = free_port()
        with running([str(folder / "microhttpd_server"), "practices", str(port)], folder, port):
            url = f"http://127.0.0.1:{port}/items"
            said = output([str(folder / "curl_client"), url, "agent", "practices", "{}"], folder)
            same("c", said.splitlines()[-1], "HTTP 200")
            same("c", status(url), 401)


RUN: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (fastapi, tutorial, flask, django, express, fastify, c, axum)
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=RUN)
    only = parser.parse_args().only
    for name, run in RUN.items():
        if only in (None, name):
            started = time.monotonic()
            run()
            print(
                f"examples: {name}: signed request accepted, unsigned request rejected; "
                f"{time.monotonic() - started:.1f} s"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

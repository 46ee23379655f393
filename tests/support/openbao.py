"""Runs a real OpenBao server, which implements the Vault API."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hvac
from network import free_port, until

TOKEN = "root"  # the token of a test server that stores its data in memory


@contextlib.contextmanager
def openbao(folder: Path) -> Iterator[dict[str, str]]:
    """Runs an OpenBao server and yields the environment variables for its clients."""
    port = free_port()
    program = Path(sys.executable).with_name("bao")
    flags = ["-dev", "-dev-no-store-token", f"-dev-root-token-id={TOKEN}"]
    command = [program, "server", *flags, f"-dev-listen-address=127.0.0.1:{port}"]
    environment = {"VAULT_ADDR": f"http://127.0.0.1:{port}", "VAULT_TOKEN": TOKEN}
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            client = hvac.Client(environment["VAULT_ADDR"], TOKEN)
            until(lambda: serves(client), "OpenBao", process)
            yield environment
        finally:
            process.kill()


def serves(client: hvac.Client) -> bool:
    try:
        return client.sys.is_initialized() and not client.sys.is_sealed()
    except OSError:
        return False

"""Tests with systemd-tmpfiles, which removes old temporary files, and with a changed system clock."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, sealwire
held = sealwire.ReplayTable.mapped(service="orders") if sys.argv[1] == "named" else sealwire.Verifier(
    "orders", sealwire.KeyRing(clients={"billing": "a secret for tests, of at least 32 bytes"}), schemes=["client"])
print("ready", flush=True)
sys.stdin.readline()
"""
PYTHON = """
import sealwire
ring = sealwire.KeyRing(pairs={"agent/orders": b"a secret for tests, of at least 32 bytes"})
headers = sealwire.Signer("agent", ring).sign("GET", "https://orders/a", receiver="orders")
print(sealwire.Verifier("orders", ring).verify("GET", "/a", headers, authority="orders").sender)
"""
NODE = """
const { KeyRing, Signer, Verifier } = require('./bindings-node');
const keys = new KeyRing({ pairs: { 'agent/orders': Buffer.from('a secret for tests, of at least 32 bytes') } });
const sent = { method: 'GET', url: 'https://orders/a' };
const headers = new Signer({ name: 'agent', keys, receiver: 'orders' }).sign(sent);
const verifier = new Verifier({ keys, service: 'orders' });
console.log(verifier.verify({ method: 'GET', url: '/a', authority: 'orders', headers }).sender);
"""


def cleaned(directory: Path, configuration: Path) -> None:
    """Runs systemd-tmpfiles, which removes files that have not been used for one second."""
    configuration.write_text(f"d {directory} 0700 - - 1s\n")
    time.sleep(1.5)
    subprocess.run(["systemd-tmpfiles", "--clean", str(configuration)], check=True, timeout=30)


def test_a_table_in_use_is_not_removed_by_the_cleaner_of_temporary_files(tmp_path: Path):
    assert shutil.which("systemd-tmpfiles"), "install systemd"
    base, runtime = tmp_path / "tmp", tmp_path / "tmp" / "sealwire-0"
    base.mkdir()
    environment = os.environ | {"RUNTIME_DIRECTORY": str(runtime)}
    command = [sys.executable, "-c", HOLDER, "default"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"ready\n"
        cleaned(base, tmp_path / "clean.conf")
        assert (runtime / "orders.replay").exists(), "an idle service still uses its table"
        holder.stdin.close()
    cleaned(base, tmp_path / "clean.conf")
    assert not (runtime / "orders.replay").exists(), "systemd-tmpfiles removes a table that no process uses"


@pytest.mark.parametrize("shift", ["+86400s", "-86400s"])
@pytest.mark.parametrize(
    "program", [[sys.executable, "-c", PYTHON], ["node", "-e", NODE]], ids=["python", "node"]
)
def test_a_process_with_a_shifted_clock_accepts_requests_it_signed(
    program: list[str], shift: str, tmp_path: Path
):
    libraries = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")]
    assert libraries, "install libfaketime"
    shifted = {"LD_PRELOAD": str(libraries[0]), "FAKETIME": shift, "RUNTIME_DIRECTORY": str(tmp_path)}
    done = subprocess.run(
        program, cwd=ROOT, env=os.environ | shifted, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "agent", done.stderr

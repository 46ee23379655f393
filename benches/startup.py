"""Measures the time to load each package and its peers, and the sizes of the installed packages."""

import gzip
import os
import subprocess
from pathlib import Path

import peers
from absolute import Absolute
from figures import Rounds

NODE = peers.HERE / "node"
NO_CRYPTOGRAPHY = "import sys; sys.modules['cryptography'] = None; import jwt"

# Each program loads one package. The program `none` starts only the interpreter. HS256 does not require the
# package cryptography, so PyJWT is also measured without this package.
PYTHON = {
    "sealwire": "import sealwire",
    "PyJWT": "import jwt",
    "PyJWT without cryptography": NO_CRYPTOGRAPHY,
    "sealwire.asgi": "import sealwire.asgi",
    "none": "pass",
}
REQUIRE = {
    "sealwire": "require('sealwire')",
    "jose": "require('jose')",
    "sealwire/express": "require('sealwire/express')",
    "none": "0",
}


def measure(rounds: int) -> dict[str, Rounds]:
    """Returns the processor time of each program in nanoseconds."""
    python = {name: [str(peers.PYTHON), "-I", "-c", code] for name, code in PYTHON.items()}
    node = {name: ["node", "-e", code] for name, code in REQUIRE.items()}
    return {"python-import": started(python, rounds), "node-require": started(node, rounds)}


def started(programs: dict[str, list[str]], rounds: int) -> Rounds:
    found: Rounds = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, command in programs.items():
            cost = processor_time(command)
            if turn > 0:  # the first round is a warm-up for the file system cache
                found[name].append(cost)
    return found


def processor_time(command: list[str]) -> float:
    program = subprocess.Popen(command, cwd=NODE)
    _, status, usage = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return (usage.ru_utime + usage.ru_stime) * 1e9


def sizes() -> list[Absolute]:
    """Returns the sizes of the packages that users download and of the files that are loaded."""
    site = next((peers.VENV / "lib").glob("python3.*/site-packages"))
    packages = NODE / "node_modules"
    jwt = {"PyJWT": size(site / "jwt"), "cryptography": size(site / "cryptography")}
    wasm = next((packages / "sealwire/edge/dist").rglob("*.wasm"))
    return [
        row("Python wheel", newest(peers.RELEASED["wheels"], "*.whl")),
        row("Python package, installed", site / "sealwire", jwt),
        row("npm package of one platform", newest(peers.RELEASED["packages"], "*.tgz")),
        row("Node addon", next((packages / "sealwire").glob("*.node"))),
        row("npm package, installed", packages / "sealwire", {"jose": size(packages / "jose")}),
        row("C: libsealwire.so", peers.ROOT / "target/release/libsealwire.so"),
        row("WebAssembly module for edge runtimes", wasm),
        Absolute(
            "the same, compressed by gzip", "KB", {"sealwire": len(gzip.compress(wasm.read_bytes())) / 1000}
        ),
    ]


def row(work: str, path: Path, others: dict[str, float] | None = None) -> Absolute:
    return Absolute(work, "KB", {"sealwire": size(path), **(others or {})})


def size(path: Path) -> float:
    """Returns the size of a file or folder in kilobytes. Compiled bytecode is not included."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files if file.suffix != ".pyc") / 1000


def newest(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[-1]

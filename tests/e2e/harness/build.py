"""Builds the services. Skips build steps whose input files have not changed since the last run."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from . import progress
from .places import BIN, CACHE, E2E, NODE, ROOT, RUST, SERVICES, TARGET

NPM = ["npm", "--loglevel=error", "--no-audit", "--no-fund"]
GATEWAY_OUTPUT = NODE / "gateway/.output/server/index.mjs"
PACKAGE = ROOT / "bindings-node"
C_PROGRAMS = {"caller": ["libcurl"], "server": ["libmicrohttpd"]}
C_FLAGS = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic"]
# System libraries that the Rust standard library requires.
NATIVE_LIBRARIES = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"]


class BuildError(Exception):
    """A build step failed. The message contains its output."""


def everything() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    c_programs()
    rust_programs()
    packages = node_packages()
    install_sealwire(packages)
    shutil.copytree(SERVICES / "express", NODE / "express", dirs_exist_ok=True)
    gateway()


def c_programs() -> None:
    """Compiles the C programs against the header and the static library. Warnings are errors."""
    library = TARGET / "release/libsealwire.a"
    if not library.exists():
        raise BuildError(f"{library} is missing; run make build")
    header = ROOT / "include/sealwire.h"
    for name, packages in C_PROGRAMS.items():
        parts = ["common.c", *(["http_service.c"] if name == "server" else []), f"{name}.c"]
        sources = [*sorted((SERVICES / "c").glob("*.h")), *(SERVICES / "c" / part for part in parts)]
        stamp = Stamp(f"c-{name}", [*sources, header, library])
        if not stamp.is_fresh(BIN / name):
            with progress.step(f"compiling the C {name} against the static library"):
                compile_c(name, packages, [source for source in sources if source.suffix == ".c"], library)
            stamp.set()


def compile_c(name: str, packages: list[str], sources: list[Path], library: Path) -> None:
    BIN.mkdir(exist_ok=True)
    libraries = run(["pkg-config", "--cflags", "--libs", *packages]).split()
    command = ["cc", *C_FLAGS, f"-I{ROOT / 'include'}", *map(str, sources), str(library)]
    run([*command, *libraries, *NATIVE_LIBRARIES, "-o", str(BIN / name)])


def rust_programs() -> None:
    """Builds the Rust programs. cargo skips the build if the sources have not changed."""
    manifest = SERVICES / "rust/Cargo.toml"
    if not (RUST / "records").exists():
        progress.say("compiling axum, actix and reqwest (a minute)", 0)
    run(
        [
            "cargo",
            "build",
            "--quiet",
            "--locked",
            f"--manifest-path={manifest}",
            f"--target-dir={RUST.parent}",
        ]
    )


def node_packages() -> str:
    """Installs Nitro and Express as pinned in the lock file, outside the source tree. Returns a hash of the
    lock file and the manifest."""
    manifests = [E2E / "package.json", E2E / "package-lock.json"]
    stamp = Stamp("node-packages", manifests)
    if not stamp.is_fresh(NODE / "node_modules"):
        NODE.mkdir(exist_ok=True)
        for manifest in manifests:
            shutil.copy(manifest, NODE)
        with progress.step("installing nitropack and Express"):
            run([*NPM, "ci"], NODE)
        Stamp("node-sealwire", []).unset()
        stamp.set()
    return stamp.value


def install_sealwire(packages: str) -> None:
    """Packs and installs the Node.js package instead of linking it, because Nitro cannot find the files of a
    linked package."""
    stamp = Stamp("node-sealwire", package_files(), packages)
    if stamp.is_fresh(NODE / "node_modules/sealwire"):
        return
    with progress.step("packing and installing the Node package"):
        for old in CACHE.glob("sealwire-*.tgz"):
            old.unlink()
        run([*NPM, "pack", "--ignore-scripts", f"--pack-destination={CACHE}"], PACKAGE)
        tarballs = list(CACHE.glob("sealwire-*.tgz"))
        if len(tarballs) != 1:
            raise BuildError(f"npm pack left {len(tarballs)} tarballs in {CACHE}")
        run([*NPM, "install", "--no-save", "--ignore-scripts", str(tarballs[0])], NODE)
    stamp.set()


def package_files() -> Iterable[Path]:
    """Returns all files that may belong to the package, including the addon."""
    built = ("node_modules", "src", "test", "tests")
    files = (path for path in PACKAGE.rglob("*") if path.is_file())
    return sorted(path for path in files if path.relative_to(PACKAGE).parts[0] not in built)


def gateway() -> None:
    sources = sorted(path for path in (SERVICES / "gateway").rglob("*") if path.is_file())
    stamp = Stamp("gateway", sources, Stamp("node-sealwire", package_files()).value)
    if stamp.is_fresh(GATEWAY_OUTPUT):
        return
    shutil.rmtree(NODE / "gateway", ignore_errors=True)
    shutil.copytree(SERVICES / "gateway", NODE / "gateway")
    with progress.step("building the gateway with nitropack"):
        run([str(NODE / "node_modules/.bin/nitropack"), "build"], NODE / "gateway")
    stamp.set()


class Stamp:
    """Stores a hash of the input files of a build step. Modification times are not reliable after a
    checkout."""

    def __init__(self, name: str, files: Iterable[Path], more: str = "") -> None:
        self.path = CACHE / f"{name}.stamp"
        digest = hashlib.sha256(more.encode())
        for file in files:
            digest.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
        self.value = digest.hexdigest()

    def is_fresh(self, result: Path) -> bool:
        return result.exists() and self.path.exists() and self.path.read_text() == self.value

    def set(self) -> None:
        self.path.write_text(self.value)

    def unset(self) -> None:
        self.path.unlink(missing_ok=True)


def run(command: list[str], directory: Path = ROOT) -> str:
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise BuildError(f"{command[0]} does not start: {error}; run make setup") from error
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command)}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout

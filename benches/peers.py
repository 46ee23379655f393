"""Installs the pinned peers and the packages of Sealwire in a separate environment."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".cache/bench"
PYTHON = VENV / "bin/python"
# `RELEASED` contains the packages that users install, built with profile-guided optimisation. `BUILT`
# contains the builds that the tests use.
RELEASED = {"wheels": ROOT / ".cache/release/wheels", "packages": ROOT / ".cache/release/node"}
BUILT = {"wheels": ROOT / ".cache/wheels", "packages": ROOT / ".cache/bench-packages"}
TARGET = ROOT / "target/bench"
NATIVE = TARGET / "release/sealwire-bench"
C_THREADS = TARGET / "release/threads-c"
LIBRARY = ROOT / "target/release/libsealwire.a"
SYSTEM_LIBRARIES = ("-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl")


def install(quick: bool) -> None:
    """Installs all packages. The steps that are most likely to fail come first. If `quick` is True, no
    release build is necessary."""
    folders = BUILT if quick else RELEASED
    if quick:
        pack(folders["packages"])
    python(folders["wheels"])
    node(folders["packages"])
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    build = ["cargo", "build", "--release", "--quiet"]
    subprocess.run(build, cwd=HERE / "rust", env=environment, check=True)
    compiled = [
        "cc",
        "-O2",
        f"-I{ROOT / 'include'}",
        str(HERE / "c/threads.c"),
        str(LIBRARY),
        *SYSTEM_LIBRARIES,
    ]
    subprocess.run([*compiled, "-o", str(C_THREADS)], check=True)


def pack(folder: Path) -> None:
    """Creates an npm package of the addon that `make build` built."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        "npm",
        "--loglevel=error",
        "pack",
        "--silent",
        "./bindings-node",
        "--pack-destination",
        str(folder),
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def python(folder: Path) -> None:
    wheels = sorted(folder.glob("sealwire-*.whl"))
    if not wheels:
        raise SystemExit(f"there is no wheel in {folder}; run `make bench`, which builds it first")
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--require-hashes", "--requirement", str(HERE / "python/requirements.txt")],
        check=True,
    )
    # The dependencies are already installed with pinned versions. `--force-reinstall` is necessary, because a
    # rebuilt wheel has the same version.
    subprocess.run([*pip, "install", "--force-reinstall", "--no-deps", str(wheels[-1])], check=True)


def node(folder: Path) -> None:
    """Installs the npm package and its peers. Because the package is a copy, later changes to the sources do
    not affect a measurement."""
    npm = ["npm", "--loglevel=error"]
    packages = sorted(folder.glob("sealwire-*.tgz"))
    if not packages:
        raise SystemExit(f"there is no package in {folder}; run `make bench`, which builds it first")
    quietly = ["--no-audit", "--no-fund", "--silent"]
    subprocess.run([*npm, "ci", *quietly], cwd=HERE / "node", check=True)
    # The package is not in the lock file, because its checksum changes with each build.
    add = [*npm, "install", "--no-save", "--no-package-lock", *quietly, str(packages[-1])]
    subprocess.run(add, cwd=HERE / "node", check=True)

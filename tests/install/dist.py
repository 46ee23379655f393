"""Installs each artefact that `make dist` creates in an empty environment, signs and verifies a request, and
records the artefact sizes."""

import datetime
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from run import HERE, ROOT, must_be_done, run, write_record

DIST = ROOT / "dist"


def wheel(artefact: Path, folder: Path) -> str:
    """Installs a wheel without access to a package index."""
    run(sys.executable, "-m", "venv", "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", artefact, cwd=folder)
    must_be_done(run(python, HERE / "smoke.py", cwd=folder))
    return "first request"


def package(artefact: Path, folder: Path) -> str:
    """Installs an npm package."""
    run("npm", "install", "--no-save", "--offline", "--omit=optional", artefact, cwd=folder)
    shutil.copy(HERE / "smoke.cjs", folder)
    must_be_done(run("node", "smoke.cjs", cwd=folder))
    run("npx", "--no-install", "sealwire", "--help", cwd=folder)
    return "first request"


def c_archive(artefact: Path, folder: Path) -> str:
    """Unpacks the C library archive, and runs a program once with the shared library and once with the static
    one."""
    with tarfile.open(artefact) as packed:
        packed.extractall(folder, filter="data")
    prefix = next(folder.glob("*/usr/local"))
    search = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    source = ROOT / "ffi-c/examples/sign_and_verify.c"
    for name, options in {"shared": [], "static": ["--static"]}.items():
        words = ["pkg-config", "--define-prefix", "--cflags", "--libs", *options, "sealwire"]
        flags = run(*words, cwd=folder, **search).split()
        run("cc", "-std=c11", *(["-static"] if options else []), source, "-o", name, *flags, cwd=folder)
        if "accepted" not in run(folder / name, cwd=folder, LD_LIBRARY_PATH=str(prefix / "lib")):
            raise SystemExit(f"the {name} program did not accept the request")
    return "first request, shared and static"


def crate(artefact: Path, folder: Path) -> str:
    """Builds a program that depends on the crates in `dist`."""
    for path in DIST.glob("*.crate"):
        with tarfile.open(path) as packed:
            packed.extractall(folder, filter="data")
    version = artefact.name.removesuffix(".crate").rsplit("-", 1)[1]
    names = ["sealwire-core", "sealwire-host", "sealwire"]
    patches = "".join(f'{name} = {{ path = "{name}-{version}" }}\n' for name in names)
    (folder / "src").mkdir()
    shutil.copy(HERE / "smoke.rs", folder / "src/main.rs")
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "smoke"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\nhttp = "1"\n'
        f'sealwire = "{version}"\n\n[patch.crates-io]\n{patches}'
    )
    must_be_done(run("cargo", "run", "--quiet", cwd=folder, CARGO_TARGET_DIR=str(folder / "target")))
    return "first request"


WAYS: dict[str, Callable[[Path, Path], str]] = {
    ".whl": wheel,
    ".tgz": package,
    ".tar.gz": c_archive,
    ".crate": crate,
}


def installed(artefact: Path) -> str:
    """Installs one artefact and returns a description of the test."""
    if artefact.name == "SHA256SUMS":
        run("sha256sum", "--quiet", "--check", artefact.name, cwd=DIST)
        return "agrees with every file"
    if artefact.name.startswith(("sealwire-core", "sealwire-host")):
        return "with the crate `sealwire`"
    way = next(way for suffix, way in WAYS.items() if artefact.name.endswith(suffix))
    with tempfile.TemporaryDirectory(prefix="sealwire-dist-") as folder:
        return way(artefact, Path(folder))


def main() -> int:
    """Tests all artefacts, and prints and records the results."""
    rows = []
    for artefact in sorted(DIST.iterdir()):
        rows.append(
            {"name": artefact.name, "bytes": artefact.stat().st_size, "installed": installed(artefact)}
        )
        print(f"{artefact.name:<60}{rows[-1]['bytes']:>12,}  {rows[-1]['installed']}", flush=True)
    host = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    platform = next(line.split()[1] for line in host.splitlines() if line.startswith("host:"))
    record = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "platform": platform,
        "artefacts": rows,
    }
    write_record("dist", record)
    return 0


if __name__ == "__main__":
    sys.exit(main())

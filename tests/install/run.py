"""Installs Sealwire in each way that the READMEs describe, each time in a new folder, and signs and verifies
a request.

Prints a table with the duration of each installation in seconds. With --record, also writes
docs/platforms.md. Also runs linters on the CI workflows and the Dockerfiles.
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import checks

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DONE = "signed and verified"


def run(*command: object, cwd: Path, **environment: str) -> str:
    """Runs a command and returns its output. If the command fails, exits with its output as the message."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def must_be_done(output: str) -> None:
    """Exits with an error if the output of a smoke test does not report success."""
    if DONE not in output:
        raise SystemExit(f"the program did not print {DONE!r}, but {output!r}")


def python_from_source(folder: Path) -> None:
    """Installs with `pip install ./bindings-python`."""
    run(sys.executable, "-m", "venv", "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", ROOT / "bindings-python", cwd=folder)
    must_be_done(run(python, HERE / "smoke.py", cwd=folder))


def python_wheel(folder: Path) -> None:
    """Installs an existing wheel, and checks that it contains the licences and the bill of materials."""
    wheel = next((ROOT / ".cache/wheels").glob("sealwire-*.whl"))
    run(sys.executable, "-m", "venv", "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", wheel, cwd=folder)
    must_be_done(run(python, HERE / "smoke.py", cwd=folder))
    files = run(python, "-m", "pip", "show", "--files", "sealwire", cwd=folder)
    for name in ("LICENSE-APACHE", "LICENSE-MIT", "cyclonedx.json"):
        if name not in files:
            raise SystemExit(f"the wheel has no {name}")


def node_from_source(folder: Path) -> None:
    """Builds the addon and installs it with `npm install --install-links ./bindings-node`."""
    run("npm", "--prefix", "bindings-node", "run", "build", cwd=ROOT)
    run("npm", "install", "--install-links", ROOT / "bindings-node", cwd=folder)
    shutil.copy(HERE / "smoke.cjs", folder)
    must_be_done(run("node", "smoke.cjs", cwd=folder))
    run("npx", "--no-install", "sealwire", "--help", cwd=folder)


def node_packages(folder: Path) -> None:
    """Installs the main package and the package for this platform, and checks both with publint and attw."""
    run("node", ROOT / "bindings-node/scripts/pack.js", folder / "packages", cwd=folder)
    packages = sorted((folder / "packages").glob("*.tgz"))
    app = folder / "app"
    app.mkdir()
    run("npm", "install", "--no-save", *packages, cwd=app)
    shutil.copy(HERE / "smoke.cjs", app)
    must_be_done(run("node", "smoke.cjs", cwd=app))
    run("npx", "--no-install", "sealwire", "--help", cwd=app)
    tools = HERE / "node_modules/.bin"
    for package in packages:
        run(tools / "publint", "--strict", package, cwd=folder)
    main = next(package for package in packages if package.name.startswith("sealwire-0"))
    run(tools / "attw", main, "--exclude-entrypoints", "./edge", cwd=folder)
    # This entry point is only an ES module.
    run(tools / "attw", main, "--entrypoints", "./edge", "--profile", "esm-only", cwd=folder)


def c_library(folder: Path) -> None:
    """Runs `make install` without cargo, moves the installed files, and links a program with each library."""
    prefix = folder / "installed"
    without_cargo = ":".join(part for part in os.environ["PATH"].split(":") if ".cargo" not in part)
    run("make", "install", f"PREFIX={prefix}", cwd=ROOT, PATH=without_cargo)
    moved = folder / "moved"
    prefix.rename(moved)
    search = {"PKG_CONFIG_PATH": str(moved / "lib/pkgconfig")}

    def flags(*wanted: str) -> list[str]:
        return run(
            "pkg-config", "--define-prefix", "--cflags", "--libs", *wanted, "sealwire", cwd=folder, **search
        ).split()

    source = ROOT / "ffi-c/examples/sign_and_verify.c"
    run("cc", "-std=c11", source, "-o", "shared", *flags(), cwd=folder)
    run("cc", "-std=c11", "-static", source, "-o", "static", *flags("--static"), cwd=folder)
    run(folder / "shared", cwd=folder, LD_LIBRARY_PATH=str(moved / "lib"))
    run(folder / "static", cwd=folder)


def rust_by_path(folder: Path) -> None:
    """Builds a program with a path dependency on the crate `sealwire`."""
    (folder / "src").mkdir()
    shutil.copy(HERE / "smoke.rs", folder / "src/main.rs")
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "smoke"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\nhttp = "1"\n'
        f"sealwire = {{ path = {json.dumps(str(ROOT / 'bindings-rust'))} }}\n"
    )
    must_be_done(run("cargo", "run", "--quiet", cwd=folder, CARGO_TARGET_DIR=str(folder / "target")))


# The ways to install Sealwire, each with a test function and a description.
WAYS: dict[str, tuple[Callable[[Path], None], str]] = {
    "Python, from source": (python_from_source, "`pip install ./bindings-python`"),
    "Python, wheel": (python_wheel, "`pip install sealwire-*.whl`, without compilers"),
    "Node.js, from source": (
        node_from_source,
        "`npm --prefix bindings-node run build`, `npm install --install-links ./bindings-node`",
    ),
    "Node.js, packages": (node_packages, "`npm install sealwire-*.tgz`; publint and attw find no problem"),
    "C, make install": (c_library, "`make install`, without cargo; shared, static and moved"),
    "Rust, by path": (rust_by_path, "`cargo run` with the crate as a path, from an empty target folder"),
}
CHECKS = {"workflows": checks.workflows, "Dockerfiles": checks.dockerfiles}


def measured() -> Iterator[tuple[str, float]]:
    """Tests each way to install Sealwire, and yields its name and its duration in seconds."""
    for name, (way, _) in WAYS.items():
        with tempfile.TemporaryDirectory(prefix="sealwire-install-") as folder:
            began = time.monotonic()
            way(Path(folder))
            yield name, time.monotonic() - began


def write_record(name: str, record: dict[str, object]) -> None:
    """Writes a record, and the table of docs/platforms.md that shows it."""
    records = HERE / "records"
    records.mkdir(exist_ok=True)
    (records / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n")
    run(sys.executable, ROOT / "tests/cross/page.py", cwd=ROOT)


def main() -> int:
    """Runs all tests and checks, and records the results if --record is passed."""
    ways = []
    for name, seconds in measured():
        print(f"{name:<24}{seconds:>8.1f} s", flush=True)
        ways.append({"name": name, "does": WAYS[name][1], "seconds": round(seconds, 1)})
    for name, check in CHECKS.items():
        with tempfile.TemporaryDirectory(prefix="sealwire-install-") as folder:
            check(run, Path(folder))
        print(f"{name:<24}     ok", flush=True)
    if "--record" in sys.argv[1:]:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        record = {"date": today, "processors": os.cpu_count(), "ways": ways}
        write_record("install", record)
    return 0


if __name__ == "__main__":
    sys.exit(main())

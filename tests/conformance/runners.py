"""Builds and starts the runners of all languages."""

import hashlib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LANGUAGES = ["rust", "c", "python", "node", "edge"]

given: list[str] = []  # the command of a prebuilt runner, from --runner


class RunnerError(Exception):
    """Raised if a runner cannot be built or fails."""


def built() -> list[str]:
    """Returns the languages to run. "edge" is included if the edge build exists. `make build` creates it only
    if the WebAssembly target for Rust is installed."""
    if (ROOT / "bindings-node/edge/dist").exists():
        return LANGUAGES
    print("edge: not run, because scripts/build-edge has not built it")
    return [language for language in LANGUAGES if language != "edge"]


def command(language: str) -> list[str]:
    """Returns the command that starts the runner for a language. Builds the runner if necessary."""
    if given:
        return given
    return {"rust": rust, "c": c, "python": python, "node": node, "edge": edge}[language]()


def rust() -> list[str]:
    must(["cargo", "build", "--quiet", "--package", "sealwire-conformance"])
    return [str(target() / "debug" / "sealwire-conformance")]


def c() -> list[str]:
    must([str(HERE / "c" / "build.sh")])
    return [str(target() / "conformance-c" / "runner")]


def python() -> list[str]:
    """Returns the command that starts the Python runner, in the virtual environment of `make build` if it
    exists, otherwise with the current interpreter."""
    installed = ROOT / ".venv" / "bin" / "python"
    return [str(installed if installed.exists() else sys.executable), str(HERE / "python_runner.py")]


def node() -> list[str]:
    return [shutil.which("node") or "node", str(HERE / "node_runner.cjs")]


def edge() -> list[str]:
    """Returns the command that starts the edge runner. EDGE_RUNTIME selects the runtime (see tests/edge). The
    default is Node.js."""
    runtime = shlex.split(os.environ.get("EDGE_RUNTIME", shutil.which("node") or "node"))
    return [*runtime, str(HERE / "edge_runner.mjs")]


def target() -> pathlib.Path:
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def must(arguments: list[str]) -> None:
    try:
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    except OSError as error:
        raise RunnerError(f"{arguments[0]} does not start: {error}") from error
    if done.returncode != 0:
        raise RunnerError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}".rstrip())


def results(language: str, paths: list[pathlib.Path]) -> dict[str, str]:
    """Starts the runner for a language and returns the result that it prints for each test case."""
    arguments = [*command(language), *map(str, paths)]
    try:
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    except OSError as error:
        raise RunnerError(f"{arguments[0]} does not start: {error}") from error
    if done.returncode != 0:
        raise RunnerError(f"stopped with status {done.returncode}: {done.stderr.strip()}")
    lines: dict[str, str] = {}
    for line in done.stdout.splitlines():
        name, _, result = line.partition(" ")
        if name in lines:
            raise RunnerError(f"{name} occurs twice")
        lines[name] = hashed(result)
    return lines


def hashed(result: str) -> str:
    """Replaces headers in hex with their SHA-256. The C runner prints them in hex, because the C standard
    library has no SHA-256."""
    kind, _, text = result.partition(" ")
    return f"signed {hashlib.sha256(bytes.fromhex(text)).hexdigest()}" if kind == "headers" else result


def reasons() -> set[str]:
    """Returns the names of all rejection reasons in the core crate."""
    return set(
        subprocess.run(
            [*rust(), "--reasons"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
    )

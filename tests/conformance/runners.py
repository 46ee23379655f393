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

given: list[str] = []  # the command of a runner that is already built


class RunnerError(Exception):
    """A runner cannot be built, or it failed."""


def built() -> list[str]:
    """Returns the languages to run. The edge runtime is included if it was built. `make build` builds it only
    if the Rust target for WebAssembly is installed."""
    if (ROOT / "bindings-node/edge/dist").exists():
        return LANGUAGES
    print("edge: not run, because scripts/build-edge has not built it")
    return [language for language in LANGUAGES if language != "edge"]


def command(language: str) -> list[str]:
    """Returns the command that starts the runner of a language. Builds the runner if necessary."""
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
    """Returns the command of the Python runner. It uses the virtual environment of `make build` if there is
    one, and otherwise the current interpreter."""
    installed = ROOT / ".venv" / "bin" / "python"
    return [str(installed if installed.exists() else sys.executable), str(HERE / "python_runner.py")]


def node() -> list[str]:
    return [shutil.which("node") or "node", str(HERE / "node_runner.cjs")]


def edge() -> list[str]:
    """Returns the command of the edge runner. It uses the runtime in EDGE_RUNTIME (see tests/edge), which is
    Node.js by default."""
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
    """Runs the runner of a language. Returns the printed result of each case."""
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
    """Hashes signed headers. The C runner prints the headers in hex, because the C standard library has no
    SHA-256."""
    kind, _, text = result.partition(" ")
    return f"signed {hashlib.sha256(bytes.fromhex(text)).hexdigest()}" if kind == "headers" else result


def reasons() -> set[str]:
    """Returns the names of all rejection reasons in core."""
    return set(
        subprocess.run(
            [*rust(), "--reasons"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
    )

"""How each language's runner is built and started."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LANGUAGES = ["rust", "c", "python", "node"]

given: list[str] = []  # a C runner that is built already


class RunnerError(Exception):
    """A runner could not be built or did not run to its end."""


def command(language: str) -> list[str]:
    """The command that prints the lines, built first where it has to be."""
    return {"rust": rust, "c": c, "python": python, "node": node}[language]()


def rust() -> list[str]:
    must(["cargo", "build", "--quiet", "--package", "sealwire-conformance"])
    return [str(target() / "debug" / "sealwire-conformance")]


def c() -> list[str]:
    if given:
        return given
    must([str(HERE / "c" / "build.sh")])
    return [str(target() / "conformance-c" / "runner")]


def python() -> list[str]:
    """The package as `make build` installs it, else the one of the Python that runs this."""
    installed = ROOT / ".venv" / "bin" / "python"
    return [str(installed if installed.exists() else sys.executable), str(HERE / "python_runner.py")]


def node() -> list[str]:
    return [shutil.which("node") or "node", str(HERE / "node_runner.cjs")]


def target() -> pathlib.Path:
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def must(arguments: list[str]) -> None:
    try:
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    except OSError as error:
        raise RunnerError(f"{arguments[0]} does not start: {error}") from error
    if done.returncode != 0:
        raise RunnerError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}".rstrip())


def answers(language: str, paths: list[pathlib.Path]) -> dict[str, str]:
    """What the runner printed, by case."""
    arguments = [*command(language), *map(str, paths)]
    try:
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True)
    except OSError as error:
        raise RunnerError(f"{arguments[0]} does not start: {error}") from error
    if done.returncode != 0:
        raise RunnerError(f"stopped with status {done.returncode}: {done.stderr.strip()}")
    lines: dict[str, str] = {}
    for line in done.stdout.splitlines():
        name, _, answer = line.partition(" ")
        if name in lines:
            raise RunnerError(f"{name} was answered twice")
        lines[name] = hashed(answer)
    return lines


def hashed(answer: str) -> str:
    """C has no SHA-256 at hand: its runner prints the signed headers themselves, in hex, to be hashed here."""
    kind, _, text = answer.partition(" ")
    return f"signed {hashlib.sha256(bytes.fromhex(text)).hexdigest()}" if kind == "headers" else answer


def reasons() -> set[str]:
    """Every rejection core knows."""
    return set(
        subprocess.run(
            [*rust(), "--reasons"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
    )

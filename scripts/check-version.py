"""Compares all versions in the repository with the version in Cargo.toml.

pyproject.toml and the crate manifests must not contain a version, because they get it from Cargo.toml.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def workspace_version() -> str:
    """Returns the version of the workspace."""
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    return str(manifest["workspace"]["package"]["version"])


def crates(version: str) -> Iterator[str]:
    """Returns the errors in the crate manifests, such as a separate version or a different version of the
    core crate."""
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    for member in manifest["workspace"]["members"]:
        package = tomllib.loads((ROOT / member / "Cargo.toml").read_text())["package"]
        if package.get("version") not in ({"workspace": True}, None):
            yield f"{member}/Cargo.toml states its own version; use version.workspace = true"
    for name, dependency in manifest["workspace"]["dependencies"].items():
        if isinstance(dependency, dict) and "path" in dependency and dependency.get("version") != version:
            yield f"Cargo.toml asks for {name} {dependency.get('version')}; the workspace is {version}"


def python_package() -> Iterator[str]:
    """Returns an error if pyproject.toml contains a version."""
    path = ROOT / "bindings-python/pyproject.toml"
    if path.exists() and "version" in tomllib.loads(path.read_text())["project"]:
        yield f'{path.relative_to(ROOT)} contains a version; replace it with dynamic = ["version"], from Cargo'


def node_package(version: str) -> Iterator[str]:
    """Returns the wrong versions in the npm package and its lock file."""
    for name in ("package.json", "package-lock.json"):
        path = ROOT / "bindings-node" / name
        if path.exists() and (stated := json.loads(path.read_text()).get("version")) != version:
            yield f"bindings-node/{name} says {stated}"


def c_header(version: str) -> Iterator[str]:
    """Returns an error if the version macros in the C header are wrong."""
    path = ROOT / "include/sealwire.h"
    if not path.exists():
        return
    numbers = dict(re.findall(r"#define\s+SEALWIRE_VERSION_(MAJOR|MINOR|PATCH)\s+(\d+)", path.read_text()))
    stated = ".".join(numbers.get(part, "?") for part in ("MAJOR", "MINOR", "PATCH"))
    if stated != version:
        yield f"include/sealwire.h says {stated}"


def changelog(version: str) -> Iterator[str]:
    """Returns an error if the changelog has no section for this version."""
    if not re.search(rf"^## \[?{re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE):
        yield f"CHANGELOG.md has no section for {version}"


def main() -> int:
    """Prints all errors. The exit code is 1 if there are errors."""
    version = workspace_version()
    complaints = [
        *crates(version),
        *python_package(),
        *node_package(version),
        *c_header(version),
        *changelog(version),
    ]
    for complaint in complaints:
        print(f"version {version}: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

"""Compares docs/decisions/0002-dependencies.md with the manifests. Each dependency must have a row in its
table, and each row must belong to a dependency that is used."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/decisions/0002-dependencies.md"
REQUIREMENTS = ("bindings-python/requirements-dev.in", "website/requirements.in")
OURS = re.compile(r"sealwire\b|@sealwire/")


def of_cargo(manifest: dict[str, object]) -> Iterator[str]:
    """Returns the names in the dependency tables of a Cargo manifest, including target-specific tables."""
    for key, value in manifest.items():
        if key in ("dependencies", "dev-dependencies", "build-dependencies"):
            yield from value
        elif key == "target":
            for target in value.values():
                yield from of_cargo(target)


def of_python(project: dict[str, object]) -> Iterator[str]:
    """Returns the names of the dependencies and extras in pyproject.toml."""
    extras = project.get("optional-dependencies", {})
    for requirement in [
        *project.get("dependencies", []),
        *(item for extra in extras.values() for item in extra),
    ]:
        yield name_of(requirement)


def name_of(requirement: str) -> str:
    """Returns a requirement without its version, extras and markers."""
    return re.match(r"[\w.-]+", requirement)[0].lower()


def of_requirements(text: str) -> Iterator[str]:
    """Returns the names in a pinned requirements file."""
    for line in text.splitlines():
        if re.match(r"\w", line):
            yield name_of(line)


def of_npm(manifest: dict[str, object]) -> Iterator[str]:
    """Returns the names in a package.json."""
    for key in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
        yield from manifest.get(key, {})


def used() -> dict[str, str]:
    """Returns all dependencies, each with the path of a manifest that contains it."""
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]
    found: dict[str, str] = {}

    def note(path: str, names: Iterator[str]) -> None:
        found.update({name: path for name in names if not OURS.match(name)})

    for member in [*workspace["members"], *workspace["exclude"]]:
        if (path := ROOT / member / "Cargo.toml").exists():
            note(f"{member}/Cargo.toml", of_cargo(tomllib.loads(path.read_text())))
    if (path := ROOT / "bindings-python/pyproject.toml").exists():
        note("bindings-python/pyproject.toml", of_python(tomllib.loads(path.read_text())["project"]))
    for path in filter(Path.exists, (ROOT / name for name in REQUIREMENTS)):
        note(str(path.relative_to(ROOT)), of_requirements(path.read_text()))
    for path in (
        ROOT / "bindings-node/package.json",
        ROOT / "website/package.json",
        *ROOT.glob("tests/*/package.json"),
        *ROOT.glob("tests/*/node/package.json"),
    ):
        if path.exists():
            note(str(path.relative_to(ROOT)), of_npm(json.loads(path.read_text())))
    return found


def explained() -> set[str]:
    """Returns the names in the first column of the table. A row can contain several names."""
    text = TABLE.read_text().split("## Not used")[0]
    cells = (line.split("|")[1] for line in text.splitlines() if line.startswith("|"))
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def main() -> int:
    """Prints missing and unused rows. The exit code is 1 if there are such rows."""
    names, rows = used(), explained()
    complaints = [f"{names[name]} uses {name}, which has no row" for name in sorted(names.keys() - rows)]
    complaints += [f"{name} has a row, but no manifest names it" for name in sorted(rows - names.keys())]
    for complaint in complaints:
        print(f"{TABLE.relative_to(ROOT)}: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

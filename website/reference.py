"""Creates the API reference pages from the sources of each language."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import header
import sources

ROOT = sources.ROOT
PYTHON = ROOT / "bindings-python/python/sealwire"
NODE = ROOT / "bindings-node"


def python(pages: Path, copy: Path) -> None:
    """Writes one page for each public module of the Python package."""
    pages.mkdir(parents=True)
    shutil.copytree(PYTHON, copy / "sealwire", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    for module in python_modules():
        (pages / f"{module}.md").write_text(f"# {module}\n\n::: {module}\n")


def python_modules() -> list[str]:
    """Returns the public modules of the Python package."""
    packages = [
        path for path in PYTHON.rglob("*.py") if not any(part.startswith("_") for part in _names(path))
    ]
    return sorted(".".join(("sealwire", *_names(path))) for path in packages if "cli" not in _names(path))


def _names(path: Path) -> tuple[str, ...]:
    inner = path.relative_to(PYTHON).with_suffix("").parts
    return inner[:-1] if inner[-1] == "__init__" else inner


def node(pages: Path, typedoc: Path) -> None:
    """Writes one page for each Node.js entry point that has type declarations."""
    exports = json.loads((NODE / "package.json").read_text())["exports"]
    entries = {name: entry["types"] for name, entry in exports.items() if isinstance(entry, dict)}
    options = pages.parent / "typedoc.json"
    options.parent.mkdir(parents=True, exist_ok=True)
    settings = {
        "entryPoints": [str(NODE / types) for types in entries.values()],
        "tsconfig": str(ROOT / "website/tsconfig.json"),
        "plugin": [str(ROOT / "website/node_modules/typedoc-plugin-markdown/dist/index.js")],
        "out": str(pages),
        "readme": "none",
        "outputFileStrategy": "modules",
        "disableSources": True,
        "hideBreadcrumbs": True,
        "hidePageHeader": True,
        "useCodeBlocks": True,
        "useHTMLAnchors": True,
        "parametersFormat": "table",
        "interfacePropertiesFormat": "table",
        "treatWarningsAsErrors": True,
        "logLevel": "Warn",
    }
    options.write_text(json.dumps(settings))
    subprocess.run([typedoc, "--options", options], check=True)
    options.unlink()
    (pages / "README.md").unlink()
    for name, types in entries.items():
        page = pages / f"{Path(types).name.split('.d.')[0]}.md"
        module = f"sealwire{name.removeprefix('.')}"
        page.write_text(re.sub(r"^# .+$", f"# {module}", page.read_text(), count=1, flags=re.MULTILINE))


def c(page: Path) -> None:
    """Writes the C API page from the header."""
    page.write_text(header.page((ROOT / "include/sealwire.h").read_text()))


def rust(page: Path) -> None:
    """Writes the page that links to the rustdoc pages."""
    crates = {
        "sealwire": "the crate for applications: tower, reqwest, actix, key files, metrics",
        "sealwire_core": "the core without `std`: parsing, keys, verification, replay table",
        "sealwire_host": "shared by all bindings: settings, key files, mapped replay files",
    }
    rows = "".join(
        f'| <a href="rust/{name}/index.html">{name}</a> | {text} |\n' for name, text in crates.items()
    )
    page.write_text(
        "# Rust API\n\nrustdoc generates these pages from the sources, with all features. They have their own search.\n\n"
        f"| crate | contents |\n|---|---|\n{rows}"
    )


def copy_rust(pages: Path) -> None:
    """Runs rustdoc and copies its output into the site."""
    environment = {**os.environ, "RUSTDOCFLAGS": "-Dwarnings"}
    base = ["cargo", "doc", "--quiet", "--no-deps", "--target-dir", ROOT / "target/website"]
    subprocess.run([*base, "-p", "sealwire", "--all-features"], cwd=ROOT, check=True, env=environment)
    subprocess.run(
        [*base, "-p", "sealwire-core", "-p", "sealwire-host"], cwd=ROOT, check=True, env=environment
    )
    shutil.copytree(ROOT / "target/website/doc", pages, dirs_exist_ok=True)
    (pages / "index.html").write_text('<meta http-equiv="refresh" content="0; url=../rust.html">\n')

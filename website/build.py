"""Builds the documentation site into target/site. `make docs` runs this program.

The pages are copied from docs/ and from the package READMEs. website/reference.py creates the API pages from the sources.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import finish
import navigation
import reference
import sources

ROOT = sources.ROOT
WORK = ROOT / ".cache/website"
STAGED = WORK / "source"
DOCS = STAGED / "docs"
SITE = ROOT / "target/site"
HERE = ROOT / "website"


def main() -> int:
    """Builds the site. Returns the exit code, which is 1 if Zensical reports a problem."""
    shutil.rmtree(STAGED, ignore_errors=True)
    DOCS.mkdir(parents=True)
    copy_documents()
    reference.python(DOCS / "reference/python", STAGED / "python")
    reference.node(DOCS / "reference/node", HERE / "node_modules/.bin/typedoc")
    reference.c(DOCS / "reference/c.md")
    reference.rust(DOCS / "reference/rust.md")
    shutil.copytree(HERE / "theme", STAGED / "theme")
    (DOCS / "assets").mkdir(exist_ok=True)
    shutil.copy(HERE / "site.css", DOCS / "assets/site.css")
    configuration = (HERE / "zensical.toml").read_text()
    (STAGED / "zensical.toml").write_text(configuration.replace("# nav", navigation.navigation(DOCS)))
    return 0 if generate() else 1


def copy_documents() -> None:
    """Copies the repository's documents, and converts their links to links within the site."""
    known = sources.pages()
    for document, page in known.items():
        destination = DOCS / page
        destination.parent.mkdir(parents=True, exist_ok=True)
        if document.endswith(".md"):
            destination.write_text(sources.converted(document, known))
        else:
            shutil.copy(ROOT / document, destination)


def generate() -> bool:
    """Runs Zensical and finishes the site. Returns False if Zensical reports a problem."""
    zensical = Path(sys.executable).parent / "zensical"
    command = [zensical, "build", "--clean", "--config-file", STAGED / "zensical.toml"]
    ran = subprocess.run(
        command, cwd=STAGED, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    problems = finish.without_colours(ran.stdout)
    if ran.returncode != 0 or "Warning:" in problems or "Error:" in problems:
        print(problems, file=sys.stderr)
        return False
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(STAGED / "site", SITE)
    reference.copy_rust(SITE / "reference/rust")
    finish.without_network(SITE, HERE / "node_modules/iframe-worker/shim/index.js")
    finish.playground(SITE, HERE / "node_modules/.bin/esbuild")
    print(f"site: {len(list(SITE.rglob('*.html')))} pages in {SITE.relative_to(ROOT)}/index.html")
    return True


if __name__ == "__main__":
    sys.exit(main())

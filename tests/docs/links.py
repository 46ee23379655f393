"""Checks that the files and headings that relative links in Markdown files point to exist."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Package registries display these READMEs, and relative links do not work there. So their links must start
# with this URL.
REPOSITORY = "https://github.com/sealwire/sealwire/blob/main/"
PACKAGES = ("core", "host", "bindings-node", "bindings-python", "bindings-rust")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    """Returns the Markdown files in the repository, including untracked files, but not ignored ones."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    return [ROOT / name for name in names if (ROOT / name).exists()]


def prose(text: str) -> str:
    """Returns a document without code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(path: Path) -> set[str]:
    """Returns the anchors that GitHub creates for the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(path: Path) -> Iterator[str]:
    """Returns the broken links in a document."""
    own = str(path.relative_to(ROOT))
    for link in LINK.findall(prose(path.read_text())):
        in_repository = link.removeprefix(REPOSITORY)
        if in_repository == link and re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = in_repository.partition("#")
        if name.startswith("..") and own in {f"{package}/README.md" for package in PACKAGES}:
            yield f"{own}: {link} points outside the package; write {REPOSITORY}.."
        folder = path.parent if in_repository == link else ROOT
        target = (folder / name).resolve() if name else path
        if not target.exists():
            yield f"{path.relative_to(ROOT)}: {link} leads nowhere"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{path.relative_to(ROOT)}: the heading in {link} does not exist"


def main() -> int:
    """Prints the broken links. The exit code is 1 if there are any."""
    paths = documents()
    found = [complaint for path in paths for complaint in broken(path)]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    print(f"links: {len(paths)} documents, {len(found)} broken links")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())

"""Converts the repository's Markdown files to site pages, and converts the links between them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/sealwire/sealwire/blob/main/"
# The documents outside docs/, and the site pages that they become.
ELSEWHERE = {
    "bindings-python/README.md": "languages/python.md",
    "bindings-python/docs/migration.md": "guides/migration-python.md",
    "bindings-node/README.md": "languages/node.md",
    "bindings-node/docs/migration.md": "guides/migration-node.md",
    "bindings-rust/README.md": "languages/rust.md",
    "ffi-c/README.md": "languages/c.md",
    "examples/README.md": "start/examples.md",
    "tests/vectors/README.md": "reference/vectors.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "README.md": "project/readme.md",
}
LINK = r"(?P<before>!?\[(?:`[^`\n]*`|[^\]`])*\]\()(?P<link>[^)\s]+)\)"
CODE = r"^```.*?^```|^~~~.*?^~~~|`[^`\n]*`"
PICTURE = re.compile(r"^!\[[^\]]*\]\((?:\.\./)*images/([\w-]+\.svg)\)$", re.MULTILINE)
LINK_OR_CODE = re.compile(f"{LINK}|{CODE}", re.MULTILINE | re.DOTALL)


def pages() -> dict[str, str]:
    """Returns a mapping from each document's path in the repository to the path of its page in the site."""
    found = {f"docs/{path}": path for path in _below(ROOT / "docs")}
    return found | {path: page for path, page in ELSEWHERE.items() if (ROOT / path).exists()}


def _below(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".svg", ".png"}:
            yield path.relative_to(folder).as_posix()


def converted(document: str, known: dict[str, str]) -> str:
    """Returns a document's text, with all links converted to links within the site."""

    def link(match: re.Match[str]) -> str:
        if match["link"] is None:
            return match[0]
        return f"{match['before']}{target(document, match['link'], known)})"

    return PICTURE.sub(picture, LINK_OR_CODE.sub(link, (ROOT / document).read_text()))


def picture(match: re.Match[str]) -> str:
    """Returns the SVG code of an image in docs/images.

    The page contains this code instead of a link, so that the image can use the colours of the site.
    """
    drawing = (ROOT / "docs/images" / match[1]).read_text()
    inline = re.sub(r"<style>.*?</style>\n?", "", drawing, flags=re.DOTALL)
    return inline.replace("<svg ", '<svg class="figure" ', 1).replace("\n", " ")


def target(document: str, link: str, known: dict[str, str]) -> str:
    """Converts a link in a document.

    Returns a link to a page on the site. If the file has no page, returns a link to the file in the repository.
    """
    path, _, anchor = link.removeprefix(REPOSITORY).partition("#")
    inside = link.startswith(REPOSITORY)
    if not path or (not inside and re.match(r"[a-z]+:", link)):
        return link
    full = PurePosixPath(
        os.path.normpath(path if inside else PurePosixPath(document).parent / path)
    ).as_posix()
    suffix = f"#{anchor}" if anchor else ""
    page = known.get(full) or known.get(f"{full}/index.md") or known.get(f"{full}/README.md")
    if page is None:
        return f"{REPOSITORY}{full}{suffix}"
    start = PurePosixPath(known[document]).parent
    return PurePosixPath(os.path.relpath(page, start)).as_posix() + suffix

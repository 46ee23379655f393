"""Checks that the targets of all internal links in the built site exist, and that no page loads a resource from another host.

Run this program after `make docs`.
"""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "target/site"
# For each element, the attribute with the URL of a resource that is loaded with the page.
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data", "embed": "src"}
RELATIONS = {
    "stylesheet",
    "icon",
    "shortcut",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
}
# Rustdoc pages are only partly checked, because scripts create some of their anchors, and because they
# contain relative links from the documentation of other crates.
RUSTDOC = "reference/rust/"
FOREIGN = ("dispatcher#",)


class Page(HTMLParser):
    """The element ids, the links and the loaded resources of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.ids.update(found[name] for name in ("id", "name") if name in found)
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if found.get(LOADING.get(tag, "")):
            self.loaded.append(found[LOADING[tag]])
        if tag == "link" and RELATIONS.intersection(found.get("rel", "").split()):
            self.loaded.append(found["href"])


class Site:
    """All pages of the site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pages = {path: Page(path.read_text()) for path in sorted(root.rglob("*.html"))}

    def faults(self) -> Iterator[str]:
        for path, page in self.pages.items():
            name = path.relative_to(self.root).as_posix()
            for resource in page.loaded:
                if urlsplit(resource).netloc:
                    yield f"{name}: loads {resource}"
                elif not resource.startswith("data:"):
                    yield from self.link(path, name, resource)
            for link in page.links:
                if not urlsplit(link).scheme and not urlsplit(link).netloc:
                    yield from self.link(path, name, link)

    def link(self, path: Path, name: str, link: str) -> Iterator[str]:
        parts = urlsplit(link)
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if path.name == "404.html" and parts.path.startswith("/"):
            target = self.root / unquote(parts.path).lstrip("/")
        if target.is_dir():
            target /= "index.html"
        anchor = unquote(parts.fragment)
        if name.startswith(RUSTDOC) and link.startswith(FOREIGN):
            return
        if not target.exists():
            yield f"{name}: {link} leads nowhere"
        elif anchor and not name.startswith(RUSTDOC) and not self.has(target, anchor):
            yield f"{name}: no element has the anchor in {link}"

    def has(self, target: Path, anchor: str) -> bool:
        # A Zensical script creates the anchors that start with two underscores.
        return target not in self.pages or anchor.startswith("__") or anchor in self.pages[target].ids

    def links(self) -> int:
        return sum(len(page.links) + len(page.loaded) for page in self.pages.values())


def main() -> int:
    site = Site(SITE)
    found = list(site.faults())
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    print(f"site: {len(site.pages)} pages, {site.links()} links, {len(found)} faults")
    return 1 if found or len(site.pages) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())

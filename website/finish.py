"""Completes the generated site: no requests to other hosts, and the playground."""

import re
import shutil
from pathlib import Path

SHIM = "https://unpkg.com/iframe-worker/shim"


def without_colours(text: str) -> str:
    """Returns the output of a command without terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def without_network(site: Path, shim: Path) -> None:
    """Replaces the script that Zensical loads from a CDN, for the search in pages that are opened as files."""
    local = site / "assets/javascripts/iframe-worker.js"
    shutil.copy(shim, local)
    for page in site.rglob("*.html"):
        text = page.read_text()
        if SHIM in text:
            up = "../" * len(page.relative_to(site).parent.parts)
            page.write_text(text.replace(SHIM, f"{up}assets/javascripts/iframe-worker.js"))


def playground(site: Path, esbuild: Path) -> None:
    """Adds the playground."""

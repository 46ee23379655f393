"""Finishes the generated site. It removes requests to other hosts and adds the playground."""

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from sources import ROOT

SOURCES = ROOT / "website/playground"
SHIM = "https://unpkg.com/iframe-worker/shim"


def without_colours(text: str) -> str:
    """Returns the output of a command without terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def without_network(site: Path, shim: Path) -> None:
    """Replaces a script that Zensical loads from a CDN with a local copy.

    The search function needs this script if the pages are opened as files.
    """
    local = site / "assets/javascripts/iframe-worker.js"
    shutil.copy(shim, local)
    for page in site.rglob("*.html"):
        text = page.read_text()
        if SHIM in text:
            up = "../" * len(page.relative_to(site).parent.parts)
            page.write_text(text.replace(SHIM, f"{up}assets/javascripts/iframe-worker.js"))


def playground(site: Path, esbuild: Path) -> None:
    """Adds the playground page. The page contains its script, its style and the WebAssembly module."""
    module = ROOT / "bindings-node/edge/dist-explain/standalone/explain.mjs"
    if not module.exists():
        raise SystemExit(f"{module.relative_to(ROOT)} is missing: run scripts/build-edge explain")
    command = [
        esbuild,
        SOURCES / "main.mjs",
        "--bundle",
        "--minify",
        "--format=esm",
        "--charset=utf8",
        f"--alias:sealwire-explain={module}",
    ]
    script = subprocess.run(command, check=True, capture_output=True, text=True).stdout.replace(
        "</script", "<\\/script"
    )
    style = (SOURCES / "style.css").read_text()
    (site / "playground").mkdir(exist_ok=True)
    (site / "playground/index.html").write_text(
        (SOURCES / "index.html")
        .read_text()
        .replace(
            "<!-- csp -->", f'<meta http-equiv="Content-Security-Policy" content="{policy(script, style)}">'
        )
        .replace("<!-- style -->", f"<style>{style}</style>")
        .replace("<!-- script -->", f'<script type="module">{script}</script>')
    )


def policy(script: str, style: str) -> str:
    """Returns the playground's content security policy. It allows only the inline script, the inline
    style and WebAssembly, and no requests."""
    return (
        f"default-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'; "
        f"script-src 'wasm-unsafe-eval' '{digest(script)}'; style-src '{digest(style)}'"
    )


def digest(text: str) -> str:
    """Returns the digest of an inline script or style, in the format of a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

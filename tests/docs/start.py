"""Checks that the code on the pages in docs/start is the same as in the examples. `--write` updates the
pages.

On each page, a comment with the file name precedes the code.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARK = re.compile(r"(<!-- file: (\S+) -->)\n(?:\n```\w+\n.*?^```\n)?", re.MULTILINE | re.DOTALL)
LANGUAGES = {".py": "python", ".mjs": "js", ".rs": "rust", ".toml": "toml", ".c": "c"}


def filled(page: str) -> str:
    """Returns the text of a page, updated with the current code of the examples."""

    def block(match: re.Match[str]) -> str:
        path = ROOT / match[2]
        return f"{match[1]}\n\n```{LANGUAGES[path.suffix]}\n{path.read_text()}```\n"

    return MARK.sub(block, page)


def main() -> int:
    """Prints the pages whose code differs from the examples. The exit code is 1 if there are any."""
    pages = sorted((ROOT / "docs/start").glob("*.md"))
    stale = [page for page in pages if filled(page.read_text()) != page.read_text()]
    for page in stale:
        if "--write" in sys.argv:
            page.write_text(filled(page.read_text()))
        else:
            print(
                f"{page.relative_to(ROOT)} differs from the examples: run tests/docs/start.py --write",
                file=sys.stderr,
            )
    print(f"start: {len(pages)} pages, {len(stale)} differ")
    return 1 if stale and "--write" not in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())

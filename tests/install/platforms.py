"""Checks that the Node package, the release workflow and README.md list the same platforms."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def named() -> set[str]:
    """Returns the platforms in bindings-node/lib/platform.js."""
    source = (ROOT / "bindings-node/lib/platform.js").read_text()
    return set(re.findall(r"^  '([\w-]+)': '[\w-]+',$", source, re.MULTILINE))


def built() -> set[str]:
    """Returns the platforms that the release workflow builds addons for."""
    source = (ROOT / ".github/workflows/release.yml").read_text()
    return set(re.findall(r"\{ build: ([\w-]+), runs-on:", source))


def listed() -> set[str]:
    """Returns the platforms in the "Platforms" section of README.md."""
    section = (ROOT / "README.md").read_text().split("## Platforms")[1].split("\n## ")[0]
    return set(re.findall(r"`((?:linux|darwin|win32)-[\w-]+)`", section))


def main() -> int:
    """Prints the differences. The exit code is 1 if there are any."""
    expected = named()
    for place, found in (("release.yml", built()), ("README.md", listed())):
        for build in sorted(expected ^ found):
            where = "only in" if build in found else "missing in"
            print(f"platforms: {build} is {where} {place}", file=sys.stderr)
    same = expected == built() == listed()
    print(f"platforms: {len(expected)} in platform.js, release.yml and README.md")
    return 0 if same and expected else 1


if __name__ == "__main__":
    sys.exit(main())

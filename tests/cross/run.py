"""Builds and tests Sealwire for other platforms, records the results and writes docs/platforms.md.

Usage: tests/cross/run.py [TARGET...]
"""

import datetime
import json
import subprocess
import sys
import time

import page
import platforms
import suites
import tools


def main() -> int:
    """Builds and tests the targets in the arguments, or all targets if there are none."""
    wanted = sys.argv[1:]
    known = {platform.target: platform for platform in platforms.ALL}
    if unknown := set(wanted) - set(known):
        print(f"cross: unknown: {' '.join(sorted(unknown))}; known: {' '.join(known)}", file=sys.stderr)
        return 2
    tools.run("scripts/setup-system", "cross")
    failed = [target for target in wanted or known if not tested(known[target])]
    page.write()
    print("cross: failed: " + ", ".join(failed) if failed else "cross: all passed")
    return 1 if failed else 0


def tested(platform: platforms.Platform) -> bool:
    """Runs the test suites of one platform and records which ones passed. Returns whether all passed."""
    began = time.monotonic()
    passed: list[str] = []
    try:
        if platform.build == "zigbuild":
            tools.zig()
        library, environment, options = tools.rust(platform.target)
        built = suites.Built(platform, environment, options)
        for suite in platform.suites:
            passed.append(said(platform, getattr(suites, suite)(built)))
            record(platform, library, passed, time.monotonic() - began)
    except (tools.Failed, subprocess.TimeoutExpired, OSError) as failure:
        print(f"cross: {platform.target}: {failure}", file=sys.stderr)
        return False
    return True


def record(platform: platforms.Platform, library: str, passed: list[str], seconds: float) -> None:
    """Writes the results file for one platform."""
    content = {
        "target": platform.target,
        "name": platform.name,
        "run_by": platform.run_by,
        "standard_library": library,
        "suites": passed,
        "minutes": round(seconds / 60, 1),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": f"make cross TARGETS={platform.target}",
    }
    page.record_path(platform.target).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def said(platform: platforms.Platform, line: str) -> str:
    """Prints a result and returns it."""
    print(f"    cross: {platform.target}: {line}", flush=True)
    return line


if __name__ == "__main__":
    sys.exit(main())

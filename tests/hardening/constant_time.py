#!/usr/bin/env python3
"""Runs the program `constant_time` under Valgrind and checks the report.

The program marks the secret as undefined memory. Valgrind then reports each branch and table lookup that depends
on the secret. Each function with a report must be in ALLOWED.

The functions in VERDICTS must be in the report, because they branch on the result of a comparison. If one of
these reports is missing, Valgrind has lost track of the secret.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target/secrets")) / "release/constant_time"
CORE = f"{ROOT}/core/src/"
VERDICTS = {
    "verifier/head.rs signed_by": "whether the MAC of the head, or of head and body, matched",
    "verifier/pending.rs finish_in_place": "the same for a body that was received in parts",
    "connection_string/verify.rs verify": "whether the MAC of a token matched",
}
ALLOWED = VERDICTS | {
    "keys/secret.rs check": "whether a secret is strong enough, only at the start",
    "keys/secret.rs {closure#0}": "the same",
    "bytes/hex.rs decode": "whether digits that were received are digits",
    "mac/sha256.rs from_hex": "the same",
    "verifier/head.rs proof": "the same as signed_by, where the compiler merges the two functions",
    "verifier/body.rs finish": "whether the MAC of head and body matched, where the compiler keeps the function apart",
    "mac/sha256.rs find": "which key's MAC matched",
    "bytes/text.rs ascii": "a finished signature, about to be sent; digits that were received, as text",
    "bytes/base64.rs put": "a finished signature or token, about to be sent",
    "bytes/base64.rs encode": "the same",
    "connection_string/issue.rs issue": "a finished token, about to be sent",
    "connection_string/issue.rs write": "the same",
}
OWN = {"tokens", "requests", "hidden", "main"}  # the program's own functions, which assert results


def main() -> None:
    clean = reports()
    places = {innermost for innermost, *_ in clean}
    unexpected = sorted(places - set(ALLOWED))
    missing = sorted(set(VERDICTS) - {place for report in clean for place in report})
    for place in unexpected:
        print(f"constant time: {place} depends on the secret", file=sys.stderr)
    for place in missing:
        print(f"constant time: no report in {place}: Valgrind lost track of the secret", file=sys.stderr)
    caught = any("leaky_compare" in innermost for innermost, *_ in reports("planted"))
    if not caught:
        print("constant time: the planted comparison was not reported", file=sys.stderr)
    if unexpected or missing or not caught:
        sys.exit(1)
    print(
        f"    constant time: all {len(places)} functions with reports are allowed; a planted leak is reported"
    )


def reports(*arguments: str) -> list[list[str]]:
    """Returns the functions of the core crate on the stack of each report, innermost first. If there are
    none, returns the location in the program."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        command = ["valgrind", "--quiet", "--xml=yes", f"--xml-file={file.name}", "--read-inline-info=yes"]
        subprocess.run([*command, "--num-callers=40", PROGRAM, *arguments], check=True)
        errors = ElementTree.parse(file.name).iter("error")  # noqa: S314  (Valgrind wrote it a moment ago)
        return [places for places in map(stack, errors) if places]


def stack(error: ElementTree.Element) -> list[str]:
    frames = [frame for frame in error.iter("frame") if frame.findtext("dir")]
    in_core = [frame for frame in frames if path(frame).startswith(CORE)]
    if in_core:
        # A frame with the line number 0 is code that the compiler merged, and it may have no name.
        named = [frame for frame in in_core if name(frame)] or in_core[:1]
        return [f"{path(frame).split(CORE)[1]} {name(frame)}" for frame in named]
    own = [name(frame) for frame in frames if path(frame).endswith("constant_time.rs")]
    if own and own[0] in OWN:
        return []
    return [f"constant_time.rs {own[:1]} {path(frames[0]) if frames else '?'}"]


def path(frame: ElementTree.Element) -> str:
    return f"{frame.findtext('dir')}/{frame.findtext('file')}"


def name(frame: ElementTree.Element) -> str | None:
    """Returns the name of a function. If the debug information does not contain the name of an inlined function,
    reads it from the source."""
    said = frame.findtext("fn") or ""
    line = int(frame.findtext("line") or 0)
    if said and "Unknown" not in said:
        return re.split(r"[<(]", said.split("::")[-1] if "<" not in said else said)[0] or None
    source = pathlib.Path(path(frame))
    if not line or not source.is_file():
        return None
    above = source.read_text().splitlines()[:line]
    found = (re.match(r"\s*(?:pub(?:\([a-z]+\))? )?(?:const )?fn (\w+)", text) for text in reversed(above))
    return next((match[1] for match in found if match), None)


if __name__ == "__main__":
    main()

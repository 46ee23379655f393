"""Writes the requests and tokens from the shared vectors to seed files for the fuzzers.

Usage: fuzz_seeds.py FOLDER
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
SCHEMES = ("message", "pairwise", "client", "multi")


def main() -> None:
    folder = Path(sys.argv[1])
    for kind, seeds in (("verify", requests()), ("token", tokens())):
        place = folder / kind
        place.mkdir(parents=True, exist_ok=True)
        for name, seed in seeds:
            (place / name).write_bytes(seed)


def requests() -> Iterator[tuple[str, bytes]]:
    for scheme in SCHEMES:
        for case in cases(scheme):
            if "verifier" in case and "request" in case and "body_repeat" not in case["request"]:
                yield case["name"], request(case["request"])


def request(wanted: dict) -> bytes:
    lines = [
        f"{wanted['method']} {wanted['target']}",
        *(f"{name}: {value}" for name, value in wanted["headers"]),
    ]
    body = bytes.fromhex(wanted["body_hex"]) if "body_hex" in wanted else wanted.get("body", "").encode()
    return "\n".join(lines).encode("latin-1") + b"\n\n" + body


def tokens() -> Iterator[tuple[str, bytes]]:
    for case in cases("connection_string"):
        if "token" in case:
            yield case["name"], case["token"].encode("latin-1")


def cases(name: str) -> list[dict]:
    return json.loads((VECTORS / f"{name}.json").read_text())["cases"]


main()

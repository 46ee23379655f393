"""Counts the instructions that verification needs, with Valgrind. One run measures many requests."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "target/worst-request"
PROBE = TARGET / "release/sealwire-worst-request"
# The weight of instructions in the hash function. Valgrind has no SHA instructions, so it counts a slow
# implementation. Server processors have SHA instructions and need about an eighth of the time.
HASH_WEIGHT = 1 / 8
HASH = re.compile(r"::compress(256|512)")


@dataclass(frozen=True)
class Request:
    scheme: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    method: bytes = b"GET"

    def line(self) -> str:
        parts = [self.method, self.target, *(part for header in self.headers for part in header)]
        return " ".join([self.scheme, *(part.hex() for part in parts)])


@dataclass(frozen=True)
class Cost:
    reason: str
    size: int
    rejected: int
    accepted: int

    @property
    def ratio(self) -> float:
        return self.rejected / self.accepted


def build() -> None:
    shutil.copy(HERE.parents[1] / "Cargo.lock", HERE)  # the versions of the release
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, env=environment, check=True)


def measure(requests: list[Request]) -> list[Cost]:
    """Returns, for each request, its number of instructions and that of a valid request of the same size."""
    with tempfile.TemporaryDirectory() as folder:
        file, profile = Path(folder) / "requests", Path(folder) / "profile"
        file.write_text("".join(f"{request.line()}\n" for request in requests))
        valgrind = ["valgrind", "--tool=callgrind", "--quiet", "--collect-atstart=no"]
        options = ["--toggle-collect=*::judge", "--dump-after=*::judge", f"--callgrind-out-file={profile}"]
        done = subprocess.run([*valgrind, *options, PROBE, file], check=True, capture_output=True, text=True)
        names: dict[str, str] = {}
        counts = [instructions(Path(f"{profile}.{at + 1}"), names) for at in range(2 * len(requests))]
    outcomes = [line.split() for line in done.stdout.splitlines()]
    pairs = zip(counts[::2], counts[1::2], outcomes, strict=True)
    return [Cost(reason, int(size), one, other) for one, other, (reason, size, _) in pairs]


def instructions(profile: Path, names: dict[str, str]) -> int:
    """Returns the number of instructions in one call. Instructions in the hash function have a lower weight.

    Valgrind writes each function name only once. `names` contains the names from all profiles so far.
    """
    plain = hashing = 0
    is_hash = is_call = False
    for line in profile.read_text().splitlines():
        if line.startswith("fn="):
            is_hash = bool(HASH.search(name_of(line, names)))
        elif line.startswith("cfn="):
            name_of(line, names)
        elif line.startswith("calls="):
            # The next line is the total cost of the called function, which is also listed in that function.
            is_call = True
        elif line[:1].isdigit() or line[:1] in "+-*":
            _, _, cost = line.partition(" ")  # Valgrind omits a cost of zero
            cost, is_call = int(cost or 0) * (not is_call), False
            plain, hashing = (plain, hashing + cost) if is_hash else (plain + cost, hashing)
    if not plain:
        raise SystemExit(
            f"{profile}: Valgrind counted nothing; is there still a function `judge` in main.rs?"
        )
    return round(plain + hashing * HASH_WEIGHT)


def name_of(line: str, names: dict[str, str]) -> str:
    number, _, name = line.partition("=")[2].partition(" ")
    if name:
        names[number] = name
    return names.get(number, "")

"""Runs the programs that detect mutations: the vectors, the tests of core, the C library's vectors and tests,
and the search for secrets."""

import pathlib
import re
import resource
import subprocess
import time
from collections.abc import Iterable

import switch
from listing import ROOT

# Tests of rates and thread races, which could fail by chance on a busy machine.
SKIPPED = ["--skip", "rates", "--skip", "threads", "--skip", "model"]
FILES = [
    "pairwise",
    "client",
    "message",
    "response",
    "multi",
    "policy",
    "replay",
    "bypass",
    "keys",
    "connection_string",
    "rfc4231",
]
VECTORS = [str(ROOT / f"tests/vectors/{name}.json") for name in FILES]
ABI_TESTS = ["arguments", "lifetimes", "responses", "static_memory"]
# The limit of processor time in seconds. The slowest test takes a few seconds, but a mutation can cause an
# endless loop.
MOST_SECONDS, MOST_BYTES = 20, 4 << 30
COMPARED = ("sealwire-conformance", "c-vectors")


def vectors(copy: switch.Copy) -> list[list[str]]:
    """Runs the vectors and compares the output."""
    (program,) = switch.programs(copy.cargo("build", "-p", "sealwire-conformance"))
    return [[program, *VECTORS]]


def tests(copy: switch.Copy) -> list[list[str]]:
    """Runs the unit tests of core and then the tests of each module, so that slow tests run last."""
    unit = switch.programs(copy.cargo("test", "--no-run", "-p", "sealwire-core", "--lib"))
    (program,) = switch.programs(copy.cargo("test", "--no-run", "-p", "sealwire-core", "--test", "core"))
    modules = re.findall(r"^mod (\w+);", (ROOT / "core/tests/main.rs").read_text(), re.MULTILINE)
    each = [[program, "--quiet", f"{module}::", *SKIPPED] for module in modules if module != "common"]
    return [*([one, "--quiet", *SKIPPED] for one in unit), *each]


def replay(copy: switch.Copy) -> list[list[str]]:
    """Runs concurrent claims of nonces, in threads and in the model checker."""
    said = copy.cargo("test", "--no-run", "-p", "sealwire-core", "--lib")
    checked = copy.cargo("test", "--no-run", "--release", within="tests/loom", flags="--cfg loom")
    (own,) = switch.programs(said)
    return [[own, "--quiet", "replay::"], *([each, "--quiet"] for each in switch.programs(checked))]


def c_programs(copy: switch.Copy) -> list[list[str]]:
    """Runs the vectors in C and the tests of the C library."""
    copy.cargo("build", "-p", "sealwire-ffi")
    sources = {name: [ROOT / f"tests/abi/{name}.c"] for name in ABI_TESTS}
    sources["vectors"] = sorted((ROOT / "tests/conformance/c").glob("*.c"))
    return [
        [linked(copy, name, files), *(VECTORS if name == "vectors" else [])]
        for name, files in sources.items()
    ]


def linked(copy: switch.Copy, name: str, sources: Iterable[pathlib.Path]) -> str:
    program = str(copy.target / f"c-{name}")
    libraries = ["-lcjson", "-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"]
    library = copy.target / "debug/libsealwire.a"
    flags = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", f"-I{ROOT / 'include'}"]
    subprocess.run(["cc", *flags, *sources, library, *libraries, "-o", program], check=True)
    return program


class Judge:
    """Records the output of each program without a mutation, and compares it with the output of a
    mutation."""

    def __init__(self, programs: Iterable[list[str]], right: dict[str, bytes] | None = None) -> None:
        timed = []
        self.right: dict[str, bytes] = {}
        for command in programs:
            started = time.monotonic()
            name = re.sub("-[0-9a-f]{16}$", "", pathlib.Path(command[0]).name)  # cargo's hash of the sources
            printed = (right or {}).get(name) or ran(command, 0)
            assert printed is not None, f"{command[0]} fails without a mutation"
            self.right[name] = printed
            timed.append((time.monotonic() - started, name, command))
        self.commands = [(name, command) for _, name, command in sorted(timed)]

    def notices(self, number: int) -> bool:
        return any(not self.is_right(name, ran(command, number)) for name, command in self.commands)

    def is_right(self, name: str, printed: bytes | None) -> bool:
        """Returns whether the output is unchanged. For vectors all lines are compared, for tests only the
        result."""
        return printed == self.right[name] if name in COMPARED else printed is not None


def ran(command: list[str], number: int) -> bytes | None:
    """Returns the output, or None if the program failed, timed out or exceeded its memory."""
    try:
        done = subprocess.run(
            command,
            env={
                "MUTANT": str(number),
                "PROPTEST_CASES": "64",
                "LOOM_MAX_PREEMPTIONS": "3",
                "PATH": "/usr/bin:/bin",
            },
            cwd=ROOT / ".cache",  # property tests store failures here
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30 * MOST_SECONDS,
            preexec_fn=limit,
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

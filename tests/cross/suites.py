"""The test suites that `make cross` runs. Each suite returns a one-line summary, or raises Failed if a test
fails."""

import re
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tools
from platforms import Platform
from tools import HERE, ROOT, Failed

# The test files of the Node package that can run under wine. The other test files need a Linux program or the
# global `fetch`, which fails under wine.
NODE_TESTS = (
    "configured",
    "copies",
    "deadlines",
    "exploits",
    "express",
    "express-bodies",
    "interop",
    "lead",
    "metrics",
    "native",
    "objects",
    "received-url",
    "senders",
    "settings",
    "testing-stores",
    "urls",
    "wide",
)


@dataclass(frozen=True, eq=False)
class Built:
    """A platform, with cargo's environment variables and options for it."""

    platform: Platform
    environment: dict[str, str]
    options: list[str]

    @property
    def folder(self) -> Path:
        """Returns the folder for cargo's build results."""
        return tools.TARGET_DIR / self.platform.target / ("release" if self.platform.release else "debug")

    @property
    def programs(self) -> Path:
        """Creates and returns the folder for the compiled C programs."""
        place = tools.CACHE / self.platform.target
        place.mkdir(parents=True, exist_ok=True)
        return place

    def cargo(self, command: str, *arguments: str, cwd: Path = ROOT) -> str:
        """Runs cargo with the platform's target and environment."""
        release = ["--release"] if self.platform.release else []
        target = ["--target", self.platform.target]
        words = [*command.split(), *target, *release, *self.options, *arguments]
        return tools.run(
            "cargo",
            *words,
            cwd=cwd,
            seconds=3600,
            CARGO_TARGET_DIR=str(tools.TARGET_DIR),
            **self.environment,
            **self.platform.linker(),
        )

    def started(self, *command: object, seconds: int = 600, **environment: str) -> str:
        """Runs a program that was built for the platform, and returns its output."""
        variables = {**self.platform.environment(), **environment}
        return tools.run(*self.platform.runner, *command, seconds=seconds, **variables)

    def compiled(self, name: str, *sources: object) -> Path:
        """Compiles a C program and links it with the static library."""
        suffix = ".exe" if "windows" in self.platform.target else ""
        program = self.programs / f"{name}{suffix}"
        libraries = [self.folder / static_library(self.platform.target), *self.platform.libraries]
        flags = [
            "-std=gnu11",
            "-D_POSIX_C_SOURCE=200809L",
            "-O1",
            "-static",
            "-Iinclude",
            f"-I{self.programs}",
        ]
        tools.run(*self.platform.compiler, *flags, *sources, *libraries, "-o", program)
        return program


def static_library(target: str) -> str:
    """Returns the file name of the static library."""
    return "sealwire.lib" if target.endswith("msvc") else "libsealwire.a"


def c_tests(built: Built) -> str:
    """Runs the C tests with a library that has the feature `test-panic`, and checks the layout of the structures."""
    built.cargo(built.platform.build, "-p", "sealwire-ffi", "--lib", "--features", "test-panic")
    layout = built.started(built.compiled("layout", "tests/abi/layout.c"))
    if layout.split() != (ROOT / "tests/abi/layout.txt").read_text().split():
        raise Failed(f"the layout of structures differs:\n{layout}")
    checks = 0
    for test in built.platform.c_tests:
        output = built.started(built.compiled(test, f"tests/abi/{test}.c"))
        found = re.search(r"(\d+) checks, 0 failed", output)
        if not found:
            raise Failed(f"{test}: {output}")
        checks += int(found[1])
    for example in ("sign_and_verify", "no_heap"):
        built.started(built.compiled(example, f"ffi-c/examples/{example}.c"))
    return f"C tests: {len(built.platform.c_tests)} programs, {checks} checks; layout; 2 examples"


def c_vectors(built: Built) -> str:
    """Runs all vectors with the C library."""
    included = built.programs / "cjson"
    included.mkdir(exist_ok=True)
    for name in ("cJSON.c", "cJSON.h"):
        shutil.copy(tools.cjson() / name, included)
    sources = sorted((ROOT / "tests/conformance/c").glob("*.c"))
    program = built.compiled("vectors", *sources, included / "cJSON.c")
    return f"vectors in C: {vectors('c', *built.platform.runner, program, **built.platform.environment())}"


def node_vectors(built: Built) -> str:
    """Runs all vectors with the Node package."""
    runner = [HERE / "windows/node", ROOT / "tests/conformance/node_runner.cjs"]
    return f"vectors in Node.js: {vectors('node', *runner, **node_environment(built))}"


def vectors(language: str, *runner: object, **environment: str) -> str:
    """Runs the shared vectors with one language, and returns the last line of the output."""
    words = " ".join(map(str, runner))
    compare = ROOT / "tests/conformance/run.py"
    output = tools.run(sys.executable, compare, "--only", language, "--runner", words, **environment)
    return output.strip().splitlines()[-1]


def rust_tests(built: Built) -> str:
    """Runs the tests of the core and host crates."""
    output = built.cargo("test", "-p", "sealwire-core", "-p", "sealwire-host")
    passed = sum(int(count) for count in re.findall(r"test result: ok\. (\d+) passed", output))
    return f"Rust tests of core and host: {passed} passed"


def refusal(built: Built) -> str:
    """Tests that the library refuses a replay table in a file, with an error message that suggests Redis."""
    program = built.compiled("refusal", "tests/cross/windows/refusal.c")
    text = built.started(program).splitlines()[0]
    node(built, HERE / "windows/refusal.cjs")
    return f"a table in a file is refused: “{text}”"


def node(built: Built, *arguments: object, cwd: Path = ROOT) -> str:
    """Runs Node.js for Windows with the addon."""
    return tools.run(HERE / "windows/node", *arguments, cwd=cwd, seconds=300, **node_environment(built))


@cache
def node_environment(built: Built) -> dict[str, str]:
    """Builds the addon. Returns the environment variables with the paths of wine, Node.js and the addon."""
    built.cargo(built.platform.build, "-p", "sealwire-node")
    place = built.programs / "sealwire.node"
    shutil.copy(built.folder / "sealwire_node.dll", place)
    variables = {"WINE": tools.wine(), "NODE": str(tools.windows_node()), "SEALWIRE_ADDON": str(place)}
    return {**built.platform.environment(), **variables}


def node_smoke(built: Built) -> str:
    """Signs and verifies one request with the Node package."""
    installed = built.programs / "node_modules/sealwire"
    installed.parent.mkdir(exist_ok=True)
    if not installed.exists():
        installed.symlink_to(ROOT / "bindings-node")
    smoke = built.programs / "smoke.cjs"
    shutil.copy(ROOT / "tests/install/smoke.cjs", smoke)
    version = node(built, "--version").strip()
    if "signed and verified" not in node(built, smoke):
        raise Failed("the first request failed")
    return f"Node.js {version.lstrip('v')}: first request"


def node_tests(built: Built) -> str:
    """Runs the tests of the Node package that can run under wine."""
    required = ["--require", "./test/support/isolated.js", "--require", HERE / "windows/heap.cjs"]
    passed = 0
    for name in NODE_TESTS:
        output = node(built, *required, f"test/{name}.test.js", cwd=ROOT / "bindings-node")
        counts = re.findall(r"^# (pass|fail) (\d+)", output, re.MULTILINE)
        if ("fail", "0") not in counts:
            raise Failed(f"{name}: {output}")
        passed += sum(int(count) for kind, count in counts if kind == "pass")
    return f"Node.js tests: {len(NODE_TESTS)} files, {passed} passed"


def linked_libraries(built: Built) -> str:
    """Links the C library and the Node addon. They cannot be tested, because this system cannot run macOS programs."""
    built.cargo(built.platform.build, "-p", "sealwire-ffi", "-p", "sealwire-node")
    kinds = {name: file_kind(built.folder / name) for name in ("libsealwire.dylib", "libsealwire_node.dylib")}
    wrong = {name: kind for name, kind in kinds.items() if kind != "Mach-O"}
    if wrong:
        raise Failed(f"not libraries of macOS: {wrong}")
    return "linked: C library, Node addon"


def file_kind(path: Path) -> str:
    """Returns "Mach-O" if the file is a library or a program for macOS."""
    return "Mach-O" if path.read_bytes()[:4] == b"\xcf\xfa\xed\xfe" else "something else"


def linked_tests(built: Built) -> str:
    """Links the tests of the core and host crates. They cannot be run, because this system cannot run macOS
    programs."""
    built.cargo(built.platform.build, "-p", "sealwire-core", "-p", "sealwire-host", "--tests")
    programs = [
        path
        for path in (built.folder / "deps").iterdir()
        if not path.suffix and path.is_file() and file_kind(path) == "Mach-O"
    ]
    return f"linked: {len({path.name.rsplit('-', 1)[0] for path in programs})} test programs of core and host"


def linked_wheel(built: Built) -> str:
    """Builds the wheel for the stable ABI."""
    place = built.programs / "wheels"
    shutil.rmtree(place, ignore_errors=True)
    maturin = [ROOT / ".venv/bin/python", "-m", "maturin", "build", "--quiet", "--zig", "--features", "abi3"]
    manifest = ["-m", "bindings-python/Cargo.toml", "-i", "python3.11", "-o", place, "--profile", "dev"]
    target = ["--target", built.platform.target]
    tools.run(*maturin, *manifest, *target, seconds=3600, CARGO_TARGET_DIR=str(tools.TARGET_DIR))
    return f"built: {next(place.glob('*.whl')).name}"


def bare_metal(built: Built) -> str:
    """Runs the core crate in an emulator, without an operating system."""
    folder = ROOT / "tests/bare-metal"
    shutil.copy(ROOT / "Cargo.lock", folder)
    flags = {"RUSTFLAGS": "-Clinker=arm-none-eabi-ld -Clinker-flavor=ld"}
    Built(built.platform, {**built.environment, **flags}, built.options).cargo("build", cwd=folder)
    emulator = [
        "qemu-system-arm",
        "-machine",
        "mps2-an385",
        "-nographic",
        "-monitor",
        "none",
        "-serial",
        "none",
    ]
    kernel = ["-semihosting-config", "enable=on,target=native", "-kernel", built.folder / "bare-metal"]
    return f"core: {' '.join(tools.run(*emulator, *kernel, seconds=120).split())}"

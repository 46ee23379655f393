"""The platforms that `make cross` supports, with the tools that build and run the tests."""

from collections.abc import Callable
from dataclasses import dataclass, field

import tools

# The C tests that run on all platforms.
C_TESTS = (
    "arguments",
    "conventions",
    "key_files",
    "metrics",
    "modes",
    "reload_threads",
    "requests",
    "responses",
    "static_memory",
    "threads",
    "panic",
)
# These C tests call fork, so they cannot be compiled for Windows.
POSIX_ONLY = ("forks", "lifetimes")


@dataclass(frozen=True)
class Platform:
    """A Rust target, and the tools that build and run its tests."""

    target: str
    name: str
    run_by: str
    suites: tuple[str, ...]
    compiler: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    runner: tuple[str, ...] = ()
    build: str = "build"
    c_tests: tuple[str, ...] = C_TESTS + POSIX_ONLY
    environment: Callable[[], dict[str, str]] = field(default=dict)
    release: bool = False
    """Whether to build with optimisation. Without it, the bare-metal program does not fit into memory."""

    def linker(self) -> dict[str, str]:
        """Returns the environment variables that tell cargo which linker and test runner to use."""
        prefix = "CARGO_TARGET_" + self.target.upper().replace("-", "_")
        values = {**self.environment()}
        # Rust's default linker works for musl.
        if self.build == "build" and self.compiler and "musl" not in self.target:
            values[f"{prefix}_LINKER"] = self.compiler[0]
        if self.runner:
            values[f"{prefix}_RUNNER"] = " ".join(self.runner)
        return values


LINUX = ("-lm", "-lpthread", "-ldl")
C_SUITES = ("c_tests", "c_vectors")
MAC_SUITES = ("linked_libraries", "linked_tests", "linked_wheel")

ALL = (
    Platform(
        "aarch64-unknown-linux-gnu",
        "Linux arm64, glibc",
        "qemu-user",
        C_SUITES,
        compiler=("aarch64-linux-gnu-gcc",),
        libraries=LINUX,
        runner=("qemu-aarch64-static",),
    ),
    Platform(
        "x86_64-unknown-linux-musl",
        "Linux x64, musl",
        "this machine",
        ("c_tests", "c_vectors", "rust_tests"),
        compiler=("musl-gcc",),
        # Without these options, panics cannot be caught in a static program that gcc links.
        libraries=("-Wl,--eh-frame-hdr", tools.unwinder("x86_64-unknown-linux-musl"), *LINUX),
    ),
    Platform(
        "aarch64-unknown-linux-musl",
        "Linux arm64, musl",
        "qemu-user",
        C_SUITES,
        compiler=tools.ZIG_CC_ARM64_MUSL,
        libraries=("-lunwind", *LINUX),
        runner=("qemu-aarch64-static",),
        build="zigbuild",
    ),
    Platform(
        "x86_64-pc-windows-gnu",
        "Windows x64",
        "wine",
        ("c_tests", "c_vectors", "refusal", "rust_tests", "node_smoke", "node_vectors", "node_tests"),
        compiler=("x86_64-w64-mingw32-gcc", "-include", "tests/cross/windows/posix.h"),
        libraries=("-lkernel32", "-lntdll", "-luserenv", "-lws2_32", "-ldbghelp", "-lpthread"),
        runner=(tools.wine(),),
        c_tests=C_TESTS,
        environment=tools.windows,
    ),
    Platform("x86_64-apple-darwin", "macOS, Intel", "not run", MAC_SUITES, build="zigbuild"),
    Platform("aarch64-apple-darwin", "macOS, Apple silicon", "not run", MAC_SUITES, build="zigbuild"),
    Platform(
        "thumbv7m-none-eabi",
        "bare Cortex-M3",
        "qemu-system-arm",
        ("bare_metal",),
        release=True,
    ),
)

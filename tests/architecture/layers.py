"""Checks the imports in all crates and packages.

Modules of the core crate may import only from lower layers, and must import each name from the module that
defines it. docs/architecture.md describes the layers. The core crate must not use other workspace crates, the
host crate may use core, and the bindings may use both. Files must not import each other in a cycle.

Usage: layers.py [ROOT] [--count]
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import imports
from imports import Graph

# The layers of the core crate, lowest first.
LAYERS = (
    ("bytes",),
    ("mac", "wire", "structured_fields"),
    ("policy", "keys", "replay", "http_signature"),
    ("schemes", "connection_string"),
    ("verifier", "signer"),
    ("response",),
    ("lib",),
)
CRATES = {
    "core": (),
    "host": ("sealwire_core",),
    "ffi-c": ("sealwire_core", "sealwire_host"),
    "bindings-python": ("sealwire_core", "sealwire_host"),
    "bindings-node": ("sealwire_core", "sealwire_host"),
    "bindings-rust": ("sealwire_core", "sealwire_host"),
}
PYTHON = "bindings-python/python/sealwire"
JAVASCRIPT = "bindings-node"


def complaints(root: Path) -> Iterator[str]:
    """Returns a message for each violation in the project."""
    for crate, known in CRATES.items():
        source = root / crate / "src"
        if not source.is_dir():
            continue
        graph = imports.rust(source)
        if not any(graph.edges.values()) and len(graph.edges) > 1:
            yield f"{crate}: no import found; adapt this check to the source code"
        yield from cycles(graph, crate)
        yield from foreign(graph, crate, known)
        if crate == "core":
            yield from upward(graph)
            yield from (f"core/src/{found}" for found in graph.indirect)
    yield from cycles(imports.python(root / PYTHON), PYTHON)
    yield from cycles(imports.javascript(root / JAVASCRIPT), JAVASCRIPT)


def cycles(graph: Graph, where: str) -> Iterator[str]:
    """Returns a message for each group of files that import each other."""
    for group in graph.cycles():
        yield f"{where}: these files import each other: {', '.join(map(graph.name, group))}"


def foreign(graph: Graph, crate: str, known: tuple[str, ...]) -> Iterator[str]:
    """Returns a message for each import of a workspace crate that `crate` must not use."""
    for file in graph.edges:
        for name in set(
            re.findall(r"\bsealwire_(?:core|host|ffi|python|node|rust)(?=::)", imports.code(file))
        ):
            if name not in known:
                yield f"{crate}/src/{graph.name(file)}: {crate} must not import {name}"


def upward(graph: Graph) -> Iterator[str]:
    """Yields a message for each import in the core crate that does not refer to a lower layer."""
    for file, target in pairs(graph):
        one, other = top(graph, file), top(graph, target)
        if one == other:
            continue
        for name in (one, other):
            if name not in HEIGHTS:
                yield f"core/src/{name}: not in any layer; add it to LAYERS and to docs/architecture.md"
        if HEIGHTS.get(other, 0) >= HEIGHTS.get(one, 0):
            yield f"core/src/{graph.name(file)}: imports {graph.name(target)}, which is not in a layer below {one}"


HEIGHTS = {module: height for height, row in enumerate(LAYERS) for module in row}


def pairs(graph: Graph) -> list[tuple[Path, Path]]:
    """Returns each import as a pair: the importing file and the imported file."""
    return [(file, target) for file, targets in sorted(graph.edges.items()) for target in sorted(targets)]


def top(graph: Graph, file: Path) -> str:
    """Returns the top-level module of a file."""
    return graph.name(file).partition("/")[0].removesuffix(".rs")


def count(root: Path) -> Iterator[str]:
    """Yields statistics about the modules of the core crate, and about the files that each scheme depends
    on."""
    graph = imports.rust(root / "core/src")
    between = {(top(graph, one), top(graph, other)) for one, other in pairs(graph)}
    between = {(one, other) for one, other in between if one != other}
    modules = {top(graph, file) for file in graph.edges}
    above = {one: {other for module, other in between if module == one} for one in modules}
    yield (
        f"core: {len(modules)} modules on {levels(above)} levels, {len(between)} imports between them; "
        f"{len(graph.edges)} files, {len(pairs(graph))} imports between files, "
        f"{len(graph.cycles())} cycles of {sum(map(len, graph.cycles()))} files"
    )
    for scheme, names in (
        ("client", ("client.rs",)),
        ("pairwise", ("pairwise.rs",)),
        ("message", ("message",)),
    ):
        starts = [file for file in graph.edges if set(names) & set(file.relative_to(graph.root).parts)]
        read = graph.reachable(starts)
        lines = sum(len(imports.text(file).splitlines()) for file in read)
        yield f"{scheme}: {lines} lines in {len(read)} files"


def levels(above: dict[str, set[str]]) -> int:
    """Returns the number of modules in the longest import chain that visits no module twice."""

    def depth(module: str, seen: frozenset[str]) -> int:
        deeper = (depth(other, seen | {other}) for other in above[module] if other not in seen)
        return 1 + max(deeper, default=0)

    return max(depth(module, frozenset({module})) for module in above)


def main(root: Path) -> int:
    """Prints all messages and returns the exit code: 1 if there is a message, otherwise 0."""
    found = sorted(set(complaints(root)))
    for complaint in found:
        print(complaint, file=sys.stderr)
    print(
        f"architecture: {len(found)} violations"
        if found
        else "architecture: all imports refer to lower layers"
    )
    return 1 if found else 0


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--count"]
    ROOT = Path(arguments[0] if arguments else Path(__file__).parents[2]).resolve()
    if "--count" in sys.argv:
        print("\n".join(count(ROOT)))
        sys.exit(0)
    sys.exit(main(ROOT))

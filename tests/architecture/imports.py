"""Reads the imports between source files in Rust, Python and JavaScript.

Imports in unit tests and type-only imports are ignored. If a file imports a re-exported name, the import is
attributed to the file that defines the name.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sources

USE = re.compile(r"^[ \t]*(pub(?:\([a-z ]+\))? )?use ([^;]+);", re.MULTILINE)
INLINE_PATH = re.compile(r"(?<![\w:$])((?:crate|super|self)(?:::\w+)+)")
DEFINITION = re.compile(
    r"^[ \t]*(?:pub(?:\([a-z ]+\))? )?(?:(?:const|unsafe|async|extern \"C\") )*"
    r"(?:fn|struct|enum|union|const|static|type|trait|mod|macro_rules!) (?:mut )?(\w+)",
    re.MULTILINE,
)
JAVASCRIPT_IMPORT = re.compile(r"(?:require\(|\bfrom |\bimport\(|\bimport )['\"](\.{1,2}/[^'\"]+)['\"]")
JAVASCRIPT_SUFFIXES = (".js", ".cjs", ".mjs")

Module = tuple[str, ...]


@dataclass
class Graph:
    """The import graph of a package. `indirect` lists imports that use a re-exported name."""

    root: Path
    edges: dict[Path, set[Path]] = field(default_factory=dict)
    indirect: list[str] = field(default_factory=list)

    def name(self, file: Path) -> str:
        """Returns the path of a file relative to the root directory."""
        return file.relative_to(self.root).as_posix()

    def cycles(self) -> list[list[Path]]:
        """Returns each group of files that import each other, directly or indirectly."""
        reached = {file: self.reachable([file]) for file in self.edges}
        groups = {
            tuple(sorted(one for one in reached[file] if file in reached.get(one, ()))) for file in self.edges
        }
        return [list(group) for group in sorted(groups) if len(group) > 1]

    def reachable(self, starts: list[Path]) -> set[Path]:
        """Returns `starts` and all files that they import directly or indirectly."""
        seen: set[Path] = set()
        todo = list(starts)
        while todo:
            file = todo.pop()
            if file not in seen:
                seen.add(file)
                todo.extend(self.edges.get(file, ()))
        return seen


def text(file: Path) -> str:
    """Returns the text of a Rust file without its unit tests."""
    return sources.without_tests(file.read_text(encoding="utf-8"))


def code(file: Path) -> str:
    """Returns the code of a Rust file without its unit tests and comments."""
    return sources.rust(file.read_text(encoding="utf-8")).code


def rust(source: Path) -> Graph:
    """Reads the imports of a Rust crate. `source` is its source directory."""
    graph = Graph(source)
    crate = Crate(source)
    for module, file in crate.files.items():
        graph.edges[file] = set()
        for path, is_reexport in crate.imports(module):
            target, name = crate.locate(module, path)
            if target is None or (is_reexport and crate.is_folder(module)):
                continue
            owner = crate.defining(target, name)
            if owner != target and owner is not None:
                graph.indirect.append(
                    f"{graph.name(file)}: {'::'.join(path)} is defined in {'::'.join(owner)}; import it from there"
                )
            graph.edges[file].add(crate.files[owner or target])
        graph.edges[file].discard(file)
    return graph


class Crate:
    """The modules of a Rust crate."""

    def __init__(self, source: Path) -> None:
        """Reads all files in `source` except tests."""
        self.files: dict[Module, Path] = {}
        self.texts: dict[Module, str] = {}
        for file in sorted(source.rglob("*.rs")):
            parts = file.relative_to(source).with_suffix("").parts
            if "tests" in parts:
                continue
            module = parts[:-1] if parts[-1] in ("mod", "lib") else parts
            self.files[module] = file
            self.texts[module] = code(file)

    def is_folder(self, module: Module) -> bool:
        """Returns True if the module has submodules. This module may re-export their names."""
        return self.files[module].name in ("mod.rs", "lib.rs") or any(
            other[:-1] == module for other in self.files if other
        )

    def imports(self, module: Module) -> Iterator[tuple[list[str], bool]]:
        """Yields each path that a module imports, and whether the module re-exports it."""
        text = self.texts[module]
        for match in USE.finditer(text):
            yield from ((path, match[1] is not None) for path in leaves([], match[2]))
        for match in INLINE_PATH.finditer(USE.sub("", text)):
            yield match[1].split("::"), False

    def locate(self, module: Module, path: list[str]) -> tuple[Module | None, str]:
        """Splits a path into a module and the name after it. The module is None if it belongs to another
        crate."""
        rest = list(path)
        here: Module
        match rest[0]:
            case "crate":
                here = ()
                rest.pop(0)
            case "super" | "self":
                here = module
                while rest and rest[0] in ("super", "self"):
                    here = here[:-1] if rest.pop(0) == "super" else here
            case first if (*module, first) in self.files:
                here = module
            case _:
                return None, ""
        while rest and (*here, rest[0]) in self.files:
            here = (*here, rest.pop(0))
        if here not in self.files:
            return None, ""
        return here, rest[0] if rest else ""

    def defining(self, module: Module, name: str) -> Module | None:
        """Follows re-exports from `module` to the module that defines `name`. Returns None if there is no
        such module."""
        if name in ("", "*") or name in DEFINITION.findall(self.texts[module]):
            return module
        for match in USE.finditer(self.texts[module]):
            for path in leaves([], match[2]):
                if path[-1] == name:
                    target, rest = self.locate(module, path)
                    if target is not None and target != module:
                        return self.defining(target, rest)
        return None


def leaves(prefix: list[str], tree: str) -> Iterator[list[str]]:
    """Yields all paths in a `use` tree."""
    for part in split(tree):
        head, brace, rest = part.partition("{")
        path = prefix + [step for step in head.split(" as ")[0].strip().split("::") if step]
        if brace:
            yield from leaves(path, rest.rstrip().removesuffix("}"))
        elif path:
            yield path[:-1] if path[-1] == "self" and len(path) > 1 else path


def split(tree: str) -> Iterator[str]:
    """Splits a `use` tree at its top-level commas."""
    depth, part = 0, ""
    for character in tree:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += character
    if part.strip():
        yield part.strip()


def python(package: Path) -> Graph:
    """Reads the imports of a Python package, including those in functions. Imports for type checkers are
    ignored."""
    graph = Graph(package)
    for file in sorted(package.rglob("*.py")):
        graph.edges[file] = set()
        for names in python_names(ast.parse(file.read_text(encoding="utf-8"))):
            found = python_file(package, file, *names)
            if found is not None and found != file and found.name != "__init__.py":
                graph.edges[file].add(found)
    return graph


def python_names(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yields the relative level, the module and the name of each import in a syntax tree."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.ImportFrom):
            yield from ((child.level, child.module or "", alias.name) for alias in child.names)
        elif isinstance(child, ast.Import):
            yield from ((0, alias.name, "") for alias in child.names)
        yield from python_names(child)


def python_file(package: Path, file: Path, level: int, module: str, name: str) -> Path | None:
    """Returns the file that an import refers to, or None if it is outside the package."""
    if level:
        folder = file.parents[level - 1]
    elif module.partition(".")[0] == package.name:
        folder, module = package, module.partition(".")[2]
    else:
        return None
    base = folder.joinpath(*[step for step in module.split(".") if step])
    candidates = (
        base / f"{name}.py",
        base / name / "__init__.py",
        base.with_suffix(".py"),
        base / "__init__.py",
    )
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def javascript(package: Path) -> Graph:
    """Reads the imports between the JavaScript files of a package."""
    graph = Graph(package)
    for file in sorted(package.rglob("*")):
        inside = file.relative_to(package)
        if file.suffix not in JAVASCRIPT_SUFFIXES or sources.NOT_SOURCE.intersection(inside.parts):
            continue
        code = sources.read(file).code
        targets = (javascript_file(file, match[1]) for match in JAVASCRIPT_IMPORT.finditer(code))
        graph.edges[file] = {target for target in targets if target is not None and target != file}
    return graph


def javascript_file(file: Path, target: str) -> Path | None:
    """Returns the file that a relative import refers to, or None if it is not a JavaScript file."""
    base = (file.parent / target).resolve()
    candidates = (base, *(Path(f"{base}{suffix}") for suffix in JAVASCRIPT_SUFFIXES), base / "index.js")
    return next((candidate for candidate in candidates if candidate.is_file()), None)

"""Tests that the layer check reports imports from higher layers, import cycles, and imports of re-exported
names."""

import shutil
import tempfile
import unittest
from pathlib import Path

import layers
import sources

ROOT = Path(__file__).parents[2]

# For each test case: a source file, the line to add to it, and a part of the expected message.
PLANTED = (
    ("core/src/wire/request.rs", "use crate::verifier::identity::Identity;", "not in a layer below wire"),
    ("core/src/keys/key.rs", "use crate::policy::Policy;", "not in a layer below keys"),
    ("core/src/keys/key.rs", "fn f(p: &crate::policy::Policy) {}", "not in a layer below keys"),
    (
        "core/src/policy/window.rs",
        "use super::super::schemes::signing::Signing;",
        "not in a layer below policy",
    ),
    ("core/src/response.rs", "use crate::keys::KeySet;", "defined in keys::key_set"),
    ("core/src/signer.rs", "use crate::Window;", "defined in policy::window"),
    ("core/src/schemes/claims.rs", "use super::client::SigningInput;", "import each other"),
    ("core/src/bytes/hex.rs", "use sealwire_host::Verifier;", "must not import sealwire_host"),
    ("host/src/config_error.rs", "use crate::config::VerifierConfig;", "import each other"),
    ("host/src/config_error.rs", "use sealwire_ffi::status::Status;", "must not import sealwire_ffi"),
    ("bindings-node/src/error.rs", "use crate::verify::Held;", "import each other"),
    (
        "bindings-python/python/sealwire/_errors.py",
        "def f():\n    from sealwire import asgi",
        "import each other",
    ),
    ("bindings-node/lib/errors.js", "const { Verifier } = require('./verifier.js');", "import each other"),
)
INNOCENT = (
    (
        "core/src/keys/key.rs",
        "// use crate::policy::Policy;\n#[cfg(test)]\nmod more {\n    use crate::policy::Policy;\n}",
    ),
    ("core/src/verifier/head.rs", "use crate::wire::scheme::Scheme;"),
)


class Planted(unittest.TestCase):
    """Tests that change a file in a copy of the source code."""

    def complaints(self, file: str, line: str) -> list[str]:
        """Adds `line` to `file`, before the unit tests if there are any, and returns the reported
        messages."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for source in (
                "core/src",
                "host/src",
                "ffi-c/src",
                "bindings-python/src",
                "bindings-python/python",
            ):
                shutil.copytree(ROOT / source, root / source)
            skipped = shutil.ignore_patterns(*sources.NOT_SOURCE, "*.node")
            shutil.copytree(ROOT / "bindings-node", root / "bindings-node", ignore=skipped)
            planted = root / file
            planted.write_text(
                f"{line}\n{planted.read_text()}" if file.endswith(".js") else before_tests(planted, line)
            )
            return list(layers.complaints(root))

    def test_the_project_has_no_violations(self) -> None:
        """The unchanged project has no violations."""
        self.assertEqual(list(layers.complaints(ROOT)), [])

    def test_violations_of_the_layers_are_reported(self) -> None:
        """Each added line causes the expected message."""
        for file, line, expected in PLANTED:
            with self.subTest(file=file, line=line):
                self.assertTrue(any(expected in found for found in self.complaints(file, line)))

    def test_allowed_imports_are_not_reported(self) -> None:
        """Comments, tests and imports of lower layers are not reported."""
        for file, line in INNOCENT:
            with self.subTest(file=file, line=line):
                self.assertEqual(self.complaints(file, line), [])


def before_tests(file: Path, line: str) -> str:
    """Returns the text of a file with a line added before its unit tests, because the check ignores unit
    tests."""
    text = file.read_text()
    head, mark, tests = text.partition("#[cfg(test)]")
    return f"{head}{line}\n{mark}{tests}"


if __name__ == "__main__":
    unittest.main()

"""The paths of files and folders of the demo."""

import os
from pathlib import Path

E2E = Path(__file__).resolve().parent.parent
ROOT = E2E.parent.parent
SERVICES = E2E / "services"
VECTORS = ROOT / "tests/vectors"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

# The folder for build results and logs. The demo does not delete it.
CACHE = ROOT / ".cache/demo"
NODE = CACHE / "node"
BIN = CACHE / "bin"
RUST = CACHE / "rust/debug"
LOGS = CACHE / "logs"
REPLAY = CACHE / "replay"

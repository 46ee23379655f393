"""Where things are."""

import os
from pathlib import Path

E2E = Path(__file__).resolve().parent.parent
ROOT = E2E.parent.parent
SERVICES = E2E / "services"
VECTORS = ROOT / "tests/vectors"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

# Kept between runs, so that a warm run builds nothing; logs stay for whoever wants to read them.
CACHE = ROOT / ".cache/demo"
NODE = CACHE / "node"
BIN = CACHE / "bin"
LOGS = CACHE / "logs"
REPLAY = CACHE / "replay"

#!/usr/bin/env bash
# What becomes of secrets: nothing but a verdict may depend on them, and none may be left in memory.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_DIR=$PWD/target/secrets
cargo build --locked --quiet --release --manifest-path tests/hardening/secrets/Cargo.toml
.venv/bin/python tests/hardening/constant_time.py
.venv/bin/python tests/hardening/wipe.py

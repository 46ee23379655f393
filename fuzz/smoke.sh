#!/usr/bin/env bash
# Runs each fuzz target briefly with the stable compiler: first the seeds, then mutations of them.
# Usage: fuzz/smoke.sh [SECONDS PER TARGET]
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=$PWD/../target/fuzz-smoke
cargo build --locked --quiet --release --bin smoke
RUST_BACKTRACE=0 "$CARGO_TARGET_DIR/release/smoke" "${1:-1}"

#!/usr/bin/env bash
# Runs each fuzz target for a short time with the stable compiler. The inputs are the seeds, and then
# mutations of the seeds.
# Usage: fuzz/smoke.sh [SECONDS PER TARGET]
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=$PWD/../target/fuzz-smoke
cargo build --locked --quiet --release --bin smoke
RUST_BACKTRACE=0 "$CARGO_TARGET_DIR/release/smoke" "${1:-1}"

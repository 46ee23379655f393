#!/usr/bin/env bash
# Builds the Rust service of the boundary tests.
set -euo pipefail
cd "$(dirname "$0")/../rust-binding"

cargo build --quiet --locked --bin boundary

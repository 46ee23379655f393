#!/usr/bin/env bash
# Builds the Rust service that the catalogue is sent to.
set -euo pipefail
cd "$(dirname "$0")/../rust-binding"

cargo build --quiet --locked --bin boundary

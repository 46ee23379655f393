#!/usr/bin/env bash
# Builds the Rust service that receives the catalogue.
set -euo pipefail
cd "$(dirname "$0")/../rust-binding"

cargo build --quiet --locked --bin boundary

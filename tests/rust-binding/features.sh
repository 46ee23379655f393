#!/usr/bin/env bash
# Lints the crate with each single feature, and with all features.
set -euo pipefail
cd "$(dirname "$0")/../.."

lint() {
    cargo clippy --quiet --target-dir target/rust-binding -p sealwire --no-default-features "$@" -- -D warnings
}

lint --all-features --all-targets
lint
for feature in actix axum metrics redis reqwest testing tower tracing vault; do
    lint --features "$feature"
done

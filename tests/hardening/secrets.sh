#!/usr/bin/env bash
# Tests that the time of a call does not depend on a secret, and that secrets are wiped from memory.
# Usage: tests/hardening/secrets.sh [profiled]
# With `profiled`, core is built with profile-guided optimisation, as in a release. The compiler can create other branches in such
# a build. The search for secrets then uses the release builds of the Python and the Node package.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_DIR=$PWD/target/secrets

build() { cargo build --locked --quiet --release --manifest-path tests/hardening/secrets/Cargo.toml; }

profiled() {
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR-profiled
    local profile
    profile=$(mktemp -d)
    # shellcheck disable=SC2064 # the variable is local, so it must be expanded now
    trap "rm -r '$profile'" EXIT
    RUSTFLAGS=-Cprofile-generate=$profile build
    for _ in 1 2 3; do "$CARGO_TARGET_DIR/release/constant_time"; done
    "$(scripts/llvm-profdata)" merge -o "$profile/merged.profdata" "$profile"
    RUSTFLAGS=-Cprofile-use=$profile/merged.profdata build
    .venv/bin/python tests/hardening/constant_time.py
    .venv/bin/python tests/hardening/wipe.py released
}

case ${1:-} in
profiled) profiled ;;
*)
    build
    .venv/bin/python tests/hardening/constant_time.py
    .venv/bin/python tests/hardening/wipe.py
    ;;
esac

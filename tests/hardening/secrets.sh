#!/usr/bin/env bash
# What becomes of secrets: nothing but a verdict may depend on them, and none may be left in memory.
# Usage: tests/hardening/secrets.sh [profiled]   Profiled, core is built with a profile, as in what is released: a compiler
# that knows which way a choice nearly always goes may make a branch of it, and then time tells which way it went.
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_DIR=$PWD/target/secrets

build() { cargo build --locked --quiet --release --manifest-path tests/hardening/secrets/Cargo.toml; }

profiled() {
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR-profiled
    local profile
    profile=$(mktemp -d)
    # shellcheck disable=SC2064 # now, not then: it is gone by then
    trap "rm -r '$profile'" EXIT
    RUSTFLAGS=-Cprofile-generate=$profile build
    for _ in 1 2 3; do "$CARGO_TARGET_DIR/release/constant_time"; done
    "$(scripts/llvm-profdata)" merge -o "$profile/merged.profdata" "$profile"
    RUSTFLAGS=-Cprofile-use=$profile/merged.profdata build
    .venv/bin/python tests/hardening/constant_time.py
}

case ${1:-} in
profiled) profiled ;;
*)
    build
    .venv/bin/python tests/hardening/constant_time.py
    .venv/bin/python tests/hardening/wipe.py
    ;;
esac

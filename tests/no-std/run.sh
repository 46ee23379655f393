#!/usr/bin/env bash
# Tests that core does not need std. A static library with a separate panic handler contains core, and a C program calls it. The
# library may have no undefined symbols except the memory functions of C. Also tests that an added `extern crate std` is detected.
set -euo pipefail
cd "$(dirname "$0")"

die() {
    printf 'no-std: %s\n' "$*" >&2
    exit 1
}

probe=sealwire_no_std_probe
library=target/release/libsealwire_no_std.a
# According to its documentation, Rust's `core` crate requires these functions from the platform.
allowed='memcpy|memmove|memset|memcmp|bcmp|strlen'

# Prints the undefined symbols. A partial link removes the unused functions of the prebuilt `core` crate.
undefined() {
    ld -r --gc-sections --entry "$probe" --undefined "$probe" "$library" -o target/probe.o
    nm --undefined-only target/probe.o | awk '{ print $2 }' | sort -u
}

prove() { # prove FEATURES
    cargo build --quiet --release --features "$1"
    local left
    left=$(undefined | grep -Evx "$allowed" || true)
    [ -z "$left" ] || die "with features '$1' core has undefined symbols: $left"
    cc -std=c99 -Wall -Wextra -Werror main.c "$library" -o target/probe
    ./target/probe || die "with features '$1' step $? of the probe failed"
    printf 'links and runs without std, features: %s\n' "${1:-none}"
}

added_std_is_detected() {
    local output
    if output=$(cargo build --release --features planted-std 2>&1); then
        die "an added 'extern crate std' was not detected"
    fi
    grep -q E0152 <<<"$output" || die "an added 'extern crate std' failed without E0152: $output"
    printf "an added 'extern crate std' is detected: %s\n" "$(grep -m 1 E0152 <<<"$output")"
}

cp ../../Cargo.lock . # the versions of the release
prove ''
prove alloc
added_std_is_detected

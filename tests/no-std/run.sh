#!/usr/bin/env bash
# Proves that core needs no std: a static library with its own panic handler links it, a C program runs it, nothing
# but the memory functions of C is left undefined, and a planted `extern crate std` makes the proof fail.
set -euo pipefail
cd "$(dirname "$0")"

die() {
    printf 'no-std: %s\n' "$*" >&2
    exit 1
}

probe=sealwire_no_std_probe
library=target/release/libsealwire_no_std.a
# Rust without std expects these of its platform (the `core` crate's documentation says so).
allowed='memcpy|memmove|memset|memcmp|bcmp|strlen'

# What the probe reaches and the library does not hold. A partial link drops the unreached parts of the prebuilt `core`.
undefined() {
    ld -r --gc-sections --entry "$probe" --undefined "$probe" "$library" -o target/probe.o
    nm --undefined-only target/probe.o | awk '{ print $2 }' | sort -u
}

prove() { # prove FEATURES
    cargo build --quiet --release --features "$1"
    local left
    left=$(undefined | grep -Evx "$allowed" || true)
    [ -z "$left" ] || die "with features '$1' core leaves undefined: $left"
    cc -std=c99 -Wall -Wextra -Werror main.c "$library" -o target/probe
    ./target/probe || die "with features '$1' step $? of the probe comes out wrong"
    printf 'links and runs without std, features: %s\n' "${1:-none}"
}

see_it_fail() {
    local output
    if output=$(cargo build --release --features planted-std 2>&1); then
        die "a planted 'extern crate std' went unnoticed"
    fi
    grep -q E0152 <<<"$output" || die "a planted 'extern crate std' failed, but not with E0152: $output"
    printf "a planted 'extern crate std' is refused: %s\n" "$(grep -m 1 E0152 <<<"$output")"
}

cp ../../Cargo.lock . # the versions that ship, not the newest
prove ''
prove alloc
see_it_fail

#!/usr/bin/env bash
# Fuzzes verification through the C API, with libFuzzer and AddressSanitizer in C and Rust. Requires clang
# and its runtime (Debian: clang, libclang-rt-14-dev).
# Usage: ffi-c/tests/fuzz.sh [SECONDS-EACH]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
target=${CARGO_TARGET_DIR:-$PWD/target}
out=$target/fuzz-c
host=$(rustc -vV | sed -n 's/^host: //p')

# The compiler flags for libFuzzer. They are unstable, so RUSTC_BOOTSTRAP is set. Releases are not built with it.
coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares'
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address $coverage" cargo rustc --quiet -p sealwire-ffi --lib --crate-type staticlib \
    --target "$host" --target-dir "$out" --config 'profile.dev.opt-level=2'

python3 tests/abi/fuzz_seeds.py "$out/seeds"
for name in verify token; do
    mkdir -p "$out/corpus/$name"
    clang -std=c11 -g -O1 -fsanitize=fuzzer,address -Iinclude "tests/abi/fuzz_$name.c" \
        "$out/$host/debug/libsealwire.a" -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$out/fuzz_$name"
    "$out/fuzz_$name" -max_total_time="$seconds" -timeout=5 -print_final_stats=1 -artifact_prefix="$out/$name-" \
        "$out/corpus/$name" "$out/seeds/$name" 2>"$out/$name.log" || { tail -40 "$out/$name.log" >&2 && exit 1; }
    awk -v name="$name" '/number_of_executed_units/ { units = $2 } /^#.* cov: / { cov = $0 }
        END { sub(/.*cov: /, "", cov); print "fuzz " name ": " units " executions, coverage " cov }' "$out/$name.log"
done

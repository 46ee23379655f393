#!/bin/sh
# Builds the C runner with the static library and the committed header. Prints only errors.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
out=$target/conformance-c

cd "$root"
cargo build --quiet --package sealwire-ffi
mkdir -p "$out"
# A static link requires the system libraries that the standard library of Rust uses.
"${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -O1 -g -I"$root/include" \
  "$here"/*.c "$target/debug/libsealwire.a" -lcjson -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$out/runner"

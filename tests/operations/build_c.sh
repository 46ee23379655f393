#!/bin/sh
# Builds the C service of the demo as .cache/operations/c_service, with the static library and the committed header.
set -eu
cd "$(dirname "$0")/../.."
cargo build --release --quiet --package sealwire-ffi
mkdir -p .cache/operations
services=tests/e2e/services/c
"${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -O2 -Iinclude \
    $services/server.c $services/http_service.c $services/common.c -o .cache/operations/c_service \
    "${CARGO_TARGET_DIR:-target}/release/libsealwire.a" -lmicrohttpd -lgcc_s -lutil -lrt -lpthread -lm -ldl

#!/bin/sh
# Builds .cache/clients/libcurl_client with the static library and the committed header.
set -eu
cd "$(dirname "$0")/../../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --quiet --package sealwire-ffi
mkdir -p .cache/clients
# shellcheck disable=SC2046 # the output of pkg-config must be split into flags
"${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -O1 -g -Iinclude tests/clients/c/libcurl_client.c \
    "$target/debug/libsealwire.a" -lcjson $(pkg-config --cflags --libs libcurl) -lgcc_s -lutil -lrt -lpthread -lm -ldl \
    -o .cache/clients/libcurl_client

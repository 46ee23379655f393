#!/bin/sh
# Builds the libcurl client at .cache/clients/libcurl_client, against the static library and the committed header.
set -eu
cd "$(dirname "$0")/../../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --quiet --package sealwire-ffi
mkdir -p .cache/clients
# shellcheck disable=SC2046 # flags, split on purpose
"${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -O1 -g -Iinclude tests/clients/c/libcurl_client.c \
    "$target/debug/libsealwire.a" -lcjson $(pkg-config --cflags --libs libcurl) -lgcc_s -lutil -lrt -lpthread -lm -ldl \
    -o .cache/clients/libcurl_client

#!/usr/bin/env bash
# Builds the C service of the boundary tests in .cache/boundary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cargo build --release --quiet -p sealwire-ffi
mkdir -p .cache/boundary
cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 -Iinclude tests/boundary/c_service.c \
    tests/e2e/services/c/common.c tests/e2e/services/c/http_service.c -o .cache/boundary/c_service \
    target/release/libsealwire.a -lmicrohttpd -lgcc_s -lutil -lrt -lpthread -lm -ldl

#!/bin/sh
# Tests all interleavings of concurrent claims with up to LOOM_MAX_PREEMPTIONS preemptions. The default value 3 is enough to find
# all known kinds of races within seconds. An empty value removes the limit.
set -eu
cd "$(dirname "$0")"
: "${LOOM_MAX_PREEMPTIONS=3}"
export LOOM_MAX_PREEMPTIONS
[ -n "$LOOM_MAX_PREEMPTIONS" ] || unset LOOM_MAX_PREEMPTIONS
RUSTFLAGS="--cfg loom" exec cargo test --locked --release --quiet --target-dir "${LOOM_TARGET_DIR:-../../target/loom}" "$@"

#!/bin/sh
# Walks the interleavings of racing claims. LOOM_MAX_PREEMPTIONS bounds how often a thread is interrupted against its
# will: 3 finds every known kind of race here and ends in seconds; set it empty for all of them.
set -eu
cd "$(dirname "$0")"
: "${LOOM_MAX_PREEMPTIONS=3}"
export LOOM_MAX_PREEMPTIONS
[ -n "$LOOM_MAX_PREEMPTIONS" ] || unset LOOM_MAX_PREEMPTIONS
RUSTFLAGS="--cfg loom" exec cargo test --locked --release --quiet --target-dir "${LOOM_TARGET_DIR:-../../target/loom}" "$@"

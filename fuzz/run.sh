#!/usr/bin/env bash
# Runs each fuzz target with libFuzzer and coverage feedback. The seeds are created from the test vectors.
# Usage: fuzz/run.sh [SECONDS PER TARGET] [TARGET...]      Needs: cargo install --locked cargo-fuzz
# The run stops at the first finding, which is stored in fuzz/artifacts. New inputs are stored in fuzz/corpus.
# If all targets are run, the results are written to tests/hardening/records.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=$PWD/../target/fuzz RUSTC_BOOTSTRAP=1 # the stable compiler then accepts sanitizers
cargo fuzz --version >/dev/null || { echo 'Install it with: cargo install --locked cargo-fuzz' >&2; exit 1; }

seconds=${1:-300}
targets=("${@:2}")
[ "${#targets[@]}" -gt 0 ] || mapfile -t targets < <(cargo fuzz list --fuzz-dir . | grep -v '^smoke$')

cargo run --quiet --release --bin smoke -- seeds corpus
cargo fuzz build --fuzz-dir . --features libfuzzer
rows=()
for target in "${targets[@]}"; do
    log=$(mktemp)
    cargo fuzz run --fuzz-dir . --features libfuzzer "$target" -- -max_total_time="$seconds" -timeout=5 -rss_limit_mb=512 \
        -max_len=4096 -print_final_stats=1 2>"$log" || { tail -n 40 "$log" >&2; exit 1; }
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9)
    memory=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
    printf '    fuzz: %s: %s inputs in %s s, %s edges, at most %s MiB, no finding\n' "$target" "$runs" "$seconds" "$covered" "$memory"
    rows+=("{\"target\": \"$target\", \"inputs\": $runs, \"seconds\": $seconds, \"edges\": $covered}")
    rm -f "$log"
done
[ "$#" -gt 1 ] || printf '%s\n' "${rows[@]}" | paste -sd, | sed 's/^/[/; s/$/]/' >../tests/hardening/records/fuzz.json

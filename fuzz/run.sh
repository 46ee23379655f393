#!/usr/bin/env bash
# The long run: libFuzzer with its coverage map, every target in turn, seeded from the vectors.
# Usage: fuzz/run.sh [SECONDS PER TARGET] [TARGET...]      Needs: cargo install --locked cargo-fuzz
# A finding stops the run and stays in fuzz/artifacts; corpora grow in fuzz/corpus. A full run is recorded in tests/hardening/records.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=$PWD/../target/fuzz RUSTC_BOOTSTRAP=1 # the stable compiler takes the sanitizers' flags with it
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
    printf '    fuzz: %s: %s inputs in %s s, %s edges, %s MiB at most, no finding\n' "$target" "$runs" "$seconds" "$covered" "$memory"
    rows+=("{\"target\": \"$target\", \"inputs\": $runs, \"seconds\": $seconds, \"edges\": $covered}")
    rm -f "$log"
done
[ "$#" -gt 1 ] || printf '%s\n' "${rows[@]}" | paste -sd, | sed 's/^/[/; s/$/]/' >../tests/hardening/records/fuzz.json

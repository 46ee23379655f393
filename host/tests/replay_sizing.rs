//! Tests that the sizing table in docs/replay.md matches the code.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::replay::{memory_bytes, slots_for};
use std::path::Path;

/// The maximum lifetimes of a nonce in seconds: 300 + 5 by default, and 300 + 300 for `client`.
const WINDOWS_S: [u32; 2] = [305, 600];
const REQUESTS_PER_SECOND: [u32; 5] = [10, 100, 1_000, 10_000, 50_000];

fn row(requests_per_second: u32) -> String {
    let cells = WINDOWS_S.map(|window_s| {
        let slots = slots_for(requests_per_second, window_s);
        format!("{} | {}", grouped(slots), memory(memory_bytes(slots)))
    });
    format!("| {} | {} |", grouped(requests_per_second as usize), cells.join(" | "))
}

fn memory(bytes: usize) -> String {
    match bytes.div_ceil(1024) {
        kib @ ..1024 => format!("{kib} KiB"),
        kib => format!("{} MiB", kib.div_ceil(1024)),
    }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[test]
fn the_documented_sizes_match_the_computed_sizes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/replay.md");
    let document = std::fs::read_to_string(path).unwrap();
    for row in REQUESTS_PER_SECOND.map(row) {
        assert!(document.contains(&row), "docs/replay.md needs the row\n{row}");
    }
}

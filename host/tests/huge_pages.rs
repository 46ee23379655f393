//! Tests the memory mapping of a large table. There is only one test in this file, because other tests in the
//! same process would affect the memory usage that it measures.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::replay::memory_bytes;
use sealwire_host::ProcessTable;
use std::path::Path;

const HUGE_PAGE: usize = 2 << 20;
/// The number of slots. The resulting table size is not a multiple of the huge-page size.
const SLOTS: usize = 4_000_000;

#[test]
fn a_large_table_requests_huge_pages_and_allocates_its_memory_at_creation() {
    let before = resident_bytes();
    let table = ProcessTable::new(SLOTS, [7; 16], 0).unwrap();
    let taken = resident_bytes() - before;
    assert!(taken >= memory_bytes(SLOTS), "{taken} bytes: a claim would have to wait for the rest");
    // If the kernel provides huge pages automatically, the table may occupy only a part of the last huge
    // page.
    assert!(taken <= memory_bytes(SLOTS) + HUGE_PAGE, "{taken} bytes");
    if Path::new("/sys/kernel/mm/transparent_hugepage").exists() {
        let whole = memory_bytes(SLOTS) / HUGE_PAGE * HUGE_PAGE;
        assert_eq!(
            asked_for_huge_pages(),
            [(0, whole)],
            "from a huge page's beginning, as many as are filled"
        );
    }
    drop(table);
    assert!(resident_bytes() < before + HUGE_PAGE, "the memory is given back");
}

fn resident_bytes() -> usize {
    // The values in `status` and `statm` are imprecise on machines with many processors.
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Rss:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
}

/// Returns the mappings for which huge pages were requested: the distance of each mapping's start from a
/// huge-page boundary, and its length.
fn asked_for_huge_pages() -> Vec<(usize, usize)> {
    let mut range = (0, 0);
    let mut asked = Vec::new();
    for line in std::fs::read_to_string("/proc/self/smaps").unwrap().lines() {
        if let Some(flags) = line.strip_prefix("VmFlags:") {
            asked.extend(flags.split(' ').any(|flag| flag == "hg").then_some(range));
        } else if let Some((from, to)) = line.split(' ').next().and_then(|it| it.split_once('-')) {
            let address = |hex| usize::from_str_radix(hex, 16).unwrap();
            range = (address(from) % HUGE_PAGE, address(to) - address(from));
        }
    }
    asked
}

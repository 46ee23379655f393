//! Measures the speed of the physical processor core.
//!
//! On a virtual machine, another program may run on the same physical core for seconds or minutes. Code that
//! is limited by instruction throughput then takes more than 1.5 times as long. Hashing is limited by latency
//! and takes the same time. Therefore, a fixed workload that saturates the core is measured before and after
//! each round. `benches/pace.py` evaluates the result for all languages.

use crate::harness::Started;
use std::hint::black_box;

/// The number of steps of the fixed workload, which take about 50 microseconds.
const STEPS: u64 = 40_000;

/// Runs the fixed workload on this number of threads and returns the time in nanoseconds of the slowest
/// thread.
pub fn pace(threads: usize) -> f64 {
    if threads == 1 {
        return fill_core();
    }
    std::thread::scope(|scope| {
        let spawned: Vec<_> = (0..threads).map(|_| scope.spawn(fill_core)).collect();
        spawned.into_iter().map(|thread| thread.join().unwrap()).fold(0.0, f64::max)
    })
}

/// Runs the fixed workload and returns its time in nanoseconds. The workload consists of eight independent
/// chains, which saturate the execution units of the core.
fn fill_core() -> f64 {
    let start = Started::now();
    let mut chains = black_box([1_u64, 2, 3, 4, 5, 6, 7, 8]);
    for step in 0..STEPS {
        for chain in &mut chains {
            *chain = chain.wrapping_add(step) ^ (*chain >> 3);
        }
    }
    black_box(chains);
    start.nanoseconds()
}

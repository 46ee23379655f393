//! How much of a physical core there is.
//!
//! On a rented machine another's program may run on the same physical core, for seconds to minutes. Whatever is bound by how
//! many instructions the core gets through then takes half as long again and more; a hash, which waits for itself, takes the
//! same. So a fixed piece of work that does nothing but fill the core is timed before and after every round. What is
//! done about it is decided in one place for all languages: `benches/pace.py`.

use crate::harness::Started;
use std::hint::black_box;

/// Steps of eight chains: some fifty microseconds.
const STEPS: u64 = 40_000;

/// Nanoseconds the fixed work takes, on as many threads at once; the slowest counts.
pub fn pace(threads: usize) -> f64 {
    if threads == 1 {
        return fill_core();
    }
    std::thread::scope(|scope| {
        let spawned: Vec<_> = (0..threads).map(|_| scope.spawn(fill_core)).collect();
        spawned.into_iter().map(|thread| thread.join().unwrap()).fold(0.0, f64::max)
    })
}

/// Eight chains that do not wait for one another: as many instructions at once as the core has room for.
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

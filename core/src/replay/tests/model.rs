//! Compares the table with a map that evicts no entries. The claims are random, and the clock advances.

use super::{NOW, entry, heap};
use crate::replay::store::{Outcome, ReplayStore as _};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_assert_ne, proptest};
use std::collections::HashMap;

/// Generates a random claim: the number of the nonce, its lifetime, and the time since the previous claim,
/// with both times in seconds.
fn step() -> impl Strategy<Value = (u64, u64, u64)> {
    (0u64..60, 1u64..40, 0u64..3)
}

proptest! {
    #[test]
    fn only_live_nonces_are_seen(
        steps in proptest::collection::vec(step(), 1..400), buckets in 1usize..5, start in any::<u32>(),
    ) {
        let table = heap(buckets * 8);
        let mut live = HashMap::new();
        let mut now_s = u64::from(start);
        for (number, lifetime, pause) in steps {
            now_s += pause;
            live.retain(|_, expires_s| *expires_s > now_s);
            let (entry, expires_s) = (entry(&table, number), now_s + lifetime);
            let outcome = table.claim(&entry, expires_s, now_s);
            prop_assert_eq!(outcome == Outcome::Seen, live.contains_key(&number));
            prop_assert_ne!(outcome, Outcome::Unavailable);
            if outcome == Outcome::First {
                live.insert(number, expires_s);
            }
            prop_assert!(live.keys().all(|held| table.seen(&super::entry(&table, *held), now_s)));
            prop_assert_eq!(table.fill(now_s).live, live.len());
        }
    }

    #[test]
    fn no_time_or_expiry_causes_a_panic_or_accepts_a_claimed_nonce(
        expires_s in any::<u64>(), now_s in any::<u64>(), other in any::<u64>(),
    ) {
        let table = heap(8);
        let held = entry(&table, 1);
        let _any = table.claim(&entry(&table, 2), expires_s, now_s);
        let _any = table.claim(&entry(&table, 3), other, now_s);
        if table.claim(&held, NOW + 300, NOW) == Outcome::First {
            prop_assert_eq!(table.claim(&held, NOW + 300, NOW), Outcome::Seen);
        }
    }
}

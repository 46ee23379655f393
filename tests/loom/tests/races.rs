//! Tests in which several threads claim the same nonce at the same time.

use sealwire_core::replay::Outcome;
use sealwire_loom::{EXPIRES, NOW, Shared, passed};

#[test]
fn one_of_two_equal_claims_is_accepted() {
    loom::model(|| {
        let shared = Shared::new(1);
        assert_eq!(passed([shared.race(1, EXPIRES, NOW), shared.race(1, EXPIRES, NOW)]), 1);
        assert_eq!(shared.claim(1, EXPIRES, NOW), Outcome::Seen);
    });
}

/// The bucket contains an entry that has expired according to the second claim's clock, but not according to
/// the first claim's. The first claim therefore finds one free slot, and the second finds two. They use
/// different slots, so no compare-and-swap fails.
#[test]
fn one_of_two_equal_claims_in_different_slots_is_accepted() {
    loom::model(|| {
        let shared = Shared::new(1);
        assert_eq!(shared.claim(9, NOW, NOW - 1), Outcome::First);
        let racing = [shared.race(1, EXPIRES, NOW - 1), shared.race(1, EXPIRES, NOW)];
        assert_eq!(passed(racing), 1);
        assert!(shared.seen(1, NOW));
        assert_eq!(shared.claim(1, EXPIRES, NOW), Outcome::Seen);
    });
}

/// For the claim with the older clock, one of the four slots is still in use, so this claim selects the other
/// bucket.
#[test]
fn one_of_two_equal_claims_in_different_buckets_is_accepted() {
    loom::model(|| {
        let shared = Shared::new(2);
        assert_eq!(shared.claim(1, NOW, NOW - 1), Outcome::First);
        let other = (2..).find(|nonce| shared.entry(*nonce).buckets() == shared.entry(1).buckets());
        let other = other.expect("half of the nonces");
        let racing = [shared.race(other, EXPIRES, NOW - 1), shared.race(other, EXPIRES, NOW)];
        assert_eq!(passed(racing), 1);
        assert_eq!(shared.claim(other, EXPIRES, NOW), Outcome::Seen);
    });
}

/// Both claims can use the higher slot: the second claim reuses it after the first claim was outranked.
#[test]
fn one_of_three_equal_claims_is_accepted() {
    for clocks in [[NOW - 1, NOW - 1, NOW], [NOW - 1, NOW, NOW]] {
        loom::model(move || {
            let shared = Shared::new(1);
            assert_eq!(shared.claim(9, NOW, NOW - 1), Outcome::First);
            assert_eq!(passed(clocks.map(|now_s| shared.race(1, EXPIRES, now_s))), 1);
            assert_eq!(shared.claim(1, EXPIRES, NOW), Outcome::Seen);
        });
    }
}

//! Tests with expiring claims, full buckets and killed processes.

use sealwire_core::replay::Outcome;
use sealwire_loom::{EXPIRES, NOW, Shared, passed};

/// One thread, whose clock is behind, claims an expired nonce again, while another thread reuses the slot of that nonce.
#[test]
fn a_claim_does_not_pass_again_while_its_entry_expires() {
    loom::model(|| {
        let shared = Shared::new(1);
        assert_eq!(shared.claim(1, NOW, NOW - 1), Outcome::First);
        let replay = shared.race(1, NOW, NOW - 1);
        let other = shared.race(2, EXPIRES, NOW);
        assert_eq!(passed([replay]), 0);
        assert_eq!(passed([other]), 1);
    });
}

/// The slot of a claim can be reused by another claim before the first claim is confirmed.
#[test]
fn at_most_one_of_two_equal_claims_whose_slots_expire_is_accepted() {
    loom::model(|| {
        let shared = Shared::new(1);
        let racing = [shared.race(1, NOW, NOW - 1), shared.race(1, NOW, NOW - 1)];
        let other = shared.race(2, EXPIRES, NOW);
        assert!(passed(racing) <= 1);
        assert_eq!(passed([other]), 1);
    });
}

#[test]
fn different_claims_never_share_a_slot() {
    loom::model(|| {
        let shared = Shared::new(1);
        assert_eq!(shared.claim(9, EXPIRES, NOW), Outcome::First);
        assert_eq!(passed([shared.race(1, EXPIRES, NOW), shared.race(2, EXPIRES, NOW)]), 1);
        assert_eq!(shared.claim(3, EXPIRES, NOW), Outcome::Full);
        assert!(shared.seen(9, NOW));
    });
}

#[test]
fn a_full_bucket_rejects_claims_and_evicts_no_entry() {
    loom::model(|| {
        let shared = Shared::new(1);
        assert_eq!(shared.claim(8, EXPIRES, NOW), Outcome::First);
        assert_eq!(shared.claim(9, EXPIRES, NOW), Outcome::First);
        assert_eq!(passed([shared.race(1, EXPIRES, NOW), shared.race(1, EXPIRES, NOW)]), 0);
        assert!(shared.seen(8, NOW) && shared.seen(9, NOW));
    });
}

/// A process is killed after it has written a tentative claim and before it has confirmed it. Afterwards, at
/// most one claim of the same nonce may be accepted.
#[test]
fn after_a_killed_claim_the_nonce_is_accepted_at_most_once() {
    for slot in [0, 1] {
        loom::model(move || {
            let shared = Shared::new(1);
            let dying = {
                let shared = shared.clone();
                loom::thread::spawn(move || shared.place_and_die(slot, 1, EXPIRES))
            };
            let first = passed([shared.race(1, EXPIRES, NOW)]);
            let placed = dying.join().expect("dies quietly");
            assert!(placed || first == 1);
            assert_eq!(shared.claim(1, EXPIRES, NOW), Outcome::Seen);
            assert_eq!(shared.claim(1, EXPIRES + 300, EXPIRES), Outcome::First);
            assert_eq!(shared.claim(2, EXPIRES + 300, EXPIRES), Outcome::First);
        });
    }
}

/// Two threads claim the same nonce, and a third thread is killed while claiming it.
#[test]
fn two_equal_claims_after_a_killed_one_are_never_both_accepted() {
    for slot in [0, 1] {
        loom::model(move || {
            let shared = Shared::new(2);
            let dying = {
                let shared = shared.clone();
                loom::thread::spawn(move || shared.place_and_die(slot, 1, EXPIRES))
            };
            assert!(passed([shared.race(1, EXPIRES, NOW), shared.race(1, EXPIRES, NOW)]) <= 1);
            dying.join().expect("dies quietly");
            assert_eq!(shared.claim(1, EXPIRES, NOW), Outcome::Seen);
        });
    }
}

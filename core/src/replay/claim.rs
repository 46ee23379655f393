//! The algorithm that claims a nonce in the table.
//!
//! 1. Read both buckets of the nonce. If one of them contains a live claim of the same nonce, the result is
//!    [`Outcome::Seen`].
//! 2. Place the claim. A compare-and-swap stores a tentative claim in a free or expired slot.
//! 3. Read both buckets again, to find equal claims that were placed in the meantime. A confirmed claim wins.
//!    Among tentative claims, the claim in the lowest slot wins. The winner marks the other claims as
//!    outranked, and their owners remove them.
//! 4. Confirm the claim. A second compare-and-swap marks the claim as confirmed. The swap fails if the claim
//!    was outranked.
//!
//! At most one of two equal claims A and B is accepted. Assume that B is placed after A. Then B reads both
//! buckets after both claims are placed, so B finds A. If A is confirmed or is in a lower slot, B withdraws.
//! If A is in a higher slot, B marks A as outranked, and the confirmation of A fails. If A was confirmed just
//! before, B withdraws.
//!
//! At least one of several equal claims is accepted. A claim withdraws only if another claim is confirmed or
//! is in a lower slot. One of the claims is in the lowest slot, so it withdraws only if another claim is
//! confirmed. No claim waits for another claim, so a process that is stopped or killed does not block other
//! processes. The tentative claim of a killed process stays in the table until it expires, which is safe.
//!
//! A tentative or outranked slot is released only by the owner of the claim, so such a slot contains the same
//! claim when it is read again. The exception is a slot that expired and was reused. Before a claim reuses an
//! expired slot, it updates a record of the latest expiry time of all removed entries. In its last step, each
//! claim reads this record and is rejected unless its own expiry time is later. This step also rejects claims
//! with an outdated `now_s`, and claims made after the clock was set back.

use super::atomic::{SeqCst, order_place_before_look};
use super::bits::Slot;
use super::bucket::{BUCKET_SLOTS, Bucket, Snapshot, Words};
use super::nonce::Entry;
use super::store::{MAX_LIFETIME_SECONDS, Outcome};

/// The maximum number of attempts to place a claim. After that, the result is [`Outcome::Full`]. An attempt
/// fails only if another claim changed the same slot.
const PLACE_ATTEMPTS: usize = 64;

pub(super) struct Claim<'t> {
    words: Words<'t>,
    entry: &'t Entry,
    expires_s: u64,
    now_s: u64,
}

/// The slot that contains the claim.
struct Place<'t> {
    bucket: &'t Bucket,
    /// The index of the bucket, and the index of the slot in the bucket. If two claims are equal, the claim
    /// with the lower rank wins.
    rank: (usize, usize),
    value: Slot,
}

impl<'t> Claim<'t> {
    #[inline]
    pub(super) const fn new(words: Words<'t>, entry: &'t Entry, expires_s: u64, now_s: u64) -> Self {
        Self { words, entry, expires_s, now_s }
    }

    #[inline]
    pub(super) fn run(&self) -> Outcome {
        if self.expires_s <= self.now_s {
            return Outcome::Expired;
        }
        if self.expires_s - self.now_s > MAX_LIFETIME_SECONDS {
            return Outcome::Unavailable;
        }
        match self.place() {
            Ok(place) => self.decide(&place),
            Err(outcome) => outcome,
        }
    }

    /// Performs steps 1 and 2 of the algorithm.
    #[inline]
    fn place(&self) -> Result<Place<'t>, Outcome> {
        for _ in 0..PLACE_ATTEMPTS {
            let (number, bucket, slot, found) = self.choose()?;
            let value = Slot::tentative(self.entry.fingerprint, self.expires_s);
            if found != Slot::FREE {
                self.words.note_forgotten(found.expired_at(self.now_s));
            }
            if swap(bucket, slot, found, value).is_ok() {
                return Ok(Place { bucket, rank: (number, slot), value });
            }
        }
        Err(Outcome::Full)
    }

    /// Performs step 1 and selects the slot for step 2. The selected slot is the lowest vacant slot of the
    /// bucket with fewer live entries.
    #[inline]
    fn choose(&self) -> Result<(usize, &'t Bucket, usize, Slot), Outcome> {
        let Entry { first, second, fingerprint } = *self.entry;
        let (Some(one), Some(two)) = (self.words.bucket(first), self.words.bucket(second)) else {
            return Err(Outcome::Unavailable); // the position was computed for a larger table
        };
        let (in_one, in_two) = (Snapshot::of(one), Snapshot::of(two));
        let claiming = |found: &Snapshot| found.claiming(fingerprint, self.now_s);
        if claiming(&in_one) | claiming(&in_two) != 0 {
            return Err(Outcome::Seen);
        }
        let (live_one, live_two) = (in_one.live(self.now_s), in_two.live(self.now_s));
        let (number, bucket, snapshot, live) = if live_two.count_ones() < live_one.count_ones() {
            (second, two, &in_two, live_two)
        } else {
            (first, one, &in_one, live_one)
        };
        let slot = live.trailing_ones() as usize;
        let found = snapshot.get(slot).ok_or(Outcome::Full)?;
        Ok((number, bucket, slot, found))
    }

    /// Performs steps 3 and 4 of the algorithm.
    #[inline]
    fn decide(&self, place: &Place<'_>) -> Outcome {
        order_place_before_look();
        let stays =
            [self.entry.first, self.entry.second].into_iter().all(|number| self.outlasts(place, number));
        if !stays || place.swap(place.value, place.value.confirmed()).is_err() {
            place.give_back();
            return Outcome::Seen;
        }
        if self.expires_s <= self.words.forgotten_s.load(SeqCst) {
            return Outcome::Unavailable; // the claim stays in the table until it expires
        }
        Outcome::First
    }

    /// Performs step 3 in one bucket. Returns `false` if this claim must withdraw because of an equal claim
    /// in the bucket.
    #[inline]
    fn outlasts(&self, place: &Place<'_>, number: usize) -> bool {
        let Some(bucket) = self.words.bucket(number) else { return true };
        let snapshot = Snapshot::of(bucket);
        let own = if number == place.rank.0 { 1 << place.rank.1 } else { 0 };
        let others = snapshot.of_fingerprint(self.entry.fingerprint) & !own;
        others == 0 || self.outranks(place, number, bucket, &snapshot, others)
    }

    /// Compares this claim with the equal claims in a bucket. This function is only called if equal claims
    /// race, or if the bucket contains an expired equal claim.
    #[cold]
    fn outranks(
        &self,
        place: &Place<'_>,
        number: usize,
        bucket: &Bucket,
        found: &Snapshot,
        others: u8,
    ) -> bool {
        let others = others & found.claiming(self.entry.fingerprint, self.now_s);
        (0..BUCKET_SLOTS).filter(|slot| others >> slot & 1 == 1).all(|slot| {
            let other = found.get(slot).unwrap_or(Slot::FREE);
            let higher = (number, slot) > place.rank;
            // If the swap fails, the bucket is not read again. The slot now contains a confirmed claim, which
            // `passed` detects, or a claim that was placed later and that withdraws when it reads this
            // bucket.
            higher
                && !other.is_confirmed()
                && !passed(swap(bucket, slot, other, other.outranked()), self.entry)
        })
    }
}

impl Place<'_> {
    #[inline]
    fn swap(&self, from: Slot, to: Slot) -> Result<(), Slot> {
        swap(self.bucket, self.rank.1, from, to)
    }

    /// Releases the slot if it is tentative or outranked. Has no effect if the slot expired and was reused.
    #[cold]
    fn give_back(&self) {
        if self.swap(self.value, Slot::FREE).is_err() {
            let _taken_by_another = self.swap(self.value.outranked(), Slot::FREE);
        }
    }
}

/// Returns `true` if the swap failed because the slot contains an equal, confirmed claim.
fn passed(swapped: Result<(), Slot>, entry: &Entry) -> bool {
    swapped.is_err_and(|found| found.claims(entry.fingerprint) && found.is_confirmed())
}

#[inline]
fn swap(bucket: &Bucket, slot: usize, from: Slot, to: Slot) -> Result<(), Slot> {
    debug_assert!(slot < BUCKET_SLOTS, "the slot index comes from a scan of one bucket");
    let Some(word) = bucket.get(slot) else { return Err(Slot::FREE) };
    word.compare_exchange(from.0, to.0, SeqCst, SeqCst).map(drop).map_err(Slot)
}

//! The layout of a 64-bit slot. A slot contains 35 bits of the fingerprint, 27 bits of the expiry time and 2
//! bits of the state. The value of a free slot is 0.

use super::nonce::FINGERPRINT_BITS;
use super::store::MAX_LIFETIME_SECONDS;

const EXPIRY_BITS: u32 = 27;
const STATE_BITS: u32 = 2;

const FINGERPRINT_SHIFT: u32 = EXPIRY_BITS + STATE_BITS;
const EXPIRY_MASK: u64 = (1 << EXPIRY_BITS) - 1;
const STATE_MASK: u64 = (1 << STATE_BITS) - 1;
/// Half of the range of expiry times, in seconds. Expiry times are stored modulo the range. A stored time
/// that is at most half of the range ahead of the current time is in the future, and any other stored time
/// is in the past. Lifetimes are much shorter than half of the range, so entries stay live even if the clock
/// is set back.
const HALF_RANGE_S: u64 = 1 << (EXPIRY_BITS - 1);
/// The position of the lowest expiry bit after the fingerprint has been shifted out.
const EXPIRY_TOP: u32 = u64::BITS - EXPIRY_BITS;
const _: () = assert!(MAX_LIFETIME_SECONDS < HALF_RANGE_S);
const _: () = assert!(FINGERPRINT_BITS + EXPIRY_BITS + STATE_BITS == u64::BITS);

/// The claim is in the table, but has not been accepted or rejected yet.
const TENTATIVE: u64 = 0b01;
/// The claim lost against an equal claim. Only the owner of the claim releases the slot. If the slot were
/// released immediately, another claim could reuse it, and the owner would confirm that claim by mistake.
const OUTRANKED: u64 = 0b10;
/// The claim was accepted.
const CONFIRMED: u64 = 0b11;

/// A copy of a slot's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(pub(super) u64);

impl Slot {
    pub(super) const FREE: Self = Self(0);

    #[inline]
    pub(super) const fn tentative(fingerprint: u64, expires_s: u64) -> Self {
        Self(fingerprint << FINGERPRINT_SHIFT | (expires_s & EXPIRY_MASK) << STATE_BITS | TENTATIVE)
    }

    #[inline]
    pub(super) const fn confirmed(self) -> Self {
        Self(self.0 | CONFIRMED)
    }

    #[inline]
    pub(super) const fn outranked(self) -> Self {
        Self(self.0 & !STATE_MASK | OUTRANKED)
    }

    #[inline]
    pub(super) const fn is_confirmed(self) -> bool {
        self.0 & STATE_MASK == CONFIRMED
    }

    /// Returns `true` if the slot contains a confirmed or tentative claim with this fingerprint. The claim
    /// may have expired.
    #[inline]
    pub(super) const fn claims(self, fingerprint: u64) -> bool {
        self.is_of(fingerprint) && self.0 & TENTATIVE != 0
    }

    /// Returns `true` if the slot has this fingerprint, in any state.
    #[inline]
    pub(super) const fn is_of(self, fingerprint: u64) -> bool {
        self.0 >> FINGERPRINT_SHIFT == fingerprint
    }

    /// Returns `1 << at` if the slot is free or its entry has expired. Otherwise, returns 0.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "`at` is less than 8, so the bit fits into a byte")]
    pub(super) const fn vacant_at(self, at: usize, now_s: u64) -> u8 {
        // After the shift, the expiry time is in the top bits of the word. If the two times differ by less
        // than half of the range, the sign of the difference shows whether the entry has expired. The state
        // bits do not affect the sign.
        let left = (self.0 << FINGERPRINT_BITS).wrapping_add(!now_s << EXPIRY_TOP);
        let unused = (self.0 & STATE_MASK).wrapping_sub(1);
        ((left | unused) >> (u64::BITS as usize - 1 - at)) as u8 & 1 << at
    }

    /// Returns the Unix time in seconds at which the entry in an expired slot expired. The slot stores only
    /// the low bits of this time, and `now_s` provides the high bits.
    #[inline]
    pub(super) const fn expired_at(self, now_s: u64) -> u64 {
        now_s.saturating_sub(now_s.wrapping_sub(self.expiry()) & EXPIRY_MASK)
    }

    const fn expiry(self) -> u64 {
        self.0 >> STATE_BITS & EXPIRY_MASK
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{EXPIRY_MASK, HALF_RANGE_S, MAX_LIFETIME_SECONDS, Slot};
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    /// Returns `true` if the slot is live. Also checks that the result is the same for all eight positions.
    fn is_live(slot: Slot, now_s: u64) -> bool {
        let vacant = (0..8).map(|at| slot.vacant_at(at, now_s)).fold(0, |all, one| all | one);
        assert!(vacant == 0 || vacant == u8::MAX, "{vacant:08b}");
        vacant == 0
    }

    #[test]
    fn a_slot_that_was_never_used_is_never_live() {
        for now_s in [0, 1, EXPIRY_MASK, EXPIRY_MASK + 1, u64::MAX] {
            assert!(!is_live(Slot::FREE, now_s));
        }
    }

    proptest! {
        #[test]
        fn a_slot_is_live_until_the_second_of_its_expiry(
            now_s in any::<u32>(), lifetime in 1..=MAX_LIFETIME_SECONDS, fingerprint in 0u64..1 << 35,
        ) {
            let expires_s = u64::from(now_s) + lifetime;
            let slot = Slot::tentative(fingerprint, expires_s).confirmed();
            prop_assert!(is_live(slot, u64::from(now_s)));
            prop_assert!(is_live(slot, expires_s - 1));
            prop_assert!(!is_live(slot, expires_s));
            prop_assert!(is_live(slot, expires_s.saturating_sub(HALF_RANGE_S)));
            prop_assert_eq!(slot.expired_at(expires_s + 1_000), expires_s);
        }

        #[test]
        fn the_states_of_a_claim_are_distinguished(fingerprint in 0u64..1 << 35, expires_s in any::<u64>()) {
            let placed = Slot::tentative(fingerprint, expires_s);
            prop_assert!(placed.claims(fingerprint) && !placed.is_confirmed());
            prop_assert!(placed.confirmed().claims(fingerprint) && placed.confirmed().is_confirmed());
            prop_assert!(!placed.outranked().claims(fingerprint) && !placed.outranked().is_confirmed());
            prop_assert!(!placed.claims(fingerprint ^ 1));
        }
    }
}

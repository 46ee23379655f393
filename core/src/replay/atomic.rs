//! The atomic types of the table. Normally, they are the types of `core`. Tests with the model checker loom
//! use the types of loom.

#[cfg(not(loom))]
pub(super) use core::sync::atomic::AtomicU64;
pub(super) use core::sync::atomic::Ordering::SeqCst;
#[cfg(loom)]
pub(super) use loom::sync::atomic::AtomicU64;

/// Ensures that a claim is placed before the buckets are read a second time.
///
/// Both accesses are sequentially consistent, so no fence is required. However, loom does not model this
/// order unless there is a fence.
#[inline]
pub(super) fn order_place_before_look() {
    #[cfg(loom)]
    loom::sync::atomic::fence(SeqCst);
}

//! The atomic types of the table: those of `core`, or those of the model checker loom.

#[cfg(not(loom))]
pub(super) use core::sync::atomic::AtomicU64;
pub(super) use core::sync::atomic::Ordering::SeqCst;
#[cfg(loom)]
pub(super) use loom::sync::atomic::AtomicU64;

/// Orders the placement of a claim before the second read of the buckets.
///
/// Both are sequentially consistent accesses, so no fence is needed. Loom models this order only with a fence.
#[inline]
pub(super) fn order_place_before_look() {
    #[cfg(loom)]
    loom::sync::atomic::fence(SeqCst);
}

//! The atomics of the table: the hardware's, or the model checker's.

#[cfg(not(loom))]
pub(super) use core::sync::atomic::AtomicU64;
pub(super) use core::sync::atomic::Ordering::SeqCst;
#[cfg(loom)]
pub(super) use loom::sync::atomic::AtomicU64;

/// Stands between placing a claim and looking again.
///
/// Both are sequentially consistent accesses, which is all the argument in `claim` needs, so this costs nothing.
/// The model checker knows that order only from fences, hence one there.
#[inline]
pub(super) fn order_place_before_look() {
    #[cfg(loom)]
    loom::sync::atomic::fence(SeqCst);
}

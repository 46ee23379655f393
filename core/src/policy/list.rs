//! Lists and texts of a policy.

/// A list in a policy: on the heap, or empty in programs without one.
#[cfg(feature = "alloc")]
pub type List<T> = alloc::vec::Vec<T>;
/// A list in a policy: on the heap, or empty in programs without one.
#[cfg(not(feature = "alloc"))]
pub type List<T> = [T; 0];

/// The longest path or header name in a policy.
pub const MAX_POLICY_TEXT_BYTES: usize = 256;

//! The list and text types in a policy.

/// A list in a policy. Lists are stored on the heap. In programs without a heap, all lists are empty.
#[cfg(feature = "alloc")]
pub type List<T> = alloc::vec::Vec<T>;
/// A list in a policy. Lists are stored on the heap. In programs without a heap, all lists are empty.
#[cfg(not(feature = "alloc"))]
pub type List<T> = [T; 0];

/// The maximum length of a path or header name in a policy, in bytes.
pub const MAX_POLICY_TEXT_BYTES: usize = 256;

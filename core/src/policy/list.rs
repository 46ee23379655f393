//! List and text types of a policy.

/// A list in a policy. It is stored on the heap; programs without a heap have only empty lists.
#[cfg(feature = "alloc")]
pub type List<T> = alloc::vec::Vec<T>;
/// A list in a policy. It is stored on the heap; programs without a heap have only empty lists.
#[cfg(not(feature = "alloc"))]
pub type List<T> = [T; 0];

/// The maximum length of a path or header name in a policy, in bytes.
pub const MAX_POLICY_TEXT_BYTES: usize = 256;

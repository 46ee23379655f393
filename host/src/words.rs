//! Mapped memory for the words of a replay table. It is either backed by a file or private to a process.

use memmap2::MmapRaw;
use std::sync::atomic::AtomicU64;

/// The words in a memory mapping, which is removed on drop.
pub(crate) struct Words {
    mapping: MmapRaw,
    /// The offset of the words in the mapping, in bytes.
    start: usize,
    count: usize,
}

impl Words {
    /// Creates a view of `count` words at the byte offset `start` of a writable mapping. Returns `None` if
    /// the words are not aligned or not within the mapping.
    pub(crate) fn within(mapping: MmapRaw, start: usize, count: usize) -> Option<Self> {
        let end = count.checked_mul(size_of::<AtomicU64>())?.checked_add(start)?;
        let aligned = mapping.as_ptr().wrapping_add(start).cast::<AtomicU64>().is_aligned();
        (aligned && end <= mapping.len()).then_some(Self { mapping, start, count })
    }

    pub(crate) fn as_slice(&self) -> &[AtomicU64] {
        let first = self.mapping.as_mut_ptr().wrapping_add(self.start).cast::<AtomicU64>();
        // SAFETY: `within` has checked that the words are within the mapping and aligned. The mapping is not
        // removed before `self` is dropped. All accesses, including those of other processes, are atomic, and
        // every bit pattern is a valid u64. If a mapped file is truncated, the kernel terminates a process
        // that accesses the missing part (SIGBUS). Only the owner can truncate the file, and `MappedTable`
        // detects this within a second.
        unsafe { std::slice::from_raw_parts(first, self.count) }
    }
}

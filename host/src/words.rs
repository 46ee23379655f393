//! Memory from the operating system, seen as the words of a replay table: of a file that processes share, or of one process.

use memmap2::MmapRaw;
use std::sync::atomic::AtomicU64;

/// Words in a mapping, which is unmapped with them.
pub(crate) struct Words {
    mapping: MmapRaw,
    /// The byte of the mapping at which they begin.
    start: usize,
    count: usize,
}

impl Words {
    /// `count` words from byte `start` of a mapping that can be written; nothing when they do not fit or are not aligned.
    pub(crate) fn within(mapping: MmapRaw, start: usize, count: usize) -> Option<Self> {
        let end = count.checked_mul(size_of::<AtomicU64>())?.checked_add(start)?;
        let aligned = mapping.as_ptr().wrapping_add(start).cast::<AtomicU64>().is_aligned();
        (aligned && end <= mapping.len()).then_some(Self { mapping, start, count })
    }

    pub(crate) fn as_slice(&self) -> &[AtomicU64] {
        let first = self.mapping.as_mut_ptr().wrapping_add(self.start).cast::<AtomicU64>();
        // SAFETY: these words lie within the mapping and are aligned, as `within` checked, and it lives as long as `self`. Every
        // access to them, here and in other processes, is atomic, and any bits are a valid u64. Should someone truncate a mapped
        // file, the kernel ends the process (SIGBUS): only its owner can, and `MappedTable` notices in the same second.
        unsafe { std::slice::from_raw_parts(first, self.count) }
    }
}

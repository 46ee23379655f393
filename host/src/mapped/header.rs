//! The header in the first page of a replay file. It is written before the file is linked to its path, so
//! other processes always read a complete header.

use super::error::Problem;
use sealwire_core::replay::{LAYOUT_VERSION, memory_bytes};

/// The size of the header in bytes. It is a multiple of the cache line size, so that the table is aligned to
/// cache lines. It does not depend on the page size, so that kernels with different page sizes can use the
/// same file.
pub(super) const HEADER_BYTES: usize = 4096;

/// The magic number at the start of the file. It does not match on a machine with a different byte order.
const MAGIC: u64 = u64::from_be_bytes(*b"sealwire");

/// The header fields that follow the magic number and the layout version in the file.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) slots: u64,
    /// The creation time in Unix seconds.
    pub(super) created_s: u64,
    pub(super) key: [u8; 16],
}

impl Header {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        for word in [MAGIC, u64::from(LAYOUT_VERSION), self.slots, self.created_s] {
            bytes.extend_from_slice(&word.to_ne_bytes());
        }
        bytes.extend_from_slice(&self.key);
        bytes.resize(HEADER_BYTES, 0);
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let (words, rest) = bytes.as_chunks::<8>();
        let [magic, version, slots, created_s, key @ ..] = words else { return Err(Problem::NotATable) };
        if u64::from_ne_bytes(*magic) != MAGIC || !rest.is_empty() {
            return Err(Problem::NotATable);
        }
        let version = u64::from_ne_bytes(*version);
        if version != u64::from(LAYOUT_VERSION) {
            return Err(Problem::Version(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        let key = *key.as_flattened().first_chunk().ok_or(Problem::NotATable)?;
        Ok(Self { slots: u64::from_ne_bytes(*slots), created_s: u64::from_ne_bytes(*created_s), key })
    }
}

/// Returns the length in bytes of a file with `slots` slots.
pub(super) fn file_bytes(slots: usize) -> u64 {
    HEADER_BYTES.saturating_add(memory_bytes(slots)) as u64
}

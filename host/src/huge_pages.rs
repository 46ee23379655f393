//! Allocates memory for a large replay table. The memory uses huge pages if the kernel provides them.

use crate::words::Words;
use memmap2::{Advice, MmapMut, MmapRaw};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The size of a huge page in bytes, on x86-64 and on arm64 with 4 KiB pages. If the kernel uses larger huge
/// pages, the table uses ordinary pages.
pub(crate) const HUGE_PAGE_BYTES: usize = 2 << 20;

/// The size of the smallest ordinary page in words. If the pages are larger, some pages are written more than
/// once, which has no further effect.
const PAGE_WORDS: usize = 4096 / size_of::<AtomicU64>();

/// Returns `count` zeroed words that are aligned to a huge page. Huge pages are requested only for the part
/// of the words that fills complete huge pages. The rest uses ordinary pages, so that no memory is wasted.
pub(crate) fn words(count: usize) -> io::Result<Words> {
    let bytes = count.saturating_mul(size_of::<AtomicU64>());
    // The mapping is one huge page larger, so that its start can be aligned. Pages outside of the words are
    // never accessed, so they use only address space.
    let mapping = MmapRaw::from(MmapMut::map_anon(bytes.saturating_add(HUGE_PAGE_BYTES))?);
    let start = mapping.as_ptr().align_offset(HUGE_PAGE_BYTES);
    // This call fails if the kernel does not support huge pages. The table then uses ordinary pages.
    let _refused = mapping.advise_range(Advice::HugePage, start, bytes - bytes % HUGE_PAGE_BYTES);
    let words = Words::within(mapping, start, count).ok_or(ErrorKind::OutOfMemory)?;
    touch(words.as_slice());
    Ok(words)
}

/// Writes to each page. The kernel then allocates the memory now and not during a request.
fn touch(words: &[AtomicU64]) {
    words.iter().step_by(PAGE_WORDS).for_each(|word| word.store(0, Relaxed));
}

//! Allocates memory for a large replay table, in huge pages if the kernel provides them.

use crate::words::Words;
use memmap2::{Advice, MmapMut, MmapRaw};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The size of a huge page in bytes on x86-64, and on arm64 with ordinary pages of 4 KiB. On kernels with
/// larger huge pages, the table uses ordinary pages.
pub(crate) const HUGE_PAGE_BYTES: usize = 2 << 20;

/// The size in words of the smallest ordinary page on any platform. On platforms with larger pages, some
/// pages are written more than once, which is harmless.
const PAGE_WORDS: usize = 4096 / size_of::<AtomicU64>();

/// Returns `count` zeroed words that start on a huge-page boundary. Only complete huge pages are requested.
/// The remaining words use ordinary pages, so that no memory is wasted.
pub(crate) fn words(count: usize) -> io::Result<Words> {
    let bytes = count.saturating_mul(size_of::<AtomicU64>());
    // The mapping is one huge page larger than needed, so that the words can start on a huge-page boundary.
    // The pages outside the words are never accessed, so they take up address space but no memory.
    let mapping = MmapRaw::from(MmapMut::map_anon(bytes.saturating_add(HUGE_PAGE_BYTES))?);
    let start = mapping.as_ptr().align_offset(HUGE_PAGE_BYTES);
    // This call fails if the kernel does not support huge pages. The table then uses ordinary pages.
    let _refused = mapping.advise_range(Advice::HugePage, start, bytes - bytes % HUGE_PAGE_BYTES);
    let words = Words::within(mapping, start, count).ok_or(ErrorKind::OutOfMemory)?;
    touch(words.as_slice());
    Ok(words)
}

/// Writes to each page, so that the kernel allocates the memory now and not during a request.
fn touch(words: &[AtomicU64]) {
    words.iter().step_by(PAGE_WORDS).for_each(|word| word.store(0, Relaxed));
}

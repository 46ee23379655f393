//! Memory for a large replay table, on huge pages if the kernel provides them.

use crate::words::Words;
use memmap2::{Advice, MmapMut, MmapRaw};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The size of a huge page on x86-64, and on arm64 with 4 KiB pages. If the huge pages of the kernel are
/// larger, ordinary pages are used.
pub(crate) const HUGE_PAGE_BYTES: usize = 2 << 20;

/// The size of the smallest ordinary page in words. Touching larger pages more than once has no effect.
const PAGE_WORDS: usize = 4096 / size_of::<AtomicU64>();

/// Returns `count` zeroed words, aligned to a huge page. Only complete huge pages are requested. The rest
/// uses ordinary pages, so no memory is wasted.
pub(crate) fn words(count: usize) -> io::Result<Words> {
    let bytes = count.saturating_mul(size_of::<AtomicU64>());
    // One additional huge page allows for alignment. Pages outside the words are never touched, so they only
    // use address space.
    let mapping = MmapRaw::from(MmapMut::map_anon(bytes.saturating_add(HUGE_PAGE_BYTES))?);
    let start = mapping.as_ptr().align_offset(HUGE_PAGE_BYTES);
    // Fails if the kernel does not support huge pages. The table then uses ordinary pages.
    let _refused = mapping.advise_range(Advice::HugePage, start, bytes - bytes % HUGE_PAGE_BYTES);
    let words = Words::within(mapping, start, count).ok_or(ErrorKind::OutOfMemory)?;
    touch(words.as_slice());
    Ok(words)
}

/// Touches each page, so that the kernel allocates memory now and not during a request.
fn touch(words: &[AtomicU64]) {
    words.iter().step_by(PAGE_WORDS).for_each(|word| word.store(0, Relaxed));
}

//! Private memory for a large table, on huge pages where the kernel has some to give.

use crate::words::Words;
use memmap2::{Advice, MmapMut, MmapRaw};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The huge page of x86-64, and of arm64 with ordinary pages of 4 KiB. A kernel whose huge pages are larger uses ordinary ones.
pub(crate) const HUGE_PAGE_BYTES: usize = 2 << 20;

/// The smallest ordinary page there is: touching more often than needed does no harm.
const PAGE_WORDS: usize = 4096 / size_of::<AtomicU64>();

/// `count` zeroed words that begin at a huge page. As many whole huge pages as they fill are asked for; the rest lies in
/// ordinary pages, so that no more memory is taken than the words need.
pub(crate) fn words(count: usize) -> io::Result<Words> {
    let bytes = count.saturating_mul(size_of::<AtomicU64>());
    // One huge page more than needed, to begin at a whole one. What lies outside the words is never touched: addresses, not memory.
    let mapping = MmapRaw::from(MmapMut::map_anon(bytes.saturating_add(HUGE_PAGE_BYTES))?);
    let start = mapping.as_ptr().align_offset(HUGE_PAGE_BYTES);
    // A kernel built or set up without huge pages refuses, and the table works without them.
    let _refused = mapping.advise_range(Advice::HugePage, start, bytes - bytes % HUGE_PAGE_BYTES);
    let words = Words::within(mapping, start, count).ok_or(ErrorKind::OutOfMemory)?;
    touch(words.as_slice());
    Ok(words)
}

/// Has the kernel put memory behind every page now, and not while a request waits.
fn touch(words: &[AtomicU64]) {
    words.iter().step_by(PAGE_WORDS).for_each(|word| word.store(0, Relaxed));
}

//! Private memory for a large table, on huge pages where the kernel has some to give.

use crate::words::Words;
use memmap2::{Advice, MmapMut, MmapRaw};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The huge page of x86-64, and of arm64 with ordinary pages of 4 KiB. A kernel whose huge pages are larger uses ordinary ones.
pub(crate) const HUGE_PAGE_BYTES: usize = 2 << 20;

/// The smallest ordinary page there is: touching more often than needed does no harm.
const PAGE_WORDS: usize = 4096 / size_of::<AtomicU64>();

/// Returns `count` zeroed words, aligned to a huge page. Only complete huge pages are requested. The rest uses
/// ordinary pages, so no memory is wasted.
pub(crate) fn words(count: usize) -> io::Result<Words> {
    let bytes = count.saturating_mul(size_of::<AtomicU64>());
    // One huge page more than needed, for the alignment. The pages outside the words are never touched, so they
    // need addresses only.
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

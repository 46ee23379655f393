//! The default size of a replay table. It is equal in all languages, because processes that map one file must
//! use the same size.

use sealwire_core::{Window, replay::slots_for};

/// Requests a second, unless told otherwise.
pub const DEFAULT_REQUESTS_PER_SECOND: u32 = 200;

/// The slots for so many requests a second, each remembered for `window_seconds`: how far back and ahead timestamps may
/// lie, added. By default that is the widest of the default windows.
#[must_use]
pub fn table_slots(requests_per_second: Option<u32>, window_seconds: Option<u32>) -> usize {
    let widest = (Window::SYMMETRIC.past_ms + Window::SYMMETRIC.future_ms) / 1000;
    let window = window_seconds.unwrap_or_else(|| u32::try_from(widest).unwrap_or(u32::MAX));
    slots_for(requests_per_second.unwrap_or(DEFAULT_REQUESTS_PER_SECOND), window)
}

/// The slots of a table that nobody sized: for the widest default windows, or for a longer `window_seconds`. So verifiers of one
/// service agree on one file, as long as none has a longer window.
#[must_use]
pub fn default_table_slots(window_seconds: Option<u32>) -> usize {
    table_slots(None, None).max(table_slots(None, window_seconds))
}

//! The default size of a replay table. It is the same in all languages, because all processes that map the
//! same file must be configured with the same size.

use sealwire_core::{Window, replay::slots_for};

/// The expected number of requests per second that is used if the application does not set another value.
pub const DEFAULT_REQUESTS_PER_SECOND: u32 = 200;

/// Returns the number of slots for a request rate and a time window in seconds. The window is the sum of the
/// maximum age and the maximum future time of a timestamp. The default is the largest default window of all
/// schemes.
#[must_use]
pub fn table_slots(requests_per_second: Option<u32>, window_seconds: Option<u32>) -> usize {
    let widest = (Window::SYMMETRIC.past_ms + Window::SYMMETRIC.future_ms) / 1000;
    let window = window_seconds.unwrap_or_else(|| u32::try_from(widest).unwrap_or(u32::MAX));
    slots_for(requests_per_second.unwrap_or(DEFAULT_REQUESTS_PER_SECOND), window)
}

/// Returns the default number of slots for a time window in seconds. The result is the same for all windows
/// up to the largest default window. The verifiers of a service can therefore share one file unless one of
/// them has a longer window.
#[must_use]
pub fn default_table_slots(window_seconds: Option<u32>) -> usize {
    table_slots(None, None).max(table_slots(None, window_seconds))
}

//! Absolute URLs.

use crate::memory::{call, utf8};
use crate::shared::plain_url::{plain, refusal};

/// Writes the target, authority and scheme of a normalised URL, and returns 1. Returns 0 for other URLs.
#[unsafe(no_mangle)]
extern "C" fn sealwire_split_url() -> i32 {
    call(|input, output| {
        let Some(url) = plain(input) else { return Ok(0) };
        output.extend_from_slice(&[url.target, url.authority, url.scheme].join(&b'\n'));
        Ok(1)
    })
}

/// Writes the reason why the core crate rejects a URL, and returns 1. Returns 0 for a URL that can be signed
/// after parsing.
#[unsafe(no_mangle)]
extern "C" fn sealwire_url_refusal() -> i32 {
    call(|input, output| {
        let reason = refusal(utf8(input)?);
        output.extend_from_slice(reason.as_deref().unwrap_or_default().as_bytes());
        Ok(reason.is_some().into())
    })
}

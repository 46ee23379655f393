//! Functions for absolute URLs.

use napi::JsString;
use napi_derive::napi;

use crate::error::Result;
use crate::head;
use crate::shared::plain_url::{plain, refusal};

/// Returns the target, authority and scheme of a normalised URL, or `null` for other URLs.
#[napi(catch_unwind)]
pub fn split_url(url: JsString<'_>) -> Result<Option<Vec<String>>> {
    let url = head::read(url)?;
    let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
    Ok(plain(url.as_slice()).map(|url| [url.target, url.authority, url.scheme].map(text).to_vec()))
}

/// Returns the reason why the core crate rejects a URL, or `null` if the URL can be signed after parsing. The
/// core crate also rejects non-ASCII hosts, but JavaScript's URL parser converts them, so they are not
/// reported.
#[napi(catch_unwind)]
pub fn url_refusal(url: String) -> Option<String> {
    refusal(&url)
}

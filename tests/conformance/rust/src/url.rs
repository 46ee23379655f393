//! Runs the test vectors for absolute URLs.

use sealwire_core::{AbsoluteUrl, url_buffer_bytes};
use serde_json::Value;

use crate::Fallible;
use crate::case::text;

pub(crate) fn result(case: &Value) -> Fallible<String> {
    let url = text(case, "url")?;
    let mut buffer = vec![0; url_buffer_bytes(url.len())];
    let Ok(parts) = AbsoluteUrl::normalise(url.as_bytes(), &mut buffer) else {
        return Ok("refused".to_owned());
    };
    let (authority, target) = (str::from_utf8(parts.authority)?, str::from_utf8(parts.target)?);
    Ok(format!("url {} {authority} {target}", parts.scheme))
}

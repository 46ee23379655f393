//! Explanations of rejected requests.

use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_host::explain::explain_json;

use crate::error::{Code, Result};
use crate::ring::Ring;

/// Explains a rejected request. `request` is a JSON object with the members of `ExplainInput` in
/// `explain.d.ts`, without `keys`. Returns the result as JSON, a form feed, and the result as text.
#[napi(catch_unwind)]
pub fn explain_rejection(ring: &External<Ring>, request: String) -> Result<String> {
    let found = explain_json(&request, &ring.load()).map_err(|refused| Code::Config.error(refused))?;
    Ok(format!("{}\u{c}{}", found.to_json(), found.to_text()))
}

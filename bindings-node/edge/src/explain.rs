//! Explanations of rejected requests, in builds with the `explain` feature.

use sealwire_host::explain::explain_json;

use crate::error::Code;
use crate::memory::{call, utf8};
use crate::objects;

/// Explains a rejected request. The input is a JSON object with the members of `ExplainInput` in
/// `explain.d.ts`, without `keys`. The output contains the result as JSON, a form feed, and the result as text.
#[unsafe(no_mangle)]
extern "C" fn sealwire_explain(ring: u32) -> i32 {
    call(|input, output| {
        let ring = objects::ring(ring)?;
        let found =
            explain_json(utf8(input)?, &ring.load()).map_err(|refused| Code::Config.error(refused))?;
        output.extend_from_slice(format!("{}\u{c}{}", found.to_json(), found.to_text()).as_bytes());
        Ok(0)
    })
}

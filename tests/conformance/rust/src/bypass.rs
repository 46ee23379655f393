//! Runs the test vectors for requests that require no signature.

use sealwire_core::client::is_local_health_check;
use sealwire_core::{Policy, Text};
use serde_json::Value;

use crate::Fallible;
use crate::case::{field, text, wire};
use crate::policy::held_all;

pub(crate) fn probe(case: &Value) -> Fallible<String> {
    let asked = field(case, "probe")?;
    let (method, target) = (wire(text(asked, "method")?)?, wire(text(asked, "target")?)?);
    Ok(line(is_local_health_check(&method, &target, text(asked, "peer")?)))
}

pub(crate) fn exempt(case: &Value) -> Fallible<String> {
    let asked = field(case, "exempt")?;
    let policy = Policy { exempt_paths: held_all(asked, "paths")?, ..Policy::new(Text::EMPTY) };
    Ok(line(policy.is_exempt(&wire(text(asked, "path")?)?)))
}

fn line(passes: bool) -> String {
    String::from(if passes { "passes" } else { "held" })
}

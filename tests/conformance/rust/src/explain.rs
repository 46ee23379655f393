//! Runs the test vectors for explanations of rejected requests.

use serde_json::Value;

use crate::Fallible;
use crate::case::{field, items, text};
use crate::ring;

pub(crate) fn result(case: &Value) -> Fallible<String> {
    let input = field(case, "explain")?.to_string();
    let Ok(found) = sealwire_host::explain::explain_json(&input, &ring::valid(case)?) else {
        return Ok("refused".to_owned());
    };
    let result: Value = serde_json::from_str(&found.to_json())?;
    let shown = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
    let checks =
        items(&result, "checks")?.iter().map(|check| text(check, "result")).collect::<Fallible<Vec<_>>>()?;
    let checks = if checks.is_empty() { "-".to_owned() } else { checks.join(",") };
    let (outcome, reason, culprit) = (shown("outcome"), shown("reason"), shown("culprit"));
    let exit = found.exit_code();
    Ok(format!("explained {outcome} exit={exit} reason={reason} culprit={culprit} checks={checks}"))
}

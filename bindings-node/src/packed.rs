//! Verdicts as a single number, for requests whose sender and nonce JavaScript already has.

use sealwire_core::{Identity, Rejection};

use crate::shared::verdict::AGES;

/// Returns the verdict as a number, if it can be represented. JavaScript already has the sender and the
/// nonce.
pub(crate) fn number(result: &Result<Identity<'_>, Rejection>) -> Option<f64> {
    let is_as_sent =
        |identity: &&Identity<'_>| identity.user_id.is_none() && identity.sender == identity.name_as_sent;
    result.as_ref().ok().filter(is_as_sent).and_then(packed)
}

/// Returns the key version and the age as a single number.
fn packed(identity: &Identity<'_>) -> Option<f64> {
    let age = Some(identity.age_ms + AGES / 2).filter(|age| (0..AGES).contains(age))?;
    #[expect(clippy::cast_precision_loss, reason = "32 and 21 bits are the 53 that a double holds exactly")]
    Some((i64::from(identity.key_version) * AGES + age) as f64)
}

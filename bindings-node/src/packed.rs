//! Encodes a verdict as a single number. The number contains only the key version and the age, because the
//! JavaScript code has already read the sender and the nonce from the headers.

use sealwire_core::{Identity, Rejection};

use crate::shared::verdict::AGES;

/// Returns the verdict as a number. Returns `None` for a rejection, or if a number cannot represent the
/// identity.
pub(crate) fn number(result: &Result<Identity<'_>, Rejection>) -> Option<f64> {
    let is_as_sent =
        |identity: &&Identity<'_>| identity.user_id.is_none() && identity.sender == identity.name_as_sent;
    result.as_ref().ok().filter(is_as_sent).and_then(packed)
}

/// Returns the key version and the age as a single number, or `None` if the age is out of range.
fn packed(identity: &Identity<'_>) -> Option<f64> {
    let age = Some(identity.age_ms + AGES / 2).filter(|age| (0..AGES).contains(age))?;
    #[expect(clippy::cast_precision_loss, reason = "32 + 21 = 53 bits, which a double represents exactly")]
    Some((i64::from(identity.key_version) * AGES + age) as f64)
}

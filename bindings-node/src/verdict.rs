//! A verdict, as it crosses to JavaScript: one string of fields joined by line breaks. An accepted request's begins with
//! `+`, a rejected one's with `-`. `identity.js` and `errors.js` know the order of the rest.

use sealwire_core::{Identity, Rejection, Text};

/// ScratchBuffers for the usual verdict, so that the string is allocated once.
const USUAL_BYTES: usize = 192;

/// Collects fields.
pub(crate) struct Fields(String);

impl Fields {
    pub(crate) fn begin(mark: &str) -> Self {
        Self::within(String::with_capacity(USUAL_BYTES), mark)
    }

    /// In a string that was used before, and is empty.
    pub(crate) fn within(mut text: String, mark: &str) -> Self {
        text.push_str(mark);
        Self(text)
    }

    pub(crate) fn text(mut self, value: &str) -> Self {
        self.0.push('\n');
        self.0.push_str(value);
        self
    }

    // Not `write!`: formatting costs more than the digits do.
    pub(crate) fn number(mut self, value: i64) -> Self {
        self.0.push('\n');
        if value < 0 {
            self.0.push('-');
        }
        push_digits(&mut self.0, value.unsigned_abs());
        self
    }

    pub(crate) fn maybe_number(self, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.number(value),
            None => self.text(""),
        }
    }

    pub(crate) fn end(self) -> String {
        self.0
    }
}

fn push_digits(text: &mut String, value: u64) {
    if value >= 10 {
        push_digits(text, value / 10);
    }
    text.push(char::from(b'0' + u8::try_from(value % 10).unwrap_or_default()));
}

/// The verdict on a request.
pub(crate) fn verdict(result: &Result<Identity<'_>, Rejection>) -> String {
    verdict_within(String::with_capacity(USUAL_BYTES), result)
}

/// The same, in a string that was used before, and is empty.
pub(crate) fn verdict_within(text: String, result: &Result<Identity<'_>, Rejection>) -> String {
    match result {
        Ok(identity) => accepted(Fields::within(text, "+"), identity),
        Err(rejected) => fields_of(Fields::within(text, "-"), rejected),
    }
}

/// The verdict on a request whose sender and nonce JavaScript holds itself, where a number says the rest.
pub(crate) fn number(result: &Result<Identity<'_>, Rejection>) -> Option<f64> {
    let is_as_sent =
        |identity: &&Identity<'_>| identity.user_id.is_none() && identity.sender == identity.name_as_sent;
    result.as_ref().ok().filter(is_as_sent).and_then(packed)
}

/// The range of ages in a number, in milliseconds; half of it is for clocks that are ahead. About 17 minutes
/// both ways. With the 32 bits of a key version, this is the exact range of a double.
pub(crate) const AGES: i64 = 1 << 21;

/// Key version and age in one number.
fn packed(identity: &Identity<'_>) -> Option<f64> {
    let age = Some(identity.age_ms + AGES / 2).filter(|age| (0..AGES).contains(age))?;
    #[expect(clippy::cast_precision_loss, reason = "32 and 21 bits are the 53 that a double holds exactly")]
    Some((i64::from(identity.key_version) * AGES + age) as f64)
}

fn accepted(fields: Fields, identity: &Identity<'_>) -> String {
    fields
        .text(identity.sender)
        .text(identity.scheme.name())
        .number(identity.key_version.into())
        .number(identity.age_ms)
        .text(identity.user_id.unwrap_or_default())
        .text(identity.nonce.unwrap_or_default())
        .text(identity.name_as_sent)
        .end()
}

/// A rejection alone.
pub(crate) fn rejected(rejected: &Rejection) -> String {
    fields_of(Fields::begin("-"), rejected)
}

fn fields_of(fields: Fields, rejected: &Rejection) -> String {
    fields
        .text(rejected.reason.name())
        .number(rejected.http_status().into())
        .text(rejected.public_text())
        .text(rejected.mode.name())
        .text(rejected.scheme.name())
        .text(sender(&rejected.sender))
        .maybe_number(rejected.key_version.map(Into::into))
        .maybe_number(rejected.age_ms)
        .text(rejected.field.unwrap_or_default())
        .text(&rejected.to_string())
        .number(rejected.mac_was_valid.into())
        .end()
}

fn sender<const N: usize>(text: &Text<N>) -> &str {
    text.as_str()
}

//! Encodes a verdict, the result of a verification, for JavaScript. A verdict is a string of fields that are
//! joined with line breaks. The first field is `+` for an accepted request and `-` for a rejection.
//! `identity.js` and `errors.js` read the other fields in the order that this module writes them.

use sealwire_core::{Identity, Rejection, Text};

/// The initial capacity of the string, in bytes. It is sufficient for most verdicts.
const USUAL_BYTES: usize = 192;

/// A builder for a string of fields.
pub(crate) struct Fields(String);

impl Fields {
    pub(crate) fn begin(mark: &str) -> Self {
        Self::within(String::with_capacity(USUAL_BYTES), mark)
    }

    /// Creates a builder that reuses the allocation of an empty string.
    pub(crate) fn within(mut text: String, mark: &str) -> Self {
        text.push_str(mark);
        Self(text)
    }

    pub(crate) fn text(mut self, value: &str) -> Self {
        self.0.push('\n');
        self.0.push_str(value);
        self
    }

    // Writes the digits directly, because `write!` is slower.
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

/// Returns the verdict for a request.
pub(crate) fn verdict(result: &Result<Identity<'_>, Rejection>) -> String {
    verdict_within(String::with_capacity(USUAL_BYTES), result)
}

/// Like [`verdict`], but reuses the allocation of an empty string.
pub(crate) fn verdict_within(text: String, result: &Result<Identity<'_>, Rejection>) -> String {
    match result {
        Ok(identity) => accepted(Fields::within(text, "+"), identity),
        Err(rejected) => fields_of(Fields::within(text, "-"), rejected),
    }
}

/// The number of different ages, in milliseconds, that a numeric verdict can represent: about 17 minutes in the
/// past and 17 minutes in the future. The age has 21 bits and the key version has 32 bits. Together they have
/// 53 bits, the largest integer size that a double represents exactly.
pub(crate) const AGES: i64 = 1 << 21;

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

/// Returns the verdict for a rejection.
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

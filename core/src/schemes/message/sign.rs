//! Signs requests in the `message` scheme. Signers and verifiers use the same code for the values in the
//! signature base.

use super::names::{ALGORITHM, CONTENT_DIGEST, KeyId, LABEL, REQUEST_TAG, SIGNATURE, SIGNATURE_INPUT};
use crate::bytes::sink::{Sink, SliceWriter, put_lower_case, separate};
use crate::bytes::text::known_ascii;
use crate::http_signature::base::{Message, PARAMETERS, Values};
use crate::http_signature::component::{Component, Covered, Form, Part, field_name};
use crate::http_signature::content_digest::{ContentDigest, FORMATTED_LENGTH};
use crate::http_signature::covered::DEFAULTS;
use crate::http_signature::problem::{ComponentError, Problem};
use crate::mac::sha256::{HmacSha256, HmacSha256Stream};
use crate::schemes::signing::{Coverage, SignError, Signing};
use crate::schemes::user_id::USER_ID;
use crate::structured_fields::write::{byte_sequence, put_digits};
use crate::wire::request::{Header, Request};

/// The maximum length in bytes of the `Signature-Input` value that a signer creates. This length is
/// sufficient for about forty components, and verifiers accept four times as much.
pub(crate) const MAX_INPUT_BYTES: usize = 1024;
/// The maximum length of the name of a covered header, in bytes.
const MAX_FIELD_NAME_BYTES: usize = 128;
/// The maximum number of header lines that a signature covers.
const MAX_COVERED_LINES: usize = 32;
const NO_LINE: Header<'static> = Header::new("", "");

/// Signs a request with a key and passes each header to `emit`.
pub(crate) fn sign(
    key: &HmacSha256,
    key_id: KeyId<'_>,
    coverage: Coverage<'_>,
    request: &Request<'_>,
    signing: &Signing<'_>,
    emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    let mut formatted = [0; FORMATTED_LENGTH];
    let digest = (!signing.body.is_empty()).then(|| ContentDigest::of(signing.body).format(&mut formatted));
    let mut room = [NO_LINE; MAX_COVERED_LINES];
    let mut lines = CoveredLines { lines: &mut room, used: 0 };
    for (name, value) in [("content-digest", digest), ("x-user-id", signing.user_id)] {
        lines.add_own(request, name, value)?;
    }
    request.overrides().try_for_each(|name| lines.add_sent(request, name))?;
    coverage.fields.iter().try_for_each(|name| lines.add_sent(request, name))?;
    let signature = SignatureInput {
        components: if coverage.authority { &DEFAULTS } else { &WITHOUT_AUTHORITY },
        fields: lines.names(),
        created_s: signing.now_ms / 1000,
        nonce: Some(signing.nonce),
        key_id,
        tag: REQUEST_TAG,
    };
    let signed = Request { headers: lines.lines(), ..*request };
    let mut buffer = [0; MAX_INPUT_BYTES];
    signature.sign(key, &Message::Request(&signed), &mut buffer, |input, mac| {
        for (name, value) in [(CONTENT_DIGEST, digest), (USER_ID, signing.user_id)] {
            value.into_iter().for_each(|value| emit(name, value));
        }
        emit(SIGNATURE_INPUT, input);
        emit(SIGNATURE, mac);
    })
}

/// The components to sign if a proxy rewrites the authority.
const WITHOUT_AUTHORITY: [Covered<'static>; 3] = {
    let [method, _, path, query] = DEFAULTS;
    [method, path, query]
};

/// The header lines that the signature covers, including headers that the signer adds.
struct CoveredLines<'l, 'a> {
    lines: &'l mut [Header<'a>],
    used: usize,
}

impl<'l, 'a> CoveredLines<'l, 'a> {
    /// Adds a header that the signer sends. Fails if the request already has this header.
    fn add_own(
        &mut self,
        request: &Request<'_>,
        name: &'static str,
        value: Option<&'a str>,
    ) -> Result<(), SignError> {
        match value {
            Some(_) if request.has(name) => Err(SignError::Present(name)),
            Some(value) => self.add(Header::new(name, value)),
            None => Ok(()),
        }
    }

    /// Adds all lines of a header, if the request has this header.
    fn add_sent(&mut self, request: &Request<'a>, name: &str) -> Result<(), SignError> {
        if self.lines().iter().any(|line| line.is(name)) {
            return Ok(());
        }
        request.headers.iter().filter(|line| line.is(name)).try_for_each(|line| self.add(*line))
    }

    fn add(&mut self, line: Header<'a>) -> Result<(), SignError> {
        *self.lines.get_mut(self.used).ok_or(SignError::TooLong)? = line;
        self.used += 1;
        Ok(())
    }

    fn lines(&self) -> &[Header<'a>] {
        self.lines.get(..self.used).unwrap_or_default()
    }

    /// Returns the header names without repetition, in the order of their first occurrence.
    fn names(&self) -> impl Iterator<Item = &'a [u8]> + Clone {
        let repeats = |(at, line): &(usize, &Header<'a>)| {
            self.lines().iter().take(*at).any(|earlier| earlier.name.eq_ignore_ascii_case(line.name))
        };
        self.lines().iter().enumerate().filter(move |line| !repeats(line)).map(|(_, line)| line.name)
    }
}

/// The components and parameters of a new signature (RFC 9421 sections 2.3 and 4.1).
pub(crate) struct SignatureInput<'a, F> {
    /// The components that are listed before the header fields.
    pub(crate) components: &'a [Covered<'static>],
    /// The names of the covered headers, in any case.
    pub(crate) fields: F,
    pub(crate) created_s: u64,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) key_id: KeyId<'a>,
    pub(crate) tag: &'a str,
}

impl<'a, F: Iterator<Item = &'a [u8]> + Clone> SignatureInput<'_, F> {
    /// Signs `message` and passes the values of `Signature-Input` and `Signature` to `emit`.
    pub(crate) fn sign(
        &self,
        key: &HmacSha256,
        message: &Message<'_>,
        buffer: &mut [u8; MAX_INPUT_BYTES],
        emit: impl FnOnce(&str, &str),
    ) -> Result<(), SignError> {
        let mut writer = SliceWriter::new(buffer);
        self.write(&mut writer);
        let input = writer.finish().ok_or(SignError::TooLong)?;
        let list = input.strip_prefix(LABEL.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([key]);
        self.write_base(&mut stream, list.unwrap_or_default(), message).map_err(SignError::Component)?;
        let mut buffer = [0; 64];
        let mut writer = SliceWriter::new(&mut buffer);
        writer.put(LABEL.as_bytes());
        writer.put(b"=");
        byte_sequence(&mut writer, [stream.mac().as_bytes().as_slice()]);
        emit(known_ascii(input), known_ascii(writer.finish().ok_or(SignError::TooLong)?));
        Ok(())
    }

    /// Writes the signature base (RFC 9421 section 2.5). `list` is the inner list in the value of
    /// `Signature-Input`.
    fn write_base(
        &self,
        sink: &mut impl Sink,
        list: &[u8],
        message: &Message<'_>,
    ) -> Result<(), ComponentError> {
        let mut values = Values::new(message, None);
        let lacks_authority = matches!(message, Message::Request(request) if request.authority.is_empty());
        for Covered { identifier, component } in self.components {
            if lacks_authority && component.part == Part::Authority {
                return Err(ComponentError::of(identifier, Problem::Absent));
            }
            sink.put(identifier);
            values.put(sink, identifier, component)?;
        }
        for name in self.fields.clone() {
            let mut lower = [0; MAX_FIELD_NAME_BYTES];
            let mut writer = SliceWriter::new(&mut lower);
            put_lower_case(&mut writer, name);
            let written = writer.finish().and_then(field_name);
            let name = written.ok_or_else(|| ComponentError::new(name, Problem::BadName))?;
            for part in ["\"", name, "\""] {
                sink.put(part.as_bytes());
            }
            let part = Part::Field(name, Form::Joined);
            values.put(sink, name.as_bytes(), &Component { part, of_request: false })?;
        }
        sink.put(PARAMETERS);
        sink.put(list);
        Ok(())
    }

    fn write(&self, sink: &mut impl Sink) {
        sink.put(LABEL.as_bytes());
        sink.put(b"=(");
        for (at, covered) in self.components.iter().enumerate() {
            separate(sink, at, b" ");
            sink.put(covered.identifier);
        }
        for name in self.fields.clone() {
            sink.put(b" \"");
            put_lower_case(sink, name);
            sink.put(b"\"");
        }
        sink.put(b")");
        self.write_parameters(sink);
    }

    fn write_parameters(&self, sink: &mut impl Sink) {
        sink.put(b";created=");
        put_digits(sink, self.created_s, 1);
        for part in self.nonce.map(|nonce| [";nonce=\"", nonce, "\""]).into_iter().flatten() {
            sink.put(part.as_bytes());
        }
        for part in [";alg=\"", ALGORITHM, "\";keyid=\""] {
            sink.put(part.as_bytes());
        }
        self.key_id.write(sink);
        for part in ["\";tag=\"", self.tag, "\""] {
            sink.put(part.as_bytes());
        }
    }
}

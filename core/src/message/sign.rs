//! Signing a request in the `message` scheme, by the same signature base a verifier builds.

use super::base::{Message, PARAMETERS, finish_line, put_known};
use super::components::{Component, Covered, Form, Part, field_name};
use super::derived::put_lower_case;
use super::digest::{ContentDigest, FORMATTED_LENGTH};
use super::known;
use super::names::{ALGORITHM, CONTENT_DIGEST, KeyId, LABEL, REQUEST_TAG, SIGNATURE, SIGNATURE_INPUT};
use super::problem::Problem;
use crate::keys::{Key, KeyName, KeySource};
use crate::mac::{HmacSha256, HmacSha256Stream};
use crate::pairwise::USER_ID;
use crate::sign::{SignError, Signer, Signing, check};
use crate::sink::{Sink, SliceWriter};
use crate::structured_fields::write::{byte_sequence, put_digits};
use crate::text::known_ascii;
use crate::{Header, Request, Scheme};

/// Room for a `Signature-Input` value made here: half of what a verifier reads, and some forty names.
pub(super) const MAX_INPUT_BYTES: usize = 1024;
/// The longest name of a header covered.
const MAX_FIELD_NAME_BYTES: usize = 128;
/// The most header lines one signature covers.
const MAX_COVERED_LINES: usize = 32;
/// Of those, the most that signing itself sends: all there are unless the signer covers more.
const MAX_OWN_LINES: usize = 2;
const NO_LINE: Header<'static> = Header::new("", "");

pub(crate) fn sign<K: KeySource + ?Sized>(
    signer: &Signer<'_, K>,
    request: &Request<'_>,
    signing: &Signing<'_>,
    emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    check(request, signing)?;
    let (key, receiver) = key(signer, signing.receiver)?;
    let mut formatted = [0; FORMATTED_LENGTH];
    let digest = (!signing.body.is_empty()).then(|| ContentDigest::of(signing.body).format(&mut formatted));
    let (mut own, mut all);
    let mut lines = CoveredLines::new(if signer.coverage.fields.is_empty() {
        own = [NO_LINE; MAX_OWN_LINES];
        &mut own
    } else {
        all = [NO_LINE; MAX_COVERED_LINES];
        &mut all
    });
    for (name, value) in [("content-digest", digest), ("x-user-id", signing.user_id)] {
        lines.add_own(request, name, value)?;
    }
    signer.coverage.fields.iter().try_for_each(|name| lines.add_sent(request, name))?;
    let signature = SignatureInput {
        components: if signer.coverage.authority {
            Components::Known
        } else {
            Components::Each(&WITHOUT_AUTHORITY)
        },
        fields: lines.names(),
        created_s: signing.now_ms / 1000,
        nonce: Some(signing.nonce),
        key_id: KeyId { sender: signer.name, receiver, version: key.version() },
        tag: REQUEST_TAG,
    };
    let signed = Request { headers: lines.lines(), ..*request };
    let mut room = [0; MAX_INPUT_BYTES];
    signature.sign(key.mac(), &Message::Request(&signed), &mut room, |input, mac| {
        for (name, value) in [(CONTENT_DIGEST, digest), (USER_ID, signing.user_id)] {
            value.into_iter().for_each(|value| emit(name, value));
        }
        emit(SIGNATURE_INPUT, input);
        emit(SIGNATURE, mac);
    })
}

/// Behind a proxy that rewrites the authority.
const WITHOUT_AUTHORITY: [Covered<'static>; 3] = {
    let [method, _, path, query] = known::COMPONENTS;
    [method, path, query]
};

/// A pair key when the receiver is named and there is one, else the client key.
fn key<'k, 'r, K: KeySource + ?Sized>(
    signer: &Signer<'k, K>,
    receiver: &'r str,
) -> Result<(&'k Key<HmacSha256>, Option<&'r str>), SignError> {
    if !receiver.is_empty()
        && let Some(set) = signer.keys.find(KeyName::Pair(signer.name, receiver))
    {
        signer.check_names(receiver)?;
        return Ok((set.primary(), Some(receiver)));
    }
    let client = signer.keys.find(KeyName::Client(signer.name)).ok_or(SignError::NoKey(Scheme::Message))?;
    Ok((client.primary(), None))
}

/// The header lines a signature covers, those that are added with it among them.
struct CoveredLines<'l, 'a> {
    lines: &'l mut [Header<'a>],
    used: usize,
}

impl<'l, 'a> CoveredLines<'l, 'a> {
    fn new(lines: &'l mut [Header<'a>]) -> Self {
        Self { lines, used: 0 }
    }

    /// A header that signing itself sends; one of the same name in the request would double it.
    fn add_own(
        &mut self,
        request: &Request<'_>,
        name: &'a str,
        value: Option<&'a str>,
    ) -> Result<(), SignError> {
        match value {
            Some(_) if request.has(name) => Err(SignError::Component),
            Some(value) => self.add(Header::new(name, value)),
            None => Ok(()),
        }
    }

    /// Every line of a header, if it is sent.
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

    /// Each name once, where it first stands.
    fn names(&self) -> impl Iterator<Item = &'a [u8]> + Clone {
        let repeats = |(at, line): &(usize, &Header<'a>)| {
            self.lines().iter().take(*at).any(|earlier| earlier.name.eq_ignore_ascii_case(line.name))
        };
        self.lines().iter().enumerate().filter(move |line| !repeats(line)).map(|(_, line)| line.name)
    }
}

/// What a signature covers before any fields.
#[derive(Clone, Copy)]
pub(super) enum Components<'a> {
    /// [`known::COMPONENTS`].
    Known,
    /// These.
    Each(&'a [Covered<'static>]),
}

/// A signature about to be made: what it covers and its parameters (RFC 9421 sections 2.3 and 4.1).
pub(super) struct SignatureInput<'a, F> {
    pub(super) components: Components<'a>,
    /// Header names, in any case.
    pub(super) fields: F,
    pub(super) created_s: u64,
    pub(super) nonce: Option<&'a str>,
    pub(super) key_id: KeyId<'a>,
    pub(super) tag: &'a str,
}

impl<'a, F: Iterator<Item = &'a [u8]> + Clone> SignatureInput<'_, F> {
    /// Hands the values of `Signature-Input` and `Signature` to `emit`.
    pub(super) fn sign(
        &self,
        key: &HmacSha256,
        message: &Message<'_>,
        room: &mut [u8; MAX_INPUT_BYTES],
        emit: impl FnOnce(&str, &str),
    ) -> Result<(), SignError> {
        let mut writer = SliceWriter::new(room);
        self.write(&mut writer);
        let input = writer.finish().ok_or(SignError::TooLong)?;
        let list = input.strip_prefix(LABEL.as_bytes()).and_then(|rest| rest.strip_prefix(b"="));
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([key]);
        self.write_base(&mut stream, list.unwrap_or_default(), message).map_err(|_| SignError::Component)?;
        let mut room = [0; 64];
        let mut writer = SliceWriter::new(&mut room);
        writer.put(LABEL.as_bytes());
        writer.put(b"=");
        byte_sequence(&mut writer, stream.end().mac().as_bytes());
        emit(known_ascii(input), known_ascii(writer.finish().ok_or(SignError::TooLong)?));
        Ok(())
    }

    /// The signature base (RFC 9421 section 2.5), by the lines a verifier writes; `list` is what was written as its input.
    fn write_base(&self, sink: &mut impl Sink, list: &[u8], message: &Message<'_>) -> Result<(), Problem> {
        match self.components {
            Components::Known if !put_known(sink, message) => return Err(Problem::Unsignable),
            Components::Known => {}
            Components::Each(components) => {
                for Covered { identifier, component } in components {
                    sink.put(identifier);
                    finish_line(sink, component, message)?;
                }
            }
        }
        for name in self.fields.clone() {
            let mut lower = [0; MAX_FIELD_NAME_BYTES];
            let mut writer = SliceWriter::new(&mut lower);
            put_lower_case(&mut writer, name);
            let name = writer.finish().and_then(field_name).ok_or(Problem::BadName)?;
            put_quoted(sink, name.as_bytes());
            let part = Part::Field(name, Form::Joined);
            finish_line(sink, &Component { part, of_request: false }, message)?;
        }
        sink.put(PARAMETERS);
        sink.put(list);
        Ok(())
    }

    fn write(&self, sink: &mut impl Sink) {
        sink.put(LABEL.as_bytes());
        sink.put(b"=(");
        match self.components {
            Components::Known => sink.put(known::SPELLED),
            Components::Each(components) => {
                for (at, covered) in components.iter().enumerate() {
                    sink.put(if at == 0 { b"" } else { b" " });
                    sink.put(covered.identifier);
                }
            }
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
        sink.put(b";keyid=\"");
        self.key_id.write(sink);
        for part in ["\";alg=\"", ALGORITHM, "\";tag=\"", self.tag, "\""] {
            sink.put(part.as_bytes());
        }
    }
}

fn put_quoted(sink: &mut impl Sink, text: &[u8]) {
    for part in [b"\"", text, b"\""] {
        sink.put(part);
    }
}

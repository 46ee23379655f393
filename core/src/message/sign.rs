//! Signing a request in the `message` scheme, by the same signature base a verifier builds.

use super::base::{Message, write_base_of};
use super::digest::{ContentDigest, FORMATTED_LENGTH};
use super::names::{ALGORITHM, CONTENT_DIGEST, KeyId, LABEL, REQUEST_TAG, SIGNATURE, SIGNATURE_INPUT};
use super::problem::{ComponentError, Problem};
use crate::keys::{Key, KeyName, KeySource};
use crate::mac::HmacSha256;
use crate::pairwise::USER_ID;
use crate::sign::{SignError, Signer, Signing, ascii};
use crate::sink::{Sink, SliceWriter};
use crate::structured_fields::write::{byte_sequence, put_digits};
use crate::structured_fields::{Dictionary, Member};
use crate::{Header, Request, Scheme};

/// Room for a `Signature-Input` value made here: half of what a verifier reads, and some forty names.
pub(super) const MAX_INPUT_BYTES: usize = 1024;
/// The most header lines one signature covers.
const MAX_COVERED_LINES: usize = 32;

pub(crate) fn sign<K: KeySource + ?Sized>(
    signer: &Signer<'_, K>,
    request: &Request<'_>,
    signing: &Signing<'_>,
    emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    let (key, receiver) = key(signer, signing.receiver)?;
    let mut formatted = [0; FORMATTED_LENGTH];
    let digest = (!signing.body.is_empty()).then(|| ContentDigest::of(signing.body).format(&mut formatted));
    let mut lines = CoveredLines::new();
    for (name, value) in [(CONTENT_DIGEST, digest), (USER_ID, signing.user_id)] {
        lines.add_own(request, name, value)?;
    }
    signer.coverage.fields.iter().try_for_each(|name| lines.add_sent(request, name))?;
    let signature = SignatureInput {
        derived: if signer.coverage.authority { &WITH_AUTHORITY } else { &WITHOUT_AUTHORITY },
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

const WITH_AUTHORITY: [&str; 4] = ["\"@method\"", "\"@authority\"", "\"@path\"", "\"@query\""];
const WITHOUT_AUTHORITY: [&str; 3] = ["\"@method\"", "\"@path\"", "\"@query\""];

/// A pair key when the receiver is named and there is one, else the client key.
fn key<'k, 'r, K: KeySource + ?Sized>(
    signer: &Signer<'k, K>,
    receiver: &'r str,
) -> Result<(&'k Key<HmacSha256>, Option<&'r str>), SignError> {
    if !receiver.is_empty() && signer.keys.find(KeyName::Pair(signer.name, receiver)).is_some() {
        return signer.pair_key(receiver, Scheme::Message).map(|key| (key, Some(receiver)));
    }
    let client = signer.keys.find(KeyName::Client(signer.name)).ok_or(SignError::NoKey(Scheme::Message))?;
    Ok((client.primary(), None))
}

/// The header lines a signature covers, those that are added with it among them.
struct CoveredLines<'a> {
    lines: [Header<'a>; MAX_COVERED_LINES],
    used: usize,
}

impl<'a> CoveredLines<'a> {
    fn new() -> Self {
        Self { lines: [Header::new("", ""); MAX_COVERED_LINES], used: 0 }
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

/// A signature about to be made: what it covers and its parameters (RFC 9421 sections 2.3 and 4.1).
pub(super) struct SignatureInput<'a, F> {
    /// Component identifiers in their serialised form.
    pub(super) derived: &'a [&'a str],
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
        let mut list = None;
        let inputs = core::iter::once(input);
        Dictionary::visit(inputs, |_, member| list = Some(member)).map_err(|_| SignError::Component)?;
        let Some(Member::InnerList(list)) = list else { return Err(SignError::Component) };
        let mut stream = key.stream();
        write_base_of(&mut stream, &list, message).map_err(sign_error)?;
        let mut room = [0; 64];
        let mut writer = SliceWriter::new(&mut room);
        writer.put(LABEL.as_bytes());
        writer.put(b"=");
        byte_sequence(&mut writer, stream.finish().as_bytes());
        emit(ascii(input), ascii(writer.finish().ok_or(SignError::TooLong)?));
        Ok(())
    }

    fn write(&self, sink: &mut impl Sink) {
        sink.put(LABEL.as_bytes());
        sink.put(b"=(");
        for (at, name) in self.derived.iter().enumerate() {
            sink.put(if at == 0 { b"" } else { b" " });
            sink.put(name.as_bytes());
        }
        for name in self.fields.clone() {
            sink.put(b" \"");
            name.iter().for_each(|letter| sink.put(&[letter.to_ascii_lowercase()]));
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

fn sign_error(error: ComponentError) -> SignError {
    if error.problem == Problem::TooMany { SignError::TooLong } else { SignError::Component }
}

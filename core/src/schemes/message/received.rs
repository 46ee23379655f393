//! Selection of the signature for this receiver from all signatures of a message (RFC 9421 section 4).

use super::names::{KeyId, SIGNATURE, SIGNATURE_INPUT};
use super::parameters::{RawParameters, SignatureParameters};
use super::signature_fields::{Field, Fields, missing};
use crate::http_signature::component::{Component, Covered};
use crate::http_signature::covered::CoveredComponents;
use crate::http_signature::default_components;
use crate::mac::sha256::Mac;
use crate::structured_fields::bare_item::BareItem;
use crate::structured_fields::byte_sequence::{ByteSequence, spelled_bytes};
use crate::structured_fields::inner_list::Member;
use crate::structured_fields::item::Item;
use crate::structured_fields::visit::Visitor;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Header;

/// The maximum number of signatures of a message.
const MAX_SIGNATURES: usize = 16;
const MALFORMED_INPUT: Fault = Fault::malformed(SIGNATURE_INPUT);

/// A signature as received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceivedSignature<'a> {
    pub(crate) parameters: SignatureParameters<'a>,
    pub(crate) mac: Mac,
}

impl<'a> ReceivedSignature<'a> {
    /// Finds the only signature with this tag and a key id for this receiver. Two such signatures are
    /// ambiguous. The components are stored in `covered`.
    pub(crate) fn find(
        headers: &'a [Header<'a>],
        tag: &str,
        is_for_us: impl Fn(KeyId<'_>) -> bool,
        covered: &mut CoveredComponents<'a>,
    ) -> Result<Self, Fault> {
        let Fields { input, signature } = &Fields::find(headers);
        let mut inputs = Inputs::new(tag.as_bytes(), is_for_us, covered);
        input.visit(&mut inputs)?;
        let ours = inputs.ours()?;
        let (mac, parameters) = (mac(signature, ours.label)?, ours.parameters?);
        if ours.is_covered { Ok(Self { parameters, mac }) } else { Err(MALFORMED_INPUT) }
    }
}

/// A member of `Signature-Input`.
#[derive(Clone, Copy)]
struct Input<'a> {
    label: &'a [u8],
    parameters: Result<SignatureParameters<'a>, Fault>,
    /// Whether all covered components are valid.
    is_covered: bool,
}

/// A visitor for `Signature-Input`.
struct Inputs<'a, 'c, F> {
    tag: &'c [u8],
    is_for_us: F,
    ours: Option<Input<'a>>,
    /// Whether any signature has the tag, including those for other receivers.
    is_tagged: bool,
    is_well_formed: bool,
    /// The labels of all members, of which the first `members` are used.
    labels: [&'a [u8]; MAX_SIGNATURES],
    members: usize,
    /// The components of the current member and, after reading, of the selected member.
    covered: &'c mut CoveredComponents<'a>,
    is_covered: bool,
    sent: RawParameters<'a>,
}

impl<'a, 'c, F: Fn(KeyId<'_>) -> bool> Inputs<'a, 'c, F> {
    fn new(tag: &'c [u8], is_for_us: F, covered: &'c mut CoveredComponents<'a>) -> Self {
        let sent = RawParameters::default();
        Self {
            tag,
            is_for_us,
            ours: None,
            is_tagged: false,
            is_well_formed: true,
            labels: [b""; MAX_SIGNATURES],
            members: 0,
            covered,
            is_covered: true,
            sent,
        }
    }

    fn is_labelled_once(&self, label: &[u8]) -> bool {
        self.labels.iter().take(self.members).filter(|other| **other == label).count() == 1
    }

    fn ours(self) -> Result<Input<'a>, Fault> {
        match self.ours {
            Some(ours) if self.is_well_formed && self.is_labelled_once(ours.label) => Ok(ours),
            None if self.is_well_formed && self.is_tagged => Err(Reason::UnknownClient.into()),
            None if self.is_well_formed => Err(missing(SIGNATURE_INPUT)),
            _ => Err(MALFORMED_INPUT),
        }
    }

    /// Returns the current member if it is for this receiver.
    fn read(&mut self, label: &'a [u8]) -> Option<Input<'a>> {
        if !self.sent.has_tag(self.tag) {
            return None;
        }
        self.is_tagged = true;
        let parameters = self.sent.check();
        // A malformed key id is reported, because its receiver is unknown.
        if parameters.is_ok_and(|parameters| !(self.is_for_us)(parameters.key)) {
            return None;
        }
        self.is_well_formed &= self.ours.is_none() && self.sent.is_distinct();
        let is_covered = self.is_covered && self.covered.repeated().is_none();
        Some(Input { label, parameters, is_covered })
    }
}

impl<'a, F: Fn(KeyId<'_>) -> bool> Visitor<'a> for Inputs<'a, '_, F> {
    fn default_items(&mut self, list: &'a [u8]) -> usize {
        let Some([b' ' | b')', ..]) = list.strip_prefix(default_components::SPELLED) else { return 0 };
        let known = self.ours.is_some() || self.covered.add_defaults();
        if known { default_components::SPELLED.len() } else { 0 }
    }

    fn item(&mut self, identifier: &'a [u8], item: &Item<'a>) {
        if self.ours.is_none() && self.is_covered {
            let component = Component::parse(item);
            let added = component.and_then(|component| self.covered.add(Covered { identifier, component }));
            self.is_covered &= added.is_ok();
        }
    }

    fn default_parameters(&mut self, list: &'a [u8]) -> usize {
        if !list.starts_with(default_components::PARAMETERS) {
            return 0;
        }
        self.sent.add_defaults();
        default_components::PARAMETERS.len()
    }

    fn parameter(&mut self, name: &'a [u8], value: BareItem<'a>) {
        self.sent.add(name, value);
    }

    fn member(&mut self, label: &'a [u8], member: Member<'a>) -> Result<(), &'static str> {
        *self.labels.get_mut(self.members).ok_or("at most 16 signatures")? = label;
        self.members += 1;
        // RFC 9421 section 4.1: all members are inner lists, including those of other signers.
        let Member::InnerList(list) = member else { return Err("an inner list") };
        match self.read(label) {
            Some(ours) => {
                self.covered.set_list(list);
                self.ours = Some(ours);
            }
            None if self.ours.is_none() => self.covered.clear(),
            None => {}
        }
        self.is_covered = true;
        self.sent.clear();
        Ok(())
    }
}

/// The number of members with the label in `Signature`, and the last value.
struct Labelled<'a> {
    label: &'a [u8],
    times: usize,
    /// The last value, if it is a byte sequence.
    bytes: Option<ByteSequence<'a>>,
}

impl<'a> Labelled<'a> {
    fn find(field: &Field<'a>, label: &'a [u8]) -> Result<Self, Fault> {
        let mut labelled = Self { label, times: 0, bytes: None };
        field.visit(&mut labelled)?;
        Ok(labelled)
    }
}

impl<'a> Visitor<'a> for Labelled<'a> {
    fn member(&mut self, label: &'a [u8], member: Member<'a>) -> Result<(), &'static str> {
        if label == self.label {
            self.times += 1;
            self.bytes = if let Member::Item(item) = member { item.value.as_byte_sequence() } else { None };
        }
        Ok(())
    }
}

fn mac<'a>(signature: &Field<'a>, label: &'a [u8]) -> Result<Mac, Fault> {
    match signature.only_line().and_then(|line| only_mac(line, label)) {
        Some(mac) => Ok(mac),
        None => labelled_mac(signature, label),
    }
}

/// Returns the MAC if the field contains a single signature in canonical form. This is the usual case and
/// avoids the dictionary parser.
fn only_mac(line: &[u8], label: &[u8]) -> Option<Mac> {
    spelled_bytes(line.strip_prefix(label)?.strip_prefix(b"=")?).map(Mac::from_bytes)
}

fn labelled_mac<'a>(signature: &Field<'a>, label: &'a [u8]) -> Result<Mac, Fault> {
    match Labelled::find(signature, label)? {
        Labelled { times: 1, bytes, .. } => bytes.and_then(decode).ok_or(Fault::malformed(SIGNATURE)),
        Labelled { times: 0, .. } => Err(missing(SIGNATURE)),
        _ => Err(Fault::malformed(SIGNATURE)),
    }
}

fn decode(bytes: ByteSequence<'_>) -> Option<Mac> {
    let mut mac = [0; 32];
    let decoded = bytes.decode(&mut mac)?.len();
    (decoded == mac.len()).then_some(Mac::from_bytes(mac))
}

#[cfg(test)]
mod tests;

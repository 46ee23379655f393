//! Selects the signature to verify if a message has several signatures (RFC 9421 section 4).

#[cfg(test)]
mod tests;

use super::names::{KeyId, SIGNATURE, SIGNATURE_INPUT};
use super::parameters::{RawParameters, SignatureParameters};
use crate::http_signature::covered::{CoveredComponents, SPELLED};
use crate::http_signature::effort::{Extent, MAX_SEPARATORS};
use crate::http_signature::field::lines;
use crate::mac::sha256::Mac;
use crate::structured_fields::Lines;
use crate::structured_fields::dictionary::{next_inner_list, only_bytes};
use crate::structured_fields::item::Item;
use crate::structured_fields::members::Members;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Header;

/// The maximum number of signatures in a message.
const MAX_SIGNATURES: usize = 16;
const MALFORMED_INPUT: Fault = Fault::malformed(SIGNATURE_INPUT);

/// The signature that was selected, with its MAC.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceivedSignature<'a> {
    pub(crate) parameters: SignatureParameters<'a>,
    pub(crate) mac: Mac,
}

impl<'a> ReceivedSignature<'a> {
    /// Finds the signature that has this tag and a key id for this receiver. A message with two such
    /// signatures is ambiguous and therefore rejected. The covered components are stored in `covered`.
    pub(crate) fn find(
        headers: &'a [Header<'a>],
        tag: &str,
        is_for_us: impl Fn(KeyId<'_>) -> bool,
        covered: &mut CoveredComponents<'a>,
    ) -> Result<Self, Fault> {
        let ours = input(headers, tag, is_for_us, covered)?;
        let (mac, parameters) = (mac(headers, ours.label)?, ours.parameters?);
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

/// Finds the member of `Signature-Input` that is for this receiver. All members must be inner lists,
/// including those of other signers (RFC 9421 section 4.1).
fn input<'a>(
    headers: &'a [Header<'a>],
    tag: &str,
    is_for_us: impl Fn(KeyId<'_>) -> bool,
    covered: &mut CoveredComponents<'a>,
) -> Result<Input<'a>, Fault> {
    let mut members = Members::new(limited(headers, SIGNATURE_INPUT)?);
    let (mut labels, mut count) = ([b"".as_slice(); MAX_SIGNATURES], 0);
    let (mut ours, mut is_tagged, mut is_well_formed) = (None::<Input<'a>>, false, true);
    loop {
        let (mut sent, mut is_covered) = (RawParameters::default(), true);
        let item = |identifier, item: Option<&Item<'a>>| {
            if ours.is_none() && is_covered {
                is_covered = match item {
                    Some(item) => covered.add(identifier, item).is_ok(),
                    None => covered.add_defaults(),
                };
            }
        };
        let next = next_inner_list(&mut members, SPELLED, item, |name, value| sent.add(name, value));
        let Some((label, list)) = next.map_err(|_| MALFORMED_INPUT)? else { break };
        *labels.get_mut(count).ok_or(MALFORMED_INPUT)? = label;
        count += 1;
        let parameters = sent.has_tag(tag.as_bytes()).then(|| sent.check());
        is_tagged |= parameters.is_some();
        // A signature with invalid parameters is an error, because it could be the one for this receiver.
        let is_ours = |read: &Result<SignatureParameters<'_>, _>| {
            read.is_err() || read.is_ok_and(|read| is_for_us(read.key))
        };
        if let Some(parameters) = parameters.filter(is_ours) {
            is_well_formed &= ours.is_none() && sent.are_distinct(&list);
            covered.set_list(list);
            ours = Some(Input { label, parameters, is_covered });
        } else if ours.is_none() {
            covered.clear();
        }
    }
    let is_once = |label| labels.iter().take(count).filter(|other| **other == label).count() == 1;
    match ours {
        Some(ours) if is_well_formed && is_once(ours.label) => Ok(ours),
        None if is_tagged => Err(Reason::UnknownClient.into()),
        None => Err(missing(SIGNATURE_INPUT)),
        _ => Err(MALFORMED_INPUT),
    }
}

fn mac(headers: &[Header<'_>], label: &[u8]) -> Result<Mac, Fault> {
    let malformed = Fault::malformed(SIGNATURE);
    let found = only_bytes(limited(headers, SIGNATURE)?, label).map_err(|_| malformed)?;
    found.ok_or(missing(SIGNATURE))?.map(Mac::from_bytes).ok_or(malformed)
}

/// Returns the lines of a field. Fails if the field is absent or exceeds the limits.
fn limited<'a>(headers: &'a [Header<'a>], name: &'static str) -> Result<impl Lines<'a>, Fault> {
    let lines = lines(headers, name);
    let size = |(count, bytes): (usize, usize), line: &[u8]| (count + 1, bytes + line.len());
    let (count, bytes) = lines.clone().take(MAX_SEPARATORS + 1).fold((0, 0), size);
    if count == 0 {
        return Err(missing(name));
    }
    // A short field cannot contain too many separators, so there is no need to count them.
    let fits = bytes <= 2 * MAX_SEPARATORS || Extent::of(lines.clone()).is_some();
    if count <= MAX_SEPARATORS && fits { Ok(lines) } else { Err(Fault::malformed(name)) }
}

const fn missing(name: &'static str) -> Fault {
    Fault { reason: Reason::MissingHeaders, field: Some(name) }
}

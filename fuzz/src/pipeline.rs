//! The fuzz targets for the verification of requests in each scheme. A request must not cause a panic, and
//! must be accepted only if it is signed, and only once. The result must be the same for a complete body and
//! for a body in parts.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::replay::HeapTable;
use sealwire_core::{Policy, Reason, Rejection, Scheme, Text, Verifier, canonical_name};
use sfv::{BareItem, Dictionary, FieldType as _, Item, ListEntry};

use crate::oracle::{CLIENT_SECRET, OLD_SECRET, PAIR_SECRET, hex, sha256, sha256_mac};
use crate::wire::Wire;

/// The keys that most vectors use: one key set for a pair and one for a client.
pub static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let mut builder = KeyRingBuilder::new(Strength::AllowWeak);
    let old = Version { number: 2, secret: OLD_SECRET };
    builder
        .add(KeyName::Pair("agent", "practices"), &[Version { number: 1, secret: PAIR_SECRET }, old], 1)
        .unwrap();
    builder
        .add(KeyName::Client("billing-service"), &[old, Version { number: 1, secret: CLIENT_SECRET }], 1)
        .unwrap();
    builder.build()
});

/// Checks that an accepted `message` request was signed.
pub fn message(data: &[u8]) {
    let wire = Wire::read(data);
    if judged(Scheme::Message, &wire).is_some() {
        assert!(is_message_signed(&wire), "accepted, but not signed");
    }
}

/// Checks that an accepted `pairwise` request was signed.
pub fn pairwise(data: &[u8]) {
    let wire = Wire::read(data);
    let Some(accepted) = judged(Scheme::Pairwise, &wire) else { return };
    let [sender, timestamp, signature] = ["X-Service-Name", "X-Service-Timestamp", "X-Service-Signature"]
        .map(|name| wire.only(name).expect("each header occurs once"));
    let sent = std::str::from_utf8(sender).expect("an accepted name is ASCII");
    assert_eq!(accepted, canonical_name(sent));
    let method = wire.method.to_ascii_uppercase();
    let path = wire.target.split(|byte| *byte == b'?').next().unwrap();
    let parts = [timestamp, b".", sender, b".practices.", &method, b".", path, b".", wire.body];
    assert!(is_mac(signature, PAIR_SECRET, &parts), "accepted, but not signed");
}

/// Checks that an accepted `client` request was signed.
pub fn client(data: &[u8]) {
    let wire = Wire::read(data);
    let Some(accepted) = judged(Scheme::Client, &wire) else { return };
    let [id, timestamp, request_id, signature] =
        ["X-Client-Id", "X-Timestamp", "X-Request-ID", "X-Signature"]
            .map(|name| wire.only(name).expect("each header occurs once"));
    let sent = std::str::from_utf8(id).expect("an accepted id is ASCII");
    assert_eq!(accepted, canonical_name(sent));
    let parts = [id, b":", timestamp, b":", wire.method, b":", wire.target, b":", request_id];
    assert!(is_mac(signature, CLIENT_SECRET, &parts), "accepted, but not signed");
}

fn is_mac(signature: &[u8], secret: &[u8], parts: &[&[u8]]) -> bool {
    [secret, OLD_SECRET].iter().any(|key| hex(&sha256_mac(key, parts)).as_bytes() == signature)
}

/// Returns the policy of a service that accepts one scheme and does not trust unsigned data.
pub fn policy(scheme: Scheme) -> Policy {
    let service = Text::new("practices").unwrap();
    Policy {
        schemes: [Some(scheme), None, None],
        claim_pairwise: true,
        max_body_bytes: 4096,
        ..Policy::new(service)
    }
}

/// Verifies a request and returns the sender if the request is accepted. Checks that a replay is rejected,
/// that rejections have a status and a message, and that the result is the same if the body is verified in
/// parts.
fn judged(scheme: Scheme, wire: &Wire<'_>) -> Option<String> {
    let policy = policy(scheme);
    let verifier = Verifier { policy: &policy, keys: &*RING };
    let request = wire.request();
    let table = HeapTable::new(64, [7; 16], 0);
    let whole = verifier.verify(&request, wire.body, Some(&table), wire.now_ms);
    let pieces = in_pieces(&verifier, wire);
    match &whole {
        Ok(identity) => {
            assert_eq!(pieces.as_ref().map(|(sender, _)| sender.as_str()), Ok(identity.sender));
            let again = verifier.verify(&request, wire.body, Some(&table), wire.now_ms);
            assert_eq!(again.map_err(|rejected| rejected.reason), Err(Reason::Replayed));
        }
        Err(rejected) => {
            assert!(
                (400..=503).contains(&rejected.reason.http_status()),
                "the status is not a documented error status"
            );
            assert!(!rejected.public_text().is_empty());
            let other = pieces.map_err(|other| other.reason).err();
            // If a body is too long and has no signed digest, two errors are possible. If the body is
            // verified in parts, the missing digest can be reported first.
            let known_early =
                (rejected.reason, other) == (Reason::BodyTooLarge, Some(Reason::MissingCoverage));
            assert!(
                known_early || other == Some(rejected.reason),
                "{:?}, in pieces {other:?}",
                rejected.reason
            );
        }
    }
    Some(whole.ok()?.sender.to_owned())
}

fn in_pieces<'k>(verifier: &Verifier<'_, 'k, KeyRing>, wire: &Wire<'_>) -> Result<(String, u32), Rejection> {
    let table = HeapTable::new(64, [7; 16], 0);
    let mut pending = verifier.begin(&wire.request(), Some(&table), wire.now_ms)?;
    for piece in wire.body.chunks(1 + wire.body.len() / 3) {
        pending.update(piece)?;
    }
    let proven = pending.finish()?;
    let identity = verifier.claim(&proven, &table, wire.now_ms)?;
    Ok((identity.sender.to_owned(), identity.key_version))
}

/// Returns `true` if the request is signed. The MAC is checked only if [`plain_base`] supports all
/// components. The digest of the body is always checked.
fn is_message_signed(wire: &Wire<'_>) -> bool {
    let body_is_signed = wire.body.is_empty() || {
        let digest = STANDARD.encode(sha256(wire.body));
        wire.headers.iter().any(|header| {
            header.name.eq_ignore_ascii_case(b"content-digest")
                && header.value.windows(digest.len()).any(|window| window == digest.as_bytes())
        })
    };
    body_is_signed
        && plain_base(wire).is_none_or(|(base, mac)| {
            [PAIR_SECRET, CLIENT_SECRET, OLD_SECRET].iter().any(|key| sha256_mac(key, &[&base]) == mac)
        })
}

/// Returns the signature base and the received MAC. The fields are parsed with another library, which removes
/// optional spaces.
fn plain_base(wire: &Wire<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let field = |name| sfv::Parser::new(wire.only(name)?).parse::<Dictionary>().ok();
    let (mut inputs, macs) = (field("Signature-Input")?, field("Signature")?);
    let input = inputs.swap_remove("sealwire").filter(|_| inputs.is_empty())?;
    let ListEntry::Item(Item { bare_item: BareItem::ByteSequence(mac), .. }) = macs.get("sealwire")? else {
        return None;
    };
    let ListEntry::InnerList(list) = &input else { return None };
    let mut base = Vec::new();
    for component in &list.items {
        let name = component.bare_item.as_string().filter(|_| component.params.is_empty())?.as_str();
        base.extend([b"\"".as_slice(), name.as_bytes(), b"\": ", &value(wire, name)?, b"\n"].concat());
    }
    base.extend([b"\"@signature-params\": ".as_slice(), vec![input].serialize()?.as_bytes()].concat());
    Some((base, mac.clone()))
}

fn value(wire: &Wire<'_>, name: &str) -> Option<Vec<u8>> {
    let (path, query) = crate::wire::cut(wire.target, b'?');
    Some(match name {
        "@method" => wire.method.to_vec(),
        "@authority" => crate::wire::authority(wire.authority),
        "@path" => path.to_vec(),
        "@query" => [b"?", query].concat(),
        name if !name.starts_with('@') && !name.contains('"') => wire.only(name)?.to_vec(),
        _ => return None,
    })
}

//! Keys, requests and signed headers for the tests of several modules.

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::{Coverage, Header, Policy, Request, Scheme, SignError, Signer, Signing, Text};

pub(crate) const NOW_MS: u64 = 1_712_419_200_000;
pub(crate) const SECRET: &[u8] = b"an example secret of 32 bytes ok";
/// The secret of the client `agent`. The service `agent` also has a pair key with `practices`.
const CLIENT_SECRET: &[u8] = b"another secret, also of 32 bytes";

/// The names and values of headers, in the order in which they are sent.
pub(crate) type Headers = Vec<(String, String)>;

/// Returns a key ring with a key for the pair `agent` and `practices` (version 1), and with client keys for
/// `agent` (version 9) and `billing` (version 3).
pub(crate) fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    builder.add(KeyName::Pair("agent", "practices"), &[Version { number: 1, secret: SECRET }], 1).unwrap();
    builder.add(KeyName::Client("agent"), &[Version { number: 9, secret: CLIENT_SECRET }], 9).unwrap();
    builder.add(KeyName::Client("billing"), &[Version { number: 3, secret: SECRET }], 3).unwrap();
    builder.build()
}

/// Returns a policy for `practices` that accepts only one scheme.
pub(crate) fn policy(scheme: Scheme) -> Policy {
    Policy { schemes: [Some(scheme), None, None], ..Policy::new(Text::new("practices").unwrap()) }
}

/// Returns a request to `practices`.
pub(crate) fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: b"POST", target: b"/a", authority: b"practices", scheme: b"https", headers }
}

/// The inputs for signing a request to `practices` with an empty body.
pub(crate) const SIGNING: Signing<'static> =
    Signing { receiver: "practices", body: b"", user_id: None, nonce: "n-1", now_ms: NOW_MS };

pub(crate) fn signer<'a>(name: &'a str, keys: &'a KeyRing, scheme: Scheme) -> Signer<'a, KeyRing> {
    Signer { name, keys, schemes: [Some(scheme), None, None], coverage: Coverage::default() }
}

/// Returns the headers that the signer adds to the request.
pub(crate) fn sign(
    signer: &Signer<'_, KeyRing>,
    request: &Request<'_>,
    signing: &Signing<'_>,
) -> Result<Headers, SignError> {
    let mut headers = Headers::new();
    signer.sign(request, signing, |name, value| headers.push((name.into(), value.into())))?;
    Ok(headers)
}

pub(crate) fn lines(headers: &Headers) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

pub(crate) fn value<'a>(headers: &'a Headers, name: &str) -> &'a str {
    &headers.iter().find(|(held, _)| held == name).unwrap().1
}

/// Checks that all messages differ, and that each value in `named` occurs in one of them.
pub(crate) fn assert_messages_name(errors: &[&dyn core::error::Error], named: &[&str]) {
    let messages: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert!(messages.iter().all(|text| text.len() > 20), "{messages:?}");
    let distinct: std::collections::HashSet<_> = messages.iter().collect();
    assert_eq!(distinct.len(), messages.len(), "{messages:?}");
    for name in named {
        assert!(messages.iter().any(|text| text.contains(name)), "{name} in {messages:?}");
    }
}

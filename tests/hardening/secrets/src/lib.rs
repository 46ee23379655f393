//! Functions that the programs `constant_time` and `wipe` share. They sign and verify requests with each
//! scheme.

use sealwire_core::Exchange;
use sealwire_core::connection_string::{ConnectionString, Draft, Expiry, Timestamp, Uuid};
use sealwire_core::keys::{KeyName, KeySource};
use sealwire_core::{Coverage, Header, Policy, Request, Scheme, Signer, Signing, Text, Verifier};

pub const NOW_MS: u64 = 1_712_419_200_000;

type Headers = Vec<(&'static str, String)>;

/// Signs a request. Calls `seen` with each header value before using the value.
pub fn sign(keys: &(impl KeySource + ?Sized), scheme: Scheme, seen: impl Fn(&str)) -> Headers {
    let name = if scheme == Scheme::Client { "billing-service" } else { "agent" };
    let signer = Signer { name, keys, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
    let signing = Signing { receiver: "practices", body: b"{}", user_id: None, nonce: "n-1", now_ms: NOW_MS };
    let mut headers = Headers::new();
    let emit = |name, value: &str| {
        seen(value);
        headers.push((name, value.to_owned()));
    };
    signer.sign(&request(&[]), &signing, emit).unwrap();
    headers
}

/// Returns whether the request is accepted with these headers.
pub fn verify(keys: &(impl KeySource + ?Sized), scheme: Scheme, headers: &[Header<'_>]) -> bool {
    let service = Text::new("practices").unwrap();
    let policy = Policy { schemes: [Some(scheme), None, None], ..Policy::new(service) };
    Verifier { policy: &policy, keys }.verify(&request(headers), b"{}", None, NOW_MS).is_ok()
}

/// Verifies the request in parts. As in the bindings, the verification state is on the heap. Also starts a
/// verification that is never finished.
pub fn verify_in_pieces(keys: &(impl KeySource + ?Sized), scheme: Scheme, headers: &[Header<'_>]) -> bool {
    let service = Text::new("practices").unwrap();
    let policy = Policy { schemes: [Some(scheme), None, None], ..Policy::new(service) };
    let verifier = Verifier { policy: &policy, keys };
    let begin = || verifier.begin(&request(headers), None, NOW_MS).map(Box::new);
    let (Ok(mut pending), Ok(mut abandoned)) = (begin(), begin()) else { return false };
    let updated =
        abandoned.update(b"{").and_then(|()| pending.update(b"{")).and_then(|()| pending.update(b"}"));
    updated.is_ok() && pending.finish().is_ok()
}

pub fn lines(headers: &Headers) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

/// Issues a token. Calls `seen` with the token before using the token.
pub fn issue(keys: &(impl KeySource + ?Sized), seen: impl Fn(&[u8])) -> Vec<u8> {
    let expires = Timestamp::new(1_893_553_445, 0).unwrap();
    let draft = Draft { account: Uuid::nil(), expires, roles: &[], tenant: None, subscription: None };
    let mut out = [0; 512];
    let length = draft.issue(keys.issuer().unwrap(), &mut out).unwrap();
    seen(&out[..length]);
    out[..length].to_vec()
}

/// Returns whether the token is valid.
pub fn verify_token(keys: &(impl KeySource + ?Sized), token: &[u8]) -> bool {
    ConnectionString::read(token, |read| {
        read.is_ok_and(|string| string.verify(keys.issuer().unwrap(), NOW_MS / 1000, Expiry::Checked).is_ok())
    })
}

/// The names of the key sets that contain the secret.
pub const NAMES: [KeyName<'static>; 2] =
    [KeyName::Pair("agent", "practices"), KeyName::Client("billing-service")];

fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request {
        method: b"POST",
        target: b"/graphql?a=b",
        authority: b"practices.internal",
        scheme: b"https",
        headers,
    }
}

/// Returns the `Exchange` for a response to a request with these headers.
pub fn exchange<'e, K: ?Sized>(keys: &'e K, scheme: Scheme, headers: &'e [Header<'e>]) -> Exchange<'e, K> {
    let caller = if scheme == Scheme::Client { "billing-service" } else { "agent" };
    Exchange { caller, service: "practices", keys, scheme, request: request(headers) }
}

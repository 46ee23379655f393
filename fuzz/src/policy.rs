//! The fuzz target for the path rules of a policy. If a path is below a prefix, it must still be below the
//! prefix after a server has decoded and normalised it.

use sealwire_core::{
    Coverage, Header, Policy, Request, Scheme, SenderPolicy, Signer, Signing, Text, Verifier,
};

use crate::pipeline::{RING, policy};
use crate::wire::NOW_MS;

/// Checks exempt paths and path prefixes. The input is a path.
pub fn policy_paths(data: &[u8]) {
    let path = data.split(|byte| *byte == b'?').next().unwrap_or_default();
    let mut exempting = policy(Scheme::Message);
    exempting.exempt_paths = vec![Text::new("/public/*").unwrap(), Text::new("/live").unwrap()];
    if exempting.is_exempt(path) {
        assert!(
            path == b"/live" || normal(path).starts_with(b"/public/"),
            "the path is exempt, but a server can route it to another path"
        );
    }
    if is_allowed(path) {
        let normal = normal(path);
        assert!(
            normal == b"/api" || normal.starts_with(b"/api/"),
            "the path is allowed, but a server can route it to another path"
        );
    }
}

fn is_allowed(path: &[u8]) -> bool {
    let rule = SenderPolicy {
        name: Text::new("agent").unwrap(),
        methods: Vec::new(),
        path_prefixes: vec![Text::new("/api").unwrap()],
    };
    let policy = Policy { senders: vec![rule], ..policy(Scheme::Message) };
    let request = Request { method: b"GET", target: path, authority: b"a", scheme: b"https", headers: &[] };
    let signer =
        Signer { name: "agent", keys: &*RING, schemes: policy.schemes, coverage: Coverage::default() };
    let signing = Signing { receiver: "practices", nonce: "n-1", now_ms: NOW_MS, ..Signing::default() };
    let mut headers = Vec::new();
    let signed = signer.sign(&request, &signing, |name, value| headers.push((name, value.to_owned())));
    let headers: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    let verifier = Verifier { policy: &policy, keys: &*RING };
    signed.is_ok() && verifier.verify(&Request { headers: &headers, ..request }, b"", None, NOW_MS).is_ok()
}

/// Returns the path after the most extensive normalisation that servers perform. The path is percent-decoded
/// once, backslashes are replaced with slashes, repeated slashes are merged, and dot segments are removed.
fn normal(path: &[u8]) -> Vec<u8> {
    let decoded: Vec<u8> =
        decode(path).into_iter().map(|byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let mut segments: Vec<&[u8]> = Vec::new();
    for segment in decoded.split(|byte| *byte == b'/') {
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let mut normal = [b"/".as_slice(), &segments.join(b"/".as_slice())].concat();
    if decoded.ends_with(b"/") && normal.len() > 1 {
        normal.push(b'/');
    }
    normal
}

fn decode(path: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = path;
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%').then(|| after.get(..2)).flatten();
        let value = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match value {
            Some(byte) => (decoded.push(byte), rest = &after[2..]).1,
            None => (decoded.push(*first), rest = after).1,
        }
    }
    decoded
}

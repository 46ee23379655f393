//! Property tests with random requests. Signed requests are accepted, different requests have different
//! signing inputs, and requests with a flipped bit are rejected.

use proptest::prelude::{
    Just, ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, prop_assert_ne, prop_oneof, proptest,
};
use sealwire_core::{Header, Request, Scheme, Signing, Verifier};

use crate::common::{Headers, NOW_MS, SIGNING, policy, ring, sign, signer};

/// A request to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    method: Vec<u8>,
    target: Vec<u8>,
    authority: Vec<u8>,
    nonce: String,
    user_id: Option<String>,
    body: Vec<u8>,
    now_ms: u64,
}

/// Generates a request. The alphabets are small, so that equal parts and separators occur often.
fn sent() -> impl Strategy<Value = Sent> {
    let method = prop_oneof![Just("GET".to_owned()), Just("POST".to_owned()), "[A-Z]{1,6}"];
    let user = prop::option::of("[a-c:.]{1,4}");
    (
        method,
        "/[a-c:.?/%&=-]{0,8}",
        "[a-c.]{1,4}(:80)?",
        "[a-c.-]{1,5}",
        user,
        prop::collection::vec(0_u8..4, 0..4),
        0_u64..3,
    )
        .prop_map(|(method, target, authority, nonce, user_id, body, seconds)| Sent {
            method: method.into_bytes(),
            target: target.into_bytes(),
            authority: authority.into_bytes(),
            nonce,
            user_id,
            body,
            now_ms: NOW_MS + seconds * 1000,
        })
}

impl Sent {
    fn request<'a>(&'a self, headers: &'a [Header<'a>]) -> Request<'a> {
        let Self { method, target, authority, .. } = self;
        Request { method, target, authority, scheme: b"http", headers }
    }

    fn sign(&self, scheme: Scheme) -> Headers {
        let signing = Signing {
            body: &self.body,
            user_id: self.user_id.as_deref(),
            nonce: &self.nonce,
            now_ms: self.now_ms,
            ..SIGNING
        };
        sign(&signer("agent", &ring(), scheme), &self.request(&[]), &signing).unwrap()
    }

    fn passes(&self, scheme: Scheme, headers: &[(Vec<u8>, Vec<u8>)]) -> bool {
        let (ring, policy) = (ring(), policy(scheme));
        let lines: Vec<_> = headers.iter().map(|(name, value)| Header { name, value }).collect();
        let verifier = Verifier { policy: &policy, keys: &ring };
        verifier.verify(&self.request(&lines), &self.body, None, NOW_MS).is_ok()
    }

    /// Returns only the signed parts of the request. If the signed parts of two requests differ, their
    /// signatures must differ.
    fn signed_parts(&self, scheme: Scheme) -> Self {
        let mut parts = self.clone();
        if scheme == Scheme::Client {
            (parts.body, parts.user_id, parts.authority) = (Vec::new(), None, Vec::new());
        } else {
            // The default port and an empty query are normalised (RFC 9421 sections 2.2.3 and 2.2.7).
            parts.authority = parts.authority.strip_suffix(b":80").unwrap_or(&parts.authority).to_vec();
            let path = parts.target.strip_suffix(b"?").filter(|path| !path.contains(&b'?'));
            parts.target = path.unwrap_or(&parts.target).to_vec();
        }
        parts
    }
}

fn bytes(headers: &Headers) -> Vec<(Vec<u8>, Vec<u8>)> {
    headers.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())).collect()
}

fn signature(headers: &Headers) -> &str {
    &headers
        .iter()
        .find(|(name, _)| ["X-Signature", "X-Service-Signature", "Signature"].contains(&name.as_str()))
        .unwrap()
        .1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn signed_requests_verify(sent in sent()) {
        for scheme in Scheme::ALL {
            prop_assert!(sent.passes(scheme, &bytes(&sent.sign(scheme))), "{}", scheme);
        }
    }

    #[test]
    fn different_requests_are_signed_differently(one in sent(), other in sent()) {
        // `pairwise` is excluded, because the boundary between its path and its body is ambiguous.
        for scheme in [Scheme::Message, Scheme::Client] {
            let same = one.signed_parts(scheme) == other.signed_parts(scheme);
            let (one, other) = (one.sign(scheme), other.sign(scheme));
            if same {
                prop_assert_eq!(signature(&one), signature(&other));
            } else {
                prop_assert_ne!(signature(&one), signature(&other));
            }
        }
    }

    #[test]
    fn a_request_with_one_bit_flipped_is_rejected(
        sent in sent(),
        part: prop::sample::Index,
        at: prop::sample::Index,
        bit in 0_u32..8,
    ) {
        for scheme in Scheme::ALL {
            let headers = bytes(&sent.sign(scheme));
            let (mut changed, mut lines) = (sent.clone(), headers.clone());
            let mut parts: Vec<&mut Vec<u8>> = lines.iter_mut().map(|(_, value)| value).collect();
            parts.extend([&mut changed.method, &mut changed.target, &mut changed.body, &mut changed.authority]);
            let chosen = part.index(parts.len());
            let place = &mut *parts[chosen];
            if place.is_empty() {
                continue;
            }
            let byte = at.index(place.len());
            place[byte] ^= 1 << bit;
            if is_signed(scheme, &sent, &changed, &headers, &lines) {
                prop_assert!(!changed.passes(scheme, &lines), "{}: part {}, byte {}", scheme, chosen, byte);
            }
        }
    }
}

type Lines = [(Vec<u8>, Vec<u8>)];

/// Returns `true` if the scheme signs the changed part. docs/schemes.md also lists the unsigned parts.
fn is_signed(scheme: Scheme, sent: &Sent, changed: &Sent, headers: &Lines, lines: &Lines) -> bool {
    match scheme {
        // The comparison of hosts ignores case.
        Scheme::Message => {
            let lower = |sent: &Sent| Sent { authority: sent.authority.to_ascii_lowercase(), ..sent.clone() };
            headers != lines || lower(sent) != lower(changed)
        }
        Scheme::Client => {
            headers != lines || (&sent.method, &sent.target) != (&changed.method, &changed.target)
        }
        // The method is signed in upper case. The query, the host and the user id are not signed.
        _ => {
            let signed = |sent: &Sent, lines: &Lines| {
                let lines =
                    lines.iter().filter(|(name, _)| name != b"X-User-ID").cloned().collect::<Vec<_>>();
                (
                    sent.method.to_ascii_uppercase(),
                    sent.request(&[]).path().to_vec(),
                    sent.body.clone(),
                    lines,
                )
            };
            signed(sent, headers) != signed(changed, lines)
        }
    }
}

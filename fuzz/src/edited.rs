//! The fuzz target for edited requests. An edited request may be accepted only if the edits change unsigned
//! parts.

use sealwire_core::{Coverage, Header, Request, Scheme, Signer, Signing, Verifier};

use crate::pipeline::{RING, policy};
use crate::wire::{NOW_MS, Wire, authority, cut};

type Headers = Vec<(Vec<u8>, Vec<u8>)>;

/// Signs a request, applies edits, and verifies the edited request. The input is a request, a NUL, and the
/// edits. Each edit has three bytes.
pub fn edited(data: &[u8]) {
    let (request, edits) = cut(data, 0);
    let wire = Wire::read(request);
    for scheme in Scheme::ALL {
        let Some(signed) = Parts::signed(scheme, &wire) else { continue };
        assert!(signed.passes(scheme), "the signed request is rejected");
        let mut changed = signed.clone();
        edits.chunks_exact(3).take(8).for_each(|edit| changed.apply(edit));
        if changed.covered(scheme) != signed.covered(scheme) {
            assert!(!changed.passes(scheme), "{scheme}: accepted, but different from the signed request");
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
struct Parts {
    method: Vec<u8>,
    target: Vec<u8>,
    authority: Vec<u8>,
    body: Vec<u8>,
    headers: Headers,
}

impl Parts {
    fn signed(scheme: Scheme, wire: &Wire<'_>) -> Option<Self> {
        let name = if scheme == Scheme::Client { "billing-service" } else { "agent" };
        let signer =
            Signer { name, keys: &*RING, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
        let signing = Signing {
            receiver: "practices",
            body: wire.body,
            user_id: Some("7"),
            nonce: "n-1",
            now_ms: NOW_MS,
        };
        let mut headers = Headers::new();
        let emit = |name: &'static str, value: &str| headers.push((name.into(), value.into()));
        let request = Request { headers: &[], ..wire.request() };
        signer.sign(&request, &signing, emit).ok()?;
        let [method, target, authority, body] =
            [wire.method, wire.target, wire.authority, wire.body].map(<[u8]>::to_vec);
        (body.len() <= 4096).then_some(Self { method, target, authority, body, headers })
    }

    fn passes(&self, scheme: Scheme) -> bool {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| Header { name, value }).collect();
        let Self { method, target, authority, .. } = self;
        let request = Request { method, target, authority, scheme: b"https", headers: &headers };
        let policy = policy(scheme);
        Verifier { policy: &policy, keys: &*RING }.verify(&request, &self.body, None, NOW_MS).is_ok()
    }

    /// Applies an edit, which replaces, inserts or removes a byte. The first byte of an edit selects the part
    /// and the operation, the second byte selects the position, and the third byte is the new value.
    fn apply(&mut self, edit: &[u8]) {
        let [part, place, byte] = [edit[0], edit[1], edit[2]].map(usize::from);
        let mut parts = vec![&mut self.method, &mut self.target, &mut self.authority, &mut self.body];
        parts.extend(self.headers.iter_mut().map(|(_, value)| value));
        let count = parts.len();
        let chosen = &mut *parts[part % count];
        let place = place % (chosen.len() + 1);
        let byte = u8::try_from(byte).unwrap();
        match (part / count % 3, place < chosen.len()) {
            (0, true) => chosen[place] = byte,
            (1, true) => drop(chosen.remove(place)),
            _ => chosen.insert(place, byte),
        }
    }

    /// Returns only the parts that the scheme signs. docs/schemes.md lists the unsigned parts.
    fn covered(&self, scheme: Scheme) -> Self {
        let mut covered = self.clone();
        let trimmed = |value: &mut Vec<u8>| *value = value.trim_ascii().to_vec();
        match scheme {
            Scheme::Message => {
                covered.authority = authority(&covered.authority);
                // An empty query is equivalent to no query (RFC 9421 section 2.2.7).
                if covered.target.iter().position(|byte| *byte == b'?')
                    == Some(covered.target.len().wrapping_sub(1))
                {
                    covered.target.pop();
                }
                covered.headers.iter_mut().for_each(|(_, value)| *value = structured(value));
            }
            Scheme::Pairwise => {
                covered.method.make_ascii_uppercase();
                covered.target = cut(&covered.target, b'?').0.to_vec();
                covered.headers.retain(|(name, _)| name != b"X-User-ID");
                covered.authority.clear();
                // The boundary between path and body is ambiguous, so the comparison uses the joined path and
                // body.
                let joined = [&*covered.target, b".", &covered.body].concat();
                (covered.target, covered.body) = (joined, Vec::new());
            }
            _ => {
                covered.authority.clear();
                covered.body.clear();
            }
        }
        covered.headers.iter_mut().for_each(|(_, value)| trimmed(value));
        covered
    }
}

/// Returns a field value without optional spaces between members and parameters.
fn structured(value: &[u8]) -> Vec<u8> {
    let mut quoted = false;
    let kept = value.iter().filter(|byte| {
        quoted ^= **byte == b'"';
        quoted || !b" \t".contains(byte)
    });
    kept.copied().collect()
}

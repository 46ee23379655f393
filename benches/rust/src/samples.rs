//! The request that all benchmarks use, which is also an example in the documentation. With the `client`
//! scheme, its signing input has 98 bytes.

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::{Coverage, Header, Policy, Request, Scheme, Signer, Signing, Text};

pub const CLIENT: &str = "billing-service";
pub const SENDER: &str = "agent";
pub const RECEIVER: &str = "practices";
pub const SECRET: &[u8] = b"0123456789abcdef-bench-secret-32";
pub const METHOD: &[u8] = b"POST";
pub const TARGET: &[u8] = b"/auth/user/refresh-session";
pub const START_MS: u64 = 1_712_419_200_000;

/// The headers that a typical request contains in addition to the signature headers.
pub const ORDINARY: [Header<'static>; 4] = [
    Header::new("host", "iam.internal"),
    Header::new("user-agent", "billing/1.4"),
    Header::new("accept", "application/json"),
    Header::new("content-type", "application/json"),
];

/// Returns the keys of two senders: a client and a service.
pub fn ring() -> KeyRing {
    ring_of(&[KeyName::Client(CLIENT), KeyName::Pair(SENDER, RECEIVER)])
}

/// Returns the keys of one client.
pub fn client_ring() -> KeyRing {
    ring_of(&[KeyName::Client(CLIENT)])
}

fn ring_of(names: &[KeyName<'_>]) -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let versions = [Version { number: 1, secret: SECRET }];
    for name in names {
        builder.add(*name, &versions, 1).unwrap();
    }
    builder.issuer(&versions, 1).unwrap();
    builder.build()
}

pub fn policy(scheme: Scheme) -> Policy {
    let mut policy = Policy::new(Text::new(RECEIVER).unwrap());
    policy.schemes = [Some(scheme), None, None];
    policy
}

pub fn signer(ring: &KeyRing, scheme: Scheme) -> Signer<'_, KeyRing> {
    let name = if scheme == Scheme::Client { CLIENT } else { SENDER };
    Signer { name, keys: ring, schemes: [Some(scheme), None, None], coverage: Coverage::default() }
}

pub const fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: METHOD, target: TARGET, authority: b"iam.internal", scheme: b"https", headers }
}

pub fn signing<'a>(nonce: &'a str, body: &'a [u8], now_ms: u64) -> Signing<'a> {
    Signing { receiver: RECEIVER, body, user_id: None, nonce, now_ms }
}

/// A reproducible generator of distinct nonces in UUID format (SplitMix64).
#[derive(Clone)]
pub struct Nonces(pub u64);

impl Nonces {
    pub fn next(&mut self) -> String {
        let (a, b) = (self.word(), self.word());
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 48 & 0xfff,
            b & 0xffff_ffff_ffff
        )
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }
}

/// A signed request as a server receives it, with the signature headers and the time of signing.
pub struct Sent {
    pub lines: Vec<(&'static str, String)>,
    pub now_ms: u64,
}

impl Sent {
    pub fn sign(ring: &KeyRing, scheme: Scheme, nonce: &str, body: &[u8], now_ms: u64) -> Self {
        let mut lines = Vec::with_capacity(4);
        signer(ring, scheme)
            .sign(&request(&ORDINARY), &signing(nonce, body, now_ms), |name, value| {
                lines.push((name, value.into()))
            })
            .unwrap();
        Self { lines, now_ms }
    }

    /// Returns all headers of the request. The signature headers come last, as they do in requests from real
    /// clients.
    pub fn headers(&self) -> Vec<Header<'_>> {
        let own = self.lines.iter().map(|(name, value)| Header::new(name, value));
        ORDINARY.into_iter().chain(own).collect()
    }
}

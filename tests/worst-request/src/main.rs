//! Reads hostile requests from a file, and verifies each of them and a valid request of the same size.
//! `measure.py` runs this program under Valgrind, which counts the instructions in each call of `judge`.
//!
//! Each line of the file contains a scheme, a method, a target, and header names and values. All of these
//! except the scheme are hexadecimal. For each line, the program prints the rejection reason and the sizes of
//! both requests in bytes.

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::replay::HeapTable;
use sealwire_core::{Coverage, Header, Policy, Request, Scheme, Signer, Signing, Text, Verifier};
use std::hint::black_box;

const NOW_MS: u64 = 1_712_419_200_000;
const SECRETS: [&[u8]; 8] = [
    b"0123456789abcdef-bench-secret-v1",
    b"0123456789abcdef-bench-secret-v2",
    b"0123456789abcdef-bench-secret-v3",
    b"0123456789abcdef-bench-secret-v4",
    b"0123456789abcdef-bench-secret-v5",
    b"0123456789abcdef-bench-secret-v6",
    b"0123456789abcdef-bench-secret-v7",
    b"0123456789abcdef-bench-secret-v8",
];

/// The signature headers. In the valid request, valid signature headers and padding take their place.
const SIGNED: [&str; 11] = [
    "signature-input",
    "signature",
    "content-digest",
    "x-service-name",
    "x-service-timestamp",
    "x-service-signature",
    "x-user-id",
    "x-client-id",
    "x-timestamp",
    "x-request-id",
    "x-signature",
];

type Lines = Vec<(Vec<u8>, Vec<u8>)>;

struct Sent {
    scheme: Scheme,
    method: Vec<u8>,
    target: Vec<u8>,
    lines: Lines,
}

fn main() {
    let path = std::env::args().nth(1).expect("the file of requests is the argument");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let ring = ring();
    let policy = Policy {
        schemes: [Some(Scheme::Message), Some(Scheme::Pairwise), Some(Scheme::Client)],
        ..Policy::new(Text::new("practices").expect("a short name"))
    };
    let verifier = Verifier { policy: &policy, keys: &ring };
    let table = HeapTable::new(10_000, [7; 16], 0);
    for (at, line) in text.lines().enumerate() {
        let hostile = Sent::parse(line);
        let honest = hostile.honest(&ring, at);
        let reason = hostile.judged(&verifier, &table).err();
        let accepted = honest.judged(&verifier, &table);
        assert_eq!(accepted, Ok(()), "line {at}: the request of the same size is accepted");
        let reason = reason.map_or("accepted", |reason| reason.name());
        println!("{reason} {} {}", hostile.bytes(), honest.bytes());
    }
}

impl Sent {
    fn parse(line: &str) -> Self {
        let mut parts = line.split(' ');
        let scheme = parts.next().and_then(Scheme::from_name).expect("a scheme");
        let mut next = || parts.next().map(unhex);
        let (method, target) = (next().expect("a method"), next().expect("a target"));
        let mut lines = Lines::new();
        while let Some(name) = next() {
            lines.push((name, next().expect("a value for each name")));
        }
        Self { scheme, method, target, lines }
    }

    /// Returns a valid request with the same method, target and other headers. Padding makes it as long as
    /// the hostile request.
    fn honest(&self, ring: &KeyRing, at: usize) -> Self {
        let is_signed =
            |name: &[u8]| SIGNED.iter().any(|signed| name.eq_ignore_ascii_case(signed.as_bytes()));
        let mut lines: Lines = self.lines.iter().filter(|(name, _)| !is_signed(name)).cloned().collect();
        let name = if self.scheme == Scheme::Client { "billing" } else { "agent" };
        let schemes = [Some(self.scheme), None, None];
        let signer = Signer { name, keys: ring, schemes, coverage: Coverage::default() };
        let nonce = format!("n-{at}");
        let signing = Signing { receiver: "practices", nonce: &nonce, now_ms: NOW_MS, ..Signing::default() };
        let mut own = Lines::new();
        let other =
            Self { scheme: self.scheme, method: self.method.clone(), target: self.target.clone(), lines };
        other
            .with_request(|request| {
                signer.sign(request, &signing, |name, value| own.push((name.into(), value.into())))
            })
            .expect("it can be signed");
        lines = other.lines;
        lines.extend(own);
        let mut honest = Self { lines, ..other };
        let padding = self.bytes().saturating_sub(honest.bytes() + "x-padding".len());
        honest.lines.insert(0, (b"x-padding".to_vec(), vec![b'a'; padding]));
        honest
    }

    fn judged(
        &self,
        verifier: &Verifier<'_, '_, KeyRing>,
        table: &HeapTable,
    ) -> Result<(), sealwire_core::Reason> {
        self.with_request(|request| judge(verifier, request, table))
    }

    fn with_request<T>(&self, then: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers: Vec<_> = self.lines.iter().map(|(name, value)| Header { name, value }).collect();
        let (method, target) = (self.method.as_slice(), self.target.as_slice());
        then(&Request {
            method,
            target,
            authority: b"practices.internal",
            scheme: b"https",
            headers: &headers,
        })
    }

    fn bytes(&self) -> usize {
        let lines: usize = self.lines.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.method.len() + self.target.len() + lines
    }
}

/// Verifies a request. Valgrind counts the instructions of this function.
#[inline(never)]
fn judge(
    verifier: &Verifier<'_, '_, KeyRing>,
    request: &Request<'_>,
    table: &HeapTable,
) -> Result<(), sealwire_core::Reason> {
    let judged = black_box(verifier.verify(request, b"", Some(table), NOW_MS));
    judged.map(|_| ()).map_err(|rejected| rejected.reason)
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks_exact(2);
    digits
        .map(|pair| {
            let pair = std::str::from_utf8(pair).expect("hexadecimal is ASCII");
            u8::from_str_radix(pair, 16).expect("two hexadecimal digits")
        })
        .collect()
}

/// Returns a key ring with two pairs and two clients. One pair and one client have one key version, and the
/// others have the maximum number of versions that a verifier tries.
fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let mut versions = Vec::new();
    for (secret, number) in SECRETS.into_iter().zip(1..) {
        versions.push(Version { number, secret });
    }
    let single = &versions[..1];
    for (name, versions) in [
        (KeyName::Pair("agent", "practices"), single),
        (KeyName::Client("billing"), single),
        (KeyName::Pair("rotating", "practices"), &versions),
        (KeyName::Client("rotating-client"), &versions),
    ] {
        builder.add(name, versions, 1).expect("the names do not clash");
    }
    builder.build()
}

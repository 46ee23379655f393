//! Runs under Valgrind's memcheck with the secret marked as undefined. Memcheck reports all branches and
//! table lookups that depend on the secret or a value computed from it. `constant_time.py` evaluates the
//! report.
//!
//! `constant_time` runs Sealwire; `constant_time planted` compares a MAC like `==`.

use std::hint::black_box;

use sealwire_core::keys::{KeyRing, KeyRingBuilder, KeySource, Strength, Version};
use sealwire_core::mac::HmacSha256Stream;
use sealwire_core::{Header, Scheme};
use sealwire_secrets::{NAMES, issue, lines, sign, verify, verify_in_pieces, verify_token};

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";

fn main() {
    let ring = ring();
    if std::env::args().nth(1).as_deref() == Some("planted") {
        planted(&ring);
        return;
    }
    for scheme in Scheme::ALL {
        requests(&ring, scheme);
    }
    tokens(&ring);
}

/// Returns a key ring with a secret that is marked as undefined, as are all values computed from it.
fn ring() -> KeyRing {
    memory::undefined(SECRET);
    let version = Version { number: 1, secret: SECRET };
    let mut builder = KeyRingBuilder::new(Strength::Required);
    for name in NAMES {
        builder.add(name, &[version], 1).unwrap();
    }
    builder.issuer(&[version], 1).unwrap();
    builder.build()
}

/// Signs a request and verifies it, unmodified and with the first and last digit of the MAC changed. The
/// received values are also marked as undefined, so that their decoding is checked.
fn requests(ring: &KeyRing, scheme: Scheme) {
    // The sent values are public. The check is that signing has caused no report.
    let headers = sign(ring, scheme, |value| memory::defined(value.as_bytes()));
    assert!(passes(ring, scheme, &lines(&headers)));
    for place in [0, 1] {
        let mut changed = headers.clone();
        let (_, mac) = changed.iter_mut().find(|(name, _)| name.ends_with("Signature")).unwrap();
        let at = if place == 0 {
            mac.find(':').map_or(0, |at| at + 1)
        } else {
            mac.trim_end_matches([':', '=']).len() - 2
        };
        let other = if mac.as_bytes()[at] == b'a' { "b" } else { "a" };
        mac.replace_range(at..=at, other);
        assert!(!passes(ring, scheme, &lines(&changed)));
    }
    if scheme != Scheme::Message {
        hidden(ring, scheme, &lines(&headers));
    }
}

/// Verifies the complete request and the request in parts, which use different code.
fn passes(ring: &KeyRing, scheme: Scheme, headers: &[Header<'_>]) -> bool {
    let whole = verify(ring, scheme, headers);
    assert_eq!(whole, verify_in_pieces(ring, scheme, headers));
    whole
}

/// Verifies with undefined digits. Decoding may only reveal whether they are valid hex digits.
fn hidden(ring: &KeyRing, scheme: Scheme, headers: &[Header<'_>]) {
    let mac = headers.iter().find(|header| header.name.ends_with(b"Signature")).unwrap();
    memory::undefined(mac.value);
    assert!(passes(ring, scheme, headers));
    memory::defined(mac.value);
}

fn tokens(ring: &KeyRing) {
    let token = issue(ring, memory::defined);
    assert!(verify_token(ring, &token));
    let mut changed = token.clone();
    let end = changed.len() - 8;
    changed[end] = if changed[end] == b'N' { b'Z' } else { b'N' };
    assert!(!verify_token(ring, &changed));
}

/// A comparison that stops at the first difference, with `memcmp`.
#[inline(never)]
fn leaky_compare(one: &[u8], other: &[u8]) -> bool {
    black_box(one) == black_box(other)
}

fn planted(ring: &KeyRing) {
    let mut stream = HmacSha256Stream::<1>::idle();
    stream.begin([ring.find(NAMES[1]).unwrap().primary().mac()]);
    stream.update(b"message");
    let mac = stream.mac();
    black_box(leaky_compare(black_box(mac.as_bytes()), black_box(&[0; 32])));
}

/// Client requests of memcheck (valgrind.h, memcheck.h): rotations that have no effect outside of Valgrind.
mod memory {
    const UNDEFINED: u64 = 0x4d43_0001;
    const DEFINED: u64 = 0x4d43_0002;

    pub fn undefined(bytes: &[u8]) {
        request(UNDEFINED, bytes.as_ptr(), bytes.len());
    }

    pub fn defined(bytes: &[u8]) {
        request(DEFINED, bytes.as_ptr(), bytes.len());
    }

    #[cfg(target_arch = "x86_64")]
    fn request(code: u64, start: *const u8, length: usize) {
        let arguments = [code, start.addr() as u64, length as u64, 0, 0, 0];
        // SAFETY: the rotations add up to 128 bits and xchg of a register with itself has no effect. Valgrind
        // reads the six words that `arguments` points to and marks memory, which changes no value.
        unsafe {
            std::arch::asm!(
                "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
                inout("rdx") 0_u64 => _, in("rax") arguments.as_ptr(), inout("rdi") 0_u64 => _,
            );
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    compile_error!("Valgrind's requests are spelled for x86-64 here");
}

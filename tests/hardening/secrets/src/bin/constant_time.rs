//! Signs and verifies under Valgrind's memcheck, with a secret that is marked as undefined memory. Memcheck reports
//! each branch and table lookup that depends on the secret or on a value computed from it. `constant_time.py` checks
//! the report.
//!
//! `constant_time planted` compares a MAC with `==` instead, and memcheck must report this comparison.

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

/// Returns a key ring with a secret that is marked as undefined. Memcheck then also treats all values
/// computed from it as undefined.
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

/// Signs a request and verifies it: unchanged, with the first digit of the MAC changed, and with the last
/// digit changed. Then marks the received MAC as undefined and verifies the request again, to check how the
/// MAC is decoded.
fn requests(ring: &KeyRing, scheme: Scheme) {
    // The headers are public, so they are marked as defined again. Signing itself must not cause a report.
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

/// Verifies the request both at once and in parts, because these use different code. Both must have the same
/// result.
fn passes(ring: &KeyRing, scheme: Scheme, headers: &[Header<'_>]) -> bool {
    let whole = verify(ring, scheme, headers);
    assert_eq!(whole, verify_in_pieces(ring, scheme, headers));
    whole
}

/// Verifies a request whose MAC is marked as undefined. Branches may depend on whether the digits are valid,
/// but not on their values.
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

/// Compares with `memcmp`, which stops at the first difference.
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

/// Memcheck's client requests (valgrind.h, memcheck.h). They are instruction sequences that have no effect
/// outside Valgrind.
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
        // SAFETY: the rotations add up to 128 bits, and the xchg exchanges a register with itself, so no register
        // changes. Valgrind reads the six words of `arguments` and marks memory without changing it.
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

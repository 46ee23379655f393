//! Searches the memory of this process for a secret and for values derived from it, once while a key ring
//! exists and once after it is dropped.
//!
//! `wipe needles` prints the values to search for. They are masked, so that the process that searches does
//! not itself contain them. `wipe look` reads these values from the standard input, and prints where it found
//! each value.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use sealwire_core::Exchange;
use sealwire_core::Scheme;
use sealwire_core::keys::{KeyRing, KeyRingBuilder, KeySource, Strength, Version};
use sealwire_core::mac::{HmacSha256Stream, HmacSha512Stream};
use sealwire_secrets::{NAMES, exchange, issue, lines, sign, verify, verify_in_pieces, verify_token};
use sha2::block_api::{compress256, compress512};
use zeroize::Zeroize;

const SECRET: &[u8; 40] = b"find me: forty bytes that stand nowhere!";
const MASK: u8 = 0xa5;
/// The number of bytes that must match, because shorter matches could be accidental.
const NEEDLE: usize = 16;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("needles") => {
            needles().iter().for_each(|(name, bytes)| println!("{name} {}", masked_hex(bytes)))
        }
        Some("look") => look(&std::io::read_to_string(std::io::stdin()).unwrap()),
        _ => panic!("usage: wipe needles | wipe look"),
    }
}

/// Returns the values to search for: the secret, the padded keys, and the hash states that result from the padded
/// keys (RFC 2104 section 4).
fn needles() -> Vec<(String, Vec<u8>)> {
    let mut found = vec![("secret".to_owned(), SECRET.to_vec())];
    for (name, pad) in [("inner", 0x36), ("outer", 0x5c)] {
        let mut block = [pad; 128];
        block.iter_mut().zip(SECRET).for_each(|(byte, secret)| *byte ^= secret);
        let (mut short, mut long) = (INITIAL_256, INITIAL_512);
        compress256(&mut short, &[block[..64].try_into().unwrap()]);
        compress512(&mut long, &[block]);
        found.push((format!("{name}-padded"), block[..40].to_vec()));
        found.push((format!("{name}-state-256"), short.iter().flat_map(|word| word.to_ne_bytes()).collect()));
        found.push((format!("{name}-state-512"), long.iter().flat_map(|word| word.to_ne_bytes()).collect()));
    }
    found
}

fn masked_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{:02x}", byte ^ MASK)).collect()
}

fn look(input: &str) {
    let needles: Vec<(&str, Vec<u8>)> =
        input.lines().map(|line| line.split_once(' ').unwrap()).map(unhex).collect();
    let ring = used_ring(&needles[0].1);
    let mut memory = Memory { buffer: vec![0; 1 << 16] };
    memory.report("alive", &needles);
    drop(ring);
    memory.report("after", &needles);
}

fn unhex<'a>((name, digits): (&'a str, &str)) -> (&'a str, Vec<u8>) {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (name, (0..digits.len()).step_by(2).map(byte).collect())
}

/// Returns a key ring that has been used to sign and verify with all schemes. Wipes the function's own copy
/// of the secret.
fn used_ring(masked: &[u8]) -> KeyRing {
    let mut secret: Vec<u8> = masked.iter().map(|byte| byte ^ MASK).collect();
    // With nine versions, the list of keys is reallocated as it grows.
    let versions: Vec<_> = (1..10).map(|number| Version { number, secret: &secret }).collect();
    let mut builder = KeyRingBuilder::new(Strength::Required);
    for name in NAMES {
        builder.add(name, &versions, 1).unwrap();
    }
    builder.issuer(&versions, 1).unwrap();
    let ring = builder.build();
    secret.zeroize();
    for scheme in Scheme::ALL {
        let headers = sign(&ring, scheme, |_| {});
        assert!(verify(&ring, scheme, &lines(&headers)));
        assert!(verify_in_pieces(&ring, scheme, &lines(&headers)));
        answer(&exchange(&ring, scheme, &lines(&headers)));
    }
    assert!(verify_token(&ring, &issue(&ring, |_| {})));
    // Also start MAC computations that are never finished.
    let mut stream = Box::new(HmacSha256Stream::<1>::idle());
    stream.begin([ring.find(NAMES[0]).unwrap().primary().mac()]);
    drop(stream);
    let mut stream = Box::new(HmacSha512Stream::idle());
    stream.begin([ring.issuer().unwrap().primary().mac()]);
    drop(stream);
    ring
}

fn answer(exchange: &Exchange<'_, KeyRing>) {
    exchange.sign(200, b"{}", sealwire_secrets::NOW_MS, |_, _| {}).unwrap();
}

/// The memory of this process, read from /proc/self/mem.
struct Memory {
    buffer: Vec<u8>,
}

impl Memory {
    /// Prints each match with the name of the memory mapping.
    fn report(&mut self, when: &str, needles: &[(&str, Vec<u8>)]) {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let mut found: Vec<String> = Vec::new();
        for line in maps.lines().filter(|line| line.contains(" rw")) {
            let (range, rest) = line.split_once(' ').unwrap();
            let place = rest.split_whitespace().nth(4).unwrap_or("anonymous");
            let (start, end) = range.split_once('-').unwrap();
            let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
            self.scan(start..end, needles, |name| found.push(format!("{when} {name} {place}")));
        }
        found.iter().for_each(|line| println!("{line}"));
        println!("{when} looked");
    }

    fn scan(
        &mut self,
        range: std::ops::Range<u64>,
        needles: &[(&str, Vec<u8>)],
        mut found: impl FnMut(&str),
    ) {
        let mut file = File::open("/proc/self/mem").unwrap();
        let own = self.buffer.as_ptr().addr() as u64;
        let mut at = range.start;
        while at < range.end {
            let length = usize::try_from(range.end - at).unwrap().min(self.buffer.len());
            file.seek(SeekFrom::Start(at)).unwrap();
            if file.read_exact(&mut self.buffer[..length]).is_err() {
                break;
            }
            self.buffer[..length].iter_mut().for_each(|byte| *byte ^= MASK);
            for (place, window) in self.buffer[..length].windows(NEEDLE).enumerate() {
                let address = at + place as u64;
                let in_own = (own..own + self.buffer.len() as u64).contains(&address);
                for (name, _) in needles.iter().filter(|(_, needle)| !in_own && needle.starts_with(window)) {
                    found(name);
                }
            }
            at += length as u64;
            // The next read overlaps this one, so that a match across the boundary is found.
            if at < range.end {
                at -= NEEDLE as u64;
            }
        }
        self.buffer.fill(0);
    }
}

const INITIAL_256: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
const INITIAL_512: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

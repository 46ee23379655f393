//! Signs and verifies requests on an emulated Cortex-M3 (QEMU), without an operating system, a heap or 64-bit
//! atomics. Prints the result and the number of stack bytes used.
#![no_std]
#![no_main]

mod board;

use sealwire_core::keys::{Key, KeyName, KeySet, StaticKeys, Strength};
use sealwire_core::mac::HmacSha256;
use sealwire_core::{
    Coverage, Header, Policy, Reason, Request, Scheme, Signer, Signing, Text, Verifier, client,
};

const NOW_MS: u64 = 1_712_419_200_000;
const BODY: &[u8] = b"21.5 C";
const REQUEST: Request<'static> = Request {
    method: b"POST",
    target: b"/auth/user/refresh-session",
    authority: b"hub",
    scheme: b"https",
    headers: &[],
};
/// The request id in the worked example of the `client` scheme.
const REQUEST_ID: &str = "550e8400-e29b-41d4-a716-446655440000";
const EXPECTED: &str = "f3d7fce524f0c3c7a3096823d886bb9dbed9f900499932a981364363b0c778d7";

/// The reset handler calls this function after it has initialised the memory.
fn main() -> ! {
    let failed = walk().err().unwrap_or(0);
    board::say(if failed == 0 { "signs and verifies; bytes of stack:" } else { "FAILED in step " });
    board::say_number(if failed == 0 { board::stack_used() } else { u32::from(failed) });
    board::end(failed == 0)
}

/// Runs all steps. If a step fails, returns its number as the error.
fn walk() -> Result<(), u8> {
    let example = [key(b"my-shared-secret").ok_or(1)?];
    let pair = [key(b"a secret for tests, of 32 bytes.").ok_or(2)?];
    let named = [
        (KeyName::Client("billing-service"), set(&example).ok_or(3)?),
        (KeyName::Pair("hub", "sensor"), set(&pair).ok_or(4)?),
    ];
    let ring = StaticKeys(&named);
    signs_the_worked_example(&ring)?;
    [Scheme::Message, Scheme::Pairwise]
        .into_iter()
        .try_for_each(|scheme| verifies_what_it_signs(&ring, scheme))
}

fn key(secret: &[u8]) -> Option<Key<HmacSha256>> {
    Key::new(1, secret, Strength::AllowWeak).ok()
}

fn set(keys: &[Key<HmacSha256>]) -> Option<KeySet<'_, HmacSha256>> {
    KeySet::new(keys, 1).ok()
}

fn signs_the_worked_example(ring: &StaticKeys<'_>) -> Result<(), u8> {
    let signing = Signing { nonce: REQUEST_ID, now_ms: NOW_MS, ..Signing::default() };
    let signed = sign(ring, "billing-service", Scheme::Client, &signing).ok_or(5)?;
    let right = signed.iter().any(|(name, value)| *name == client::SIGNATURE && value.as_str() == EXPECTED);
    right.then_some(()).ok_or(6)
}

fn verifies_what_it_signs(ring: &StaticKeys<'_>, scheme: Scheme) -> Result<(), u8> {
    let signing =
        Signing { receiver: "hub", body: BODY, nonce: "reading-1", now_ms: NOW_MS, ..Signing::default() };
    let signed = sign(ring, "sensor", scheme, &signing).ok_or(7)?;
    let headers = signed.each_ref().map(|(name, value)| Header::new(name, value.as_str()));
    let request = Request { headers: &headers, ..REQUEST };
    let policy = Policy { schemes: [Some(scheme), None, None], ..Policy::new(Text::new("hub").ok_or(8)?) };
    let verifier = Verifier { policy: &policy, keys: ring };
    let judged = |request: &Request<'_>, body| {
        verifier.verify(request, body, None, NOW_MS + 1500).map(|it| it.sender.len())
    };
    let reason = |request: &Request<'_>, body| judged(request, body).err().map(|rejected| rejected.reason);

    (judged(&request, BODY) == Ok("sensor".len())).then_some(()).ok_or(9)?;
    let wrong_body = reason(&request, b"99.9 C");
    let refused = matches!(wrong_body, Some(Reason::BodyDigestMismatch | Reason::SignatureMismatch));
    refused.then_some(()).ok_or(10)?;
    let elsewhere = Request { target: b"/elsewhere", ..request };
    (reason(&elsewhere, BODY) == Some(Reason::SignatureMismatch)).then_some(()).ok_or(11)
}

/// The buffer for signed headers. Unused entries have an empty name.
type Signed = [(&'static str, Text<320>); 4];

fn sign(ring: &StaticKeys<'_>, name: &str, scheme: Scheme, signing: &Signing<'_>) -> Option<Signed> {
    let signer =
        Signer { name, keys: ring, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
    let mut signed: Signed = [("x-unused", Text::EMPTY); 4];
    let mut places = signed.iter_mut();
    let emit = |name, value: &str| {
        if let (Some(place), Some(value)) = (places.next(), Text::new(value)) {
            *place = (name, value);
        }
    };
    signer.sign(&REQUEST, signing, emit).ok()?;
    Some(signed)
}

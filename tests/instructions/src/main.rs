//! Calls each function in the module `counted` a fixed number of times. Valgrind counts the instructions, and
//! `run.py` calculates the mean per call.

use sealwire_core::connection_string::{ConnectionString, Draft, Expiry, Timestamp, Uuid};
use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, KeySource, Strength, Version};
use sealwire_core::replay::{HeapTable, Nonce, Outcome, ReplayStore};
use sealwire_core::{Coverage, Header, Policy, Request, Scheme, Signer, Signing, Text, Verifier};
use std::hint::black_box;

const CALLS: u64 = 200;
const CLIENT: &str = "billing-service";
const SECRET: &[u8] = b"0123456789abcdef-bench-secret-32";
const START_MS: u64 = 1_712_419_200_000;
const STEP_MS: u64 = 60;

fn main() {
    let ring = ring();
    sign_and_verify(&ring, Scheme::Client, counted::sign_client, counted::verify_client);
    sign_and_verify(&ring, Scheme::Pairwise, counted::sign_pairwise, counted::verify_pairwise);
    sign_and_verify(&ring, Scheme::Message, counted::sign_message, counted::verify_message);
    claims();
    tokens(&ring);
}

fn sign_and_verify(ring: &KeyRing, scheme: Scheme, sign: Sign, verify: Verify) {
    let name = if scheme == Scheme::Client { CLIENT } else { "agent" };
    let signer =
        Signer { name, keys: ring, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
    let mut policy = Policy::new(Text::new("practices").expect("a short name"));
    policy.schemes = signer.schemes;
    let verifier = Verifier { policy: &policy, keys: ring };
    let table = HeapTable::new(10_000, [7; 16], 0);
    for call in 0..CALLS {
        let (nonce, now_ms) = (nonce(call), START_MS + call * STEP_MS);
        let mut lines = Vec::with_capacity(8);
        let signing = Signing { receiver: "practices", body: b"", user_id: None, nonce: &nonce, now_ms };
        sign(&signer, &request(&ORDINARY), &signing, &mut lines);
        let own = lines.iter().map(|(name, value)| Header::new(name, value));
        let headers: Vec<_> = ORDINARY.into_iter().chain(own).collect();
        verify(&verifier, &request(&headers), &table, now_ms);
    }
}

fn claims() {
    let table = HeapTable::new(10_000, [7; 16], 0);
    for call in 0..CALLS {
        counted::claim(&table, &nonce(call), START_MS / 1000);
    }
}

fn tokens(ring: &KeyRing) {
    let draft = Draft {
        account: Uuid::from_u128(0x1111_1111_2222_4333_8444_5555_5555_5555),
        expires: Timestamp::new(1_893_553_445, 0).expect("a year of four digits"),
        roles: &[],
        tenant: None,
        subscription: None,
    };
    let mut token = [0; 512];
    let length =
        draft.issue(ring.issuer().expect("the ring has an issuer"), &mut token).expect("room for it");
    for _ in 0..CALLS {
        counted::verify_token(ring, &token[..length]);
    }
}

type Lines = Vec<(&'static str, String)>;
type Sign = fn(&Signer<'_, KeyRing>, &Request<'_>, &Signing<'_>, &mut Lines);
type Verify = fn(&Verifier<'_, '_, KeyRing>, &Request<'_>, &HeapTable, u64);

/// The measured functions. `expected.json` contains the names of the functions.
mod counted {
    use super::{
        CLIENT, ConnectionString, Expiry, HeapTable, KeyRing, KeySource, Lines, Nonce, Outcome, ReplayStore,
        Request, START_MS, Signer, Signing, Verifier, black_box,
    };

    macro_rules! paths {
        ($($sign:ident $verify:ident),*) => {$(
            #[inline(never)]
            pub fn $sign(signer: &Signer<'_, KeyRing>, request: &Request<'_>, signing: &Signing<'_>, lines: &mut Lines) {
                // Prevents the compiler from merging functions that have identical code.
                black_box(stringify!($sign));
                signer.sign(request, signing, |name, value| lines.push((name, value.into()))).expect("it can be signed");
            }

            #[inline(never)]
            pub fn $verify(verifier: &Verifier<'_, '_, KeyRing>, request: &Request<'_>, table: &HeapTable, now_ms: u64) {
                black_box(stringify!($verify));
                black_box(verifier.verify(request, b"", Some(table), now_ms)).expect("it was signed for this");
            }
        )*};
    }
    paths!(sign_client verify_client, sign_pairwise verify_pairwise, sign_message verify_message);

    #[inline(never)]
    pub fn claim(table: &HeapTable, nonce: &str, now_s: u64) {
        let entry = table.locate(Nonce { sender: CLIENT, nonce: nonce.as_bytes() });
        assert_eq!(table.claim(&entry, now_s + 300, now_s), Outcome::First);
    }

    #[inline(never)]
    pub fn verify_token(ring: &KeyRing, token: &[u8]) {
        let set = ring.issuer().expect("the ring has an issuer");
        let account = ConnectionString::read(token, |string| {
            string
                .and_then(|string| string.verify(set, START_MS / 1000, Expiry::Checked))
                .map(|it| it.beans().account)
        });
        black_box(account).expect("it was issued for this");
    }
}

const ORDINARY: [Header<'static>; 4] = [
    Header::new("host", "iam.internal"),
    Header::new("user-agent", "billing/1.4"),
    Header::new("accept", "application/json"),
    Header::new("content-type", "application/json"),
];

const fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    let target = b"/auth/user/refresh-session";
    Request { method: b"POST", target, authority: b"iam.internal", scheme: b"https", headers }
}

fn nonce(call: u64) -> String {
    format!("550e8400-e29b-41d4-a716-{call:012x}")
}

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let versions = [Version { number: 1, secret: SECRET }];
    for name in [KeyName::Client(CLIENT), KeyName::Pair("agent", "practices")] {
        builder.add(name, &versions, 1).expect("the names do not clash");
    }
    builder.issuer(&versions, 1).expect("there is one issuer");
    builder.build()
}

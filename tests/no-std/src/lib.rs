//! A static library that contains sealwire-core but not std. It defines a panic handler, so the build fails
//! with E0152 (duplicate lang item) if a dependency uses std.
#![no_std]

#[cfg(feature = "planted-std")]
extern crate std;

#[cfg(feature = "alloc")]
mod no_memory;

use core::sync::atomic::AtomicU64;

use sealwire_core::keys::{Key, KeyName, KeySet, StaticKeys, Strength};
use sealwire_core::replay::Table;
use sealwire_core::{
    Coverage, Header, Policy, Reason, Request, Scheme, Signer, Signing, Text, Verifier, client,
};

/// The time in the worked example of the `client` scheme, in milliseconds.
const NOW_MS: u64 = 1_712_419_200_000;
const REQUEST_ID: &str = "550e8400-e29b-41d4-a716-446655440000";
const EXPECTED: &str = "f3d7fce524f0c3c7a3096823d886bb9dbed9f900499932a981364363b0c778d7";

static REPLAY_WORDS: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];

/// Signs a request and verifies it twice, using only static and stack memory. Returns 0, or the number of the
/// failed step.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_no_std_probe() -> u32 {
    walk().err().unwrap_or(0)
}

fn walk() -> Result<(), u32> {
    let keys = [Key::new(1, b"my-shared-secret", Strength::AllowWeak).map_err(|_| 1_u32)?];
    let set = KeySet::new(&keys, 1).map_err(|_| 2_u32)?;
    let named = [(KeyName::Client("billing-service"), set)];
    let ring = StaticKeys(&named);

    let signed = sign(&ring)?;
    (signed[2].1.as_str() == EXPECTED).then_some(()).ok_or(4_u32)?;
    let headers = signed.each_ref().map(|(name, value)| Header::new(name, value.as_str()));
    let request = Request { headers: &headers, ..REQUEST };

    let table = Table::new(&REPLAY_WORDS, [7; 16]).map_err(|_| 5_u32)?;
    let policy = Policy { schemes: [Some(Scheme::Client), None, None], ..Policy::new(Text::EMPTY) };
    let verifier = Verifier { policy: &policy, keys: &ring };
    let identity = verifier.verify(&request, b"", Some(&table), NOW_MS).map_err(|_| 6_u32)?;
    (identity.sender == "billing-service").then_some(()).ok_or(7_u32)?;
    match verifier.verify(&request, b"", Some(&table), NOW_MS) {
        Err(rejected) if rejected.reason == Reason::Replayed => Ok(()),
        _ => Err(8),
    }
}

const REQUEST: Request<'static> = Request {
    method: b"POST",
    target: b"/auth/user/refresh-session",
    authority: b"iam",
    scheme: b"http",
    headers: &[],
};

type Signed = [(&'static str, Text<128>); 4];

fn sign(ring: &StaticKeys<'_>) -> Result<Signed, u32> {
    let schemes = [Some(Scheme::Client), None, None];
    let signer = Signer { name: "billing-service", keys: ring, schemes, coverage: Coverage::default() };
    let signing = Signing { nonce: REQUEST_ID, now_ms: NOW_MS, ..Signing::default() };
    let mut signed: Signed = [(client::SIGNATURE, Text::EMPTY); 4];
    let mut places = signed.iter_mut();
    let emit = |name, value: &str| {
        if let Some(place) = places.next() {
            *place = (name, Text::new(value).unwrap_or(Text::EMPTY));
        }
    };
    signer.sign(&REQUEST, &signing, emit).map_err(|_| 3_u32)?;
    Ok(signed)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

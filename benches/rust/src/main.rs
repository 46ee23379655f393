//! Runs the native benchmarks. Prints one line of JSON per benchmark, with the results of all rounds in
//! nanoseconds per operation. `benches/run.py` computes the ratios.
//!
//! Usage: `sealwire-bench [--rounds N] [--live N] [--alone] [ROW...]`, `sealwire-bench memory SUBJECT`, or
//! `sealwire-bench contend REQUESTS`.

mod bodies;
mod floor;
mod harness;
mod layer;
mod longest;
mod memory;
mod message;
mod pace;
mod replay;
mod samples;
mod schemes;
mod threads;
mod token;

use harness::{Row, Settings};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["memory", subject] => return println!("{}", memory::resident_per_nonce(subject)),
        ["contend", requests] => return threads::contend(requests.parse().unwrap()),
        _ => {}
    }
    let settings = Settings::parse(&arguments);
    for (id, build) in ROWS {
        if settings.wants(id) {
            build(&settings).run(&settings).print(id);
        }
    }
}

type Build = fn(&Settings) -> Row;

const ROWS: &[(&str, Build)] = &[
    ("sign", schemes::sign),
    ("verify", schemes::verify),
    ("verify-two-senders", schemes::verify_two_senders),
    ("sign-pairwise", schemes::sign_pairwise),
    ("verify-pairwise", schemes::verify_pairwise),
    ("sign-message", message::sign),
    ("verify-message", message::verify),
    ("verify-token", token::verify),
    ("tower-layer", layer::verify),
    ("replay-100k", replay::claims_100k),
    ("replay-1m", replay::claims_large),
    ("threads", threads::verify),
    ("threads-tower", threads::tower),
    ("body-mac-64k", bodies::mac_64k),
    ("body-mac-1m", bodies::mac_1m),
    ("body-digest-64k", bodies::digest_64k),
    ("longest-claim", longest::claim),
];

//! Runs the shared test vectors with the Rust crates and prints one line per test case.
//!
//! `tests/conformance/run.py` compares the lines with the expected results. `tests/vectors/README.md`
//! describes the test vectors.
#![allow(clippy::result_large_err, reason = "core does not allocate rejections on the heap")]

mod base;
mod bypass;
mod case;
mod explain;
mod mac;
mod policy;
mod public;
mod response;
mod ring;
mod sign;
mod store;
mod token;
mod url;
mod verify;

use std::error::Error;
use std::process::ExitCode;

use serde_json::Value;

use case::{items, text};

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let run = if arguments == ["--reasons"] {
        print_reasons()
    } else {
        arguments.iter().try_for_each(|path| print_file(path))
    };
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints all rejection reasons. run.py checks that the test vectors cover them.
fn print_reasons() -> Fallible<()> {
    sealwire_core::Reason::ALL.iter().for_each(|reason| println!("{reason}"));
    Ok(())
}

fn print_file(path: &str) -> Fallible<()> {
    let document: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let stem = std::path::Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or(path);
    for case in items(&document, "cases")? {
        let name = format!("{stem}:{}", text(case, "name")?);
        print_case(&name, case).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// Runs a test case and prints its result. Each kind of test case has a field that no other kind has.
fn print_case(name: &str, case: &Value) -> Fallible<()> {
    let has = |field| case.get(field).is_some();
    if has("steps") {
        for (at, result) in verify::sequence(case)?.into_iter().enumerate() {
            println!("{name}:{} {result}", at + 1);
        }
        return Ok(());
    }
    let result = if has("algorithm") {
        mac::result(case)
    } else if has("signature_input") {
        base::result(case)
    } else if has("probe") {
        bypass::probe(case)
    } else if has("exempt") {
        bypass::exempt(case)
    } else if has("url") {
        url::result(case)
    } else if has("explain") {
        explain::result(case)
    } else if has("sign_response") {
        response::signed(case)
    } else if has("verify_response") {
        response::verified(case)
    } else if has("sign") {
        sign::result(case)
    } else if has("token") {
        token::verified(case)
    } else if has("issue") {
        token::issued(case)
    } else if has("request") {
        verify::single(case)
    } else {
        ring::result(case)
    }?;
    println!("{name} {result}");
    Ok(())
}

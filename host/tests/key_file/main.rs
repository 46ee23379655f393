//! Tests the parsing and editing of key files and mode files, and their error messages. An edit must not
//! affect the rest of the file.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod changing;
mod modes;
mod reading;

use sealwire_host::key_file::{Format, KeyFile, Options};

/// Returns a Base64-encoded pair secret, which is different for each number.
fn secret(number: u8) -> String {
    let text = format!("{number} secret of thirty-two bytes, or so");
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encoded = text.as_bytes().chunks(3).map(|three| {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let place = |at: usize| {
            let sextet = usize::try_from(bits >> (18 - 6 * at) & 63).expect("six bits");
            if at <= three.len() { char::from(digits[sextet]) } else { '=' }
        };
        (0..4).map(place).collect::<String>()
    });
    encoded.collect()
}

fn read(text: &str, format: Format) -> Result<KeyFile, String> {
    KeyFile::parse("keys", text, format, Options::default()).map_err(|error| error.to_string())
}

//! Explanations of rejected requests.

use core::ffi::c_char;
use std::ffi::CString;

use sealwire_host::explain::explain_json;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_ring::sealwire_key_ring;
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::Out;
use crate::status::sealwire_status;
use crate::text::sealwire_text;

/// The explanation of a rejected request. Any number of threads may use it.
#[derive(Debug)]
pub struct sealwire_explanation {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_explanation {
    type Held = Explained;
    const TAG: u64 = u64::from_be_bytes(*b"explaind");
}

/// An explanation as JSON and as text.
#[derive(Debug)]
pub struct Explained {
    json: CString,
    text: CString,
    exit_code: i32,
}

/// Explains why a request was rejected. `input` is a JSON object. Its required members are `capture` (or
/// `captureBase64`) and `service`, which only the scheme `client` does not require. The capture can be raw
/// HTTP/1, the output of `curl -v`, a HAR file, JSON, the text of the browser commands "copy as cURL" or "copy
/// as fetch", or a log record of a verifier.
/// The optional members are `sent` or `sentBase64`, `entry`, `log`, `at` (Unix milliseconds, or text),
/// `prefix` and `hosts`. The settings of the verifier are also optional members: `schemes`, `past` and
/// `future` in seconds, `authorities`, and `scheme`. A cause is reported only if a matching MAC proves it,
/// or if the capture shows it directly.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the format of the capture is not supported or a member
/// is invalid. The error contains the name of the member. Free the explanation with
/// `sealwire_explanation_free`. The call can take up to a second for a large capture. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_explain(
    keys: *const sealwire_key_ring,
    input: sealwire_text,
    explanation: *mut *mut sealwire_explanation,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles, text and outputs.
        let (keys, input, out) = unsafe { (borrow(keys)?, input.str()?, Out::new(explanation)?) };
        let found = explain_json(input, &keys.load())
            .map_err(|refused| error.explain(sealwire_status::InvalidConfiguration, &refused))?;
        give(
            Explained {
                json: c_text(found.to_json()),
                text: c_text(found.to_text()),
                exit_code: found.exit_code(),
            },
            out,
        );
        Ok(())
    })
}

/// Writes the explanation as JSON. The JSON is the same in all languages. The text ends with a NUL and is valid until the
/// explanation is freed. It contains no secrets, signatures or bodies. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_explanation_json(
    explanation: *const sealwire_explanation,
    json: *mut *const c_char,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow(explanation)?, Out::new(json)?) };
        out.write(held.json.as_ptr());
        Ok(())
    })
}

/// Writes the explanation as lines of text, which are the output of the command `sealwire explain`. Apart
/// from the format, this function is the same as `sealwire_explanation_json`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_explanation_text(
    explanation: *const sealwire_explanation,
    text: *mut *const c_char,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow(explanation)?, Out::new(text)?) };
        out.write(held.text.as_ptr());
        Ok(())
    })
}

/// Writes the exit code of the command `sealwire explain`. The exit code is 0 if the cause was proven and 1
/// if it was not found. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_explanation_exit_code(
    explanation: *const sealwire_explanation,
    exit_code: *mut i32,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow(explanation)?, Out::new(exit_code)?) };
        out.write(held.exit_code);
        Ok(())
    })
}

/// Frees an explanation. NULL is allowed. No thread may use the explanation afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_explanation_free(explanation: *mut sealwire_explanation) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(explanation) });
}

/// Converts text to a C string. Replaces each NUL in the text, because a NUL would end the string.
fn c_text(text: String) -> CString {
    CString::new(text.replace('\0', "?")).unwrap_or_default()
}

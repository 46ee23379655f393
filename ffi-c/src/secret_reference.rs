//! References to secrets that are kept outside the key file, and the callback that reads them.

use core::ffi::{c_char, c_void};
use std::ffi::CString;

use sealwire_host::ConfigError;
use sealwire_host::key_file::{Lookup, Reference, Resolved};
use zeroize::Zeroizing;

use crate::error::{SEALWIRE_ERROR_SIZE, sealwire_error};
use crate::guard::guard;
use crate::pointer::{self, Out, OutSlice};
use crate::status::sealwire_status;
use crate::text::sealwire_text;

/// The size of the buffer that a `sealwire_secret_resolver` writes a secret to.
pub const SEALWIRE_SECRET_SIZE: usize = 4096;

/// A reference of a key file, such as `{ vault = { path = "services/agent", key = "v2" } }`. Every text ends in a
/// NUL. It is valid during the call of the resolver only.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_secret_reference {
    /// The entry and version, for error messages: `agent/practices version 2`.
    pub label: sealwire_text,
    /// The kind of the store: `vault`, `google`, or your own kind.
    pub kind: sealwire_text,
    /// The location in the store, as JSON: `{"path":"services/agent","key":"v2"}`.
    pub value: sealwire_text,
}

/// Reads the secret of a reference. Writes the text of the secret to `secret`, and its length to `*length`: base64
/// for a pair, the secret itself for a client and the issuer. A final NUL is allowed and not part of the length.
///
/// Returns 0 on success. With any other number the key file is rejected; write the cause, without the
/// secret, to the empty string `error`. The library wipes `secret`. The thread that opens or reloads the key file
/// calls the function. It must return, and must not use the key file of the call.
pub type sealwire_secret_resolver = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        reference: *const sealwire_secret_reference,
        secret: *mut c_char,
        secret_size: usize,
        length: *mut usize,
        error: *mut sealwire_error,
    ) -> i32,
>;

/// Writes the text of a field of `reference.value` to `buffer` with a final NUL, so that a resolver needs no JSON
/// parser. An empty `field` is the whole reference, if that is text. `*length` does not include the NUL.
///
/// Returns `SEALWIRE_STATUS_INVALID_ARGUMENT` if there is no such text, and `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if it does not
/// fit.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_secret_reference_text(
    reference: *const sealwire_secret_reference,
    field: sealwire_text,
    buffer: *mut c_char,
    buffer_size: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid inputs.
        let (held, field) = unsafe { (pointer::reference(reference)?, field.str()?) };
        // SAFETY: the C caller guarantees valid text, buffers and outputs.
        let (value, out, length) = unsafe {
            (held.value.str()?, OutSlice::new(buffer.cast::<u8>(), buffer_size)?, Out::new(length)?)
        };
        let reference = Reference { kind: String::new(), value: value.to_owned() };
        let text = reference.text(field).ok_or(sealwire_status::InvalidArgument)?;
        let text = CString::new(text).map_err(|_| sealwire_status::InvalidArgument)?;
        out.write(text.as_bytes_with_nul())?;
        length.write(text.as_bytes().len());
        Ok(())
    })
}

/// The callback of a key file, with its context.
#[derive(Debug)]
pub(crate) struct Resolver {
    resolver: sealwire_secret_resolver,
    context: *mut c_void,
}

impl Default for Resolver {
    fn default() -> Self {
        Self { resolver: None, context: core::ptr::null_mut() }
    }
}

impl Resolver {
    pub(crate) const fn new(resolver: sealwire_secret_resolver, context: *mut c_void) -> Self {
        Self { resolver, context }
    }

    /// Reads `env` references from the environment, and all others through the callback.
    pub(crate) fn resolve(&self, lookup: &Lookup<'_>) -> Result<Resolved, ConfigError> {
        if lookup.reference.kind == "env" { variable(lookup) } else { self.call(lookup) }
    }

    fn call(&self, lookup: &Lookup<'_>) -> Result<Resolved, ConfigError> {
        let resolver = self.resolver.ok_or_else(|| {
            let kind = sealwire_host::redact::shown(&lookup.reference.kind);
            at(lookup, format!("no resolver reads {kind} references; set a resolver in the options"))
        })?;
        let texts = [&lookup.label, &lookup.reference.kind, &lookup.reference.value];
        // A NUL inside is possible in the kind only, which then matches no store.
        let [label, kind, value] = texts.map(|text| CString::new(text.as_str()).unwrap_or_default());
        let [label, kind, value] = [&label, &kind, &value].map(|text| sealwire_text::of(text.as_bytes()));
        let reference = sealwire_secret_reference { label, kind, value };
        let mut secret = Zeroizing::new([0_u8; SEALWIRE_SECRET_SIZE]);
        let mut length = 0;
        let mut error = sealwire_error { text: [0; SEALWIRE_ERROR_SIZE] };
        // SAFETY: the options promise a function of this type, and that the context is valid; the other arguments
        // live until it returns.
        let status = unsafe {
            resolver(
                self.context,
                &raw const reference,
                secret.as_mut_ptr().cast(),
                SEALWIRE_SECRET_SIZE,
                &raw mut length,
                &raw mut error,
            )
        };
        if status != 0 {
            let cause = error_text(&error);
            let cause = if cause.is_empty() { format!("the resolver returned {status}") } else { cause };
            return Err(at(lookup, cause));
        }
        let text = secret.get(..length).filter(|text| !text.is_empty());
        let text =
            text.ok_or_else(|| at(lookup, format!("the resolver returned a secret of {length} bytes")))?;
        let text = core::str::from_utf8(text)
            .map_err(|_| at(lookup, "the resolver returned a secret that is not UTF-8 text".to_owned()))?;
        Ok(Resolved::Text(Zeroizing::new(text.to_owned())))
    }
}

fn variable(lookup: &Lookup<'_>) -> Result<Resolved, ConfigError> {
    let name = lookup.reference.text("").filter(|name| !name.is_empty() && !name.contains(['=', '\0']));
    let name = name.ok_or_else(|| at(lookup, "write it as { env = \"NAME\" }".to_owned()))?;
    let value = std::env::var(&name).ok().filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| {
        let shown = sealwire_host::redact::shown(&name);
        at(lookup, format!("the environment variable {shown} is not set; set it and start again"))
    })?;
    Ok(Resolved::Text(Zeroizing::new(value)))
}

fn at(lookup: &Lookup<'_>, advice: String) -> ConfigError {
    ConfigError { entry: lookup.label.clone(), advice }
}

/// The message that a callback wrote. The last byte is not trusted to be a NUL.
fn error_text(error: &sealwire_error) -> String {
    let bytes: Vec<u8> = error.text.iter().map(|byte| byte.to_ne_bytes()[0]).collect();
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

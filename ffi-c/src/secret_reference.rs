//! References to secrets that are stored outside the key file, and the callback that reads these secrets.

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

/// The size, in bytes, of the buffer that receives the secret from a `sealwire_secret_resolver`.
pub const SEALWIRE_SECRET_SIZE: usize = 4096;

/// A reference in a key file, such as `{ vault = { path = "services/agent", key = "v2" } }`. Every string
/// ends with a NUL. The reference is valid only during the call of the resolver.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_secret_reference {
    /// The entry and the version for error messages, such as `agent/practices version 2`.
    pub label: sealwire_text,
    /// The kind of secret store, such as `vault`, `google` or a kind that your application defines.
    pub kind: sealwire_text,
    /// The location of the secret in the store, as JSON. An example is
    /// `{"path":"services/agent","key":"v2"}`.
    pub value: sealwire_text,
}

/// An application function that reads the secret for a reference. It writes the secret as text to `secret`,
/// and the length of the text to `*length`. For a pair, the text is base64. For a client or the issuer, the
/// text is the secret itself. The text may end with a NUL, which the length does not include.
///
/// The function returns 0 on success. If it returns any other number, the library rejects the key file. The
/// function then writes the cause to `error`, but never the secret. `error` contains an empty string before
/// the call. The library wipes `secret`. The function is called on the thread that opens or reloads the key
/// file. It must return and must not use this key file.
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

/// Writes the text of a `reference.value` field to `buffer`, with a final NUL. A resolver that uses this
/// function needs no JSON parser. If `field` is empty, writes the whole value, which must be text.
/// `*length` does not include the NUL.
///
/// Returns `SEALWIRE_STATUS_INVALID_ARGUMENT` if the field does not exist or is not text. Returns
/// `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the text does not fit in the buffer. Thread-safe.
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

/// The callback of a key file, and the context pointer for the callback.
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

    /// Reads the secret for a reference. `env` references are read from the environment, and the callback
    /// reads all others.
    pub(crate) fn resolve(&self, lookup: &Lookup<'_>) -> Result<Resolved, ConfigError> {
        if lookup.reference.kind == "env" { variable(lookup) } else { self.call(lookup) }
    }

    fn call(&self, lookup: &Lookup<'_>) -> Result<Resolved, ConfigError> {
        let resolver = self.resolver.ok_or_else(|| {
            let kind = sealwire_host::redact::shown(&lookup.reference.kind);
            at(lookup, format!("no resolver reads {kind} references; set a resolver in the options"))
        })?;
        let texts = [&lookup.label, &lookup.reference.kind, &lookup.reference.value];
        // Only the kind can contain a NUL. It is then replaced with an empty string, which matches no
        // store.
        let [label, kind, value] = texts.map(|text| CString::new(text.as_str()).unwrap_or_default());
        let [label, kind, value] = [&label, &kind, &value].map(|text| sealwire_text::of(text.as_bytes()));
        let reference = sealwire_secret_reference { label, kind, value };
        let mut secret = Zeroizing::new([0_u8; SEALWIRE_SECRET_SIZE]);
        let mut length = 0;
        let mut error = sealwire_error { text: [0; SEALWIRE_ERROR_SIZE] };
        // SAFETY: the C caller guarantees a function of this type and a valid context. The other arguments are valid until the
        // function returns.
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

/// Returns the message that a callback wrote. The message may have no final NUL.
fn error_text(error: &sealwire_error) -> String {
    let bytes: Vec<u8> = error.text.iter().map(|byte| byte.to_ne_bytes()[0]).collect();
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

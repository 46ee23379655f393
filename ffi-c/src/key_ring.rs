//! Key rings: every key a service signs and verifies with, replaced whole while requests run.

use core::ffi::c_char;
use std::sync::Arc;

use sealwire_core::keys::KeyStatus;
use sealwire_host::{SharedRing, ring_from_env};

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_version::strength;
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::{Out, OutSlice};
use crate::status::sealwire_status;
use crate::text::{filled, sealwire_text};

/// A ring of key sets, shared by the signers and verifiers made with it. Any number of threads may use one.
#[derive(Debug)]
pub struct sealwire_key_ring {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_key_ring {
    type Held = Arc<SharedRing>;
    const TAG: u64 = u64::from_be_bytes(*b"key_ring");
}

/// The size of `sealwire_key_status.name`, its NUL included.
pub const SEALWIRE_KEY_NAME_SIZE: usize = 136;

/// How one key version has been used.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_key_status {
    /// Requests accepted under it.
    pub accepted: u64,
    /// When the last one was, in Unix seconds; 0 when there was none. An old version whose second no longer moves is
    /// safe to retire.
    pub last_accepted_s: u64,
    /// The version.
    pub version: u32,
    /// The entry: `agent/practices`, a client id, or `issuer`; ended by a NUL.
    pub name: [c_char; SEALWIRE_KEY_NAME_SIZE],
    /// Whether it is the one that signs.
    pub primary: bool,
    /// Zero, in place of padding.
    pub reserved: [u8; 3],
}

impl From<KeyStatus> for sealwire_key_status {
    fn from(status: KeyStatus) -> Self {
        Self {
            name: filled(&status.name),
            version: status.version,
            primary: status.primary,
            accepted: u64::try_from(status.accepted).unwrap_or(u64::MAX),
            last_accepted_s: status.last_accepted_s.map_or(0, u64::from),
            reserved: [0; 3],
        }
    }
}

/// Makes a ring of every pair with `service` that the environment holds a base64 secret for:
/// `HMAC_SECRET_<A>_<B>` with the two names sorted and upper-cased, `_V<n>` behind it for versions,
/// `HMAC_PRIMARY_<A>_<B>` for the one that signs.
///
/// `SEALWIRE_STATUS_INVALID_CONFIGURATION` when there is none or one is not fit; the error names the variable.
/// Free the ring with `sealwire_key_ring_free`. Thread-safe while no other thread changes the environment.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_from_env(
    service: sealwire_text,
    allow_weak: bool,
    ring: *mut *mut sealwire_key_ring,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the caller's promise for outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the caller's promises for text and outputs.
        let (service, out) = unsafe { (service.str()?, Out::new(ring)?) };
        // A variable that is not UTF-8 holds no base64 and names no service.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let made = ring_from_env(variables, service, strength(allow_weak))
            .map_err(|cause| error.explain(sealwire_status::InvalidConfiguration, &cause))?;
        give(SharedRing::new(made), out);
        Ok(())
    })
}

/// Puts the keys of `source` into `ring`, at once and as a whole: every signer and verifier made with `ring`
/// uses them from the next request on, and requests under way end with the keys they began with. Versions that
/// stay keep their counts.
///
/// `source` stays the caller's, unchanged; free it. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_replace(
    ring: *const sealwire_key_ring,
    source: *const sealwire_key_ring,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise for handles.
        let (ring, source) = unsafe { (borrow(ring)?, borrow(source)?) };
        ring.replace_with(source);
        Ok(())
    })
}

/// Writes how each key version has been used to `statuses`, and how many there are to `*count`. With a
/// `capacity` of 0 only counts. `SEALWIRE_STATUS_BUFFER_TOO_SMALL` when there are more than `capacity`.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_status(
    ring: *const sealwire_key_ring,
    statuses: *mut sealwire_key_status,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise for handles.
        let ring = unsafe { borrow(ring) }?;
        // SAFETY: the caller's promises for buffers and outputs.
        let (out, count) = unsafe { (OutSlice::new(statuses, capacity)?, Out::new(count)?) };
        let held: Vec<sealwire_key_status> = ring.status().into_iter().map(Into::into).collect();
        if capacity > 0 {
            out.write(&held)?;
        }
        count.write(held.len());
        Ok(())
    })
}

/// Frees a ring; NULL is fine. Signers and verifiers made with it go on working. No other thread may use the
/// handle any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_free(ring: *mut sealwire_key_ring) {
    // SAFETY: the caller's promise for handles that are freed.
    guard_free(|| unsafe { free(ring) });
}

//! Key rings. A key ring contains all keys of a service, which can be replaced together while the service
//! runs.

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

/// The keys of a service. Signers and verifiers that were built with the same key ring share its keys. Any
/// number of threads may use it.
#[derive(Debug)]
pub struct sealwire_key_ring {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_key_ring {
    type Held = Arc<SharedRing>;
    const TAG: u64 = u64::from_be_bytes(*b"key_ring");
}

/// The size of `sealwire_key_status.name` in bytes, including the NUL.
pub const SEALWIRE_KEY_NAME_SIZE: usize = 136;

/// The usage of a key version.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_key_status {
    /// The number of accepted requests that were signed with this version.
    pub accepted: u64,
    /// The time of the last accepted request in Unix seconds, or 0 if there was none. If the time for an
    /// old version no longer changes, this version can be retired.
    pub last_accepted_s: u64,
    /// The number of the key version.
    pub version: u32,
    /// The entry that contains the version, with a final NUL. An entry is a pair such as `agent/practices`,
    /// a client id, or `issuer`.
    pub name: [c_char; SEALWIRE_KEY_NAME_SIZE],
    /// Whether this version is the primary version, which signs requests.
    pub primary: bool,
    /// Always zero. This member occupies bytes that would otherwise be padding.
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

/// Creates a key ring from the environment. It contains the keys of all pairs with `service`. The variable
/// `HMAC_SECRET_<A>_<B>` contains a base64 secret, where `<A>` and `<B>` are the two service names, sorted
/// and in upper case. Further versions have the suffix `_V<n>`. The variable `HMAC_PRIMARY_<A>_<B>` selects
/// the version that signs.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if there is no such variable, or if one of them is
/// invalid. The error contains the name of the variable. Free the ring with `sealwire_key_ring_free`.
/// Thread-safe while no other thread changes the environment.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_from_env(
    service: sealwire_text,
    allow_weak: bool,
    ring: *mut *mut sealwire_key_ring,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (service, out) = unsafe { (service.str()?, Out::new(ring)?) };
        // A variable that is not UTF-8 cannot contain base64 or the name of a service.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let made = ring_from_env(variables, service, strength(allow_weak))
            .map_err(|cause| error.explain(sealwire_status::InvalidConfiguration, &cause))?;
        give(SharedRing::new(made), out);
        Ok(())
    })
}

/// Replaces all keys of `ring` atomically with the keys of `source`. Signers and verifiers that were built
/// with `ring` use the new keys from the next request on. A verification that has already begun uses the old
/// keys. A key version that exists in both rings keeps its usage counts.
///
/// `source` is not changed. You still own `source` and must free it. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_replace(
    ring: *const sealwire_key_ring,
    source: *const sealwire_key_ring,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles.
        let (ring, source) = unsafe { (borrow(ring)?, borrow(source)?) };
        ring.replace_with(source);
        Ok(())
    })
}

/// Writes the usage of each key version to `statuses`, and the number of key versions to `*count`. If
/// `capacity` is 0, only `*count` is written. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if there are more
/// than `capacity` key versions. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_status(
    ring: *const sealwire_key_ring,
    statuses: *mut sealwire_key_status,
    capacity: usize,
    count: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles.
        let ring = unsafe { borrow(ring) }?;
        // SAFETY: the C caller guarantees valid buffers and outputs.
        let (out, count) = unsafe { (OutSlice::new(statuses, capacity)?, Out::new(count)?) };
        let held: Vec<sealwire_key_status> = ring.status().into_iter().map(Into::into).collect();
        if capacity > 0 {
            out.write(&held)?;
        }
        count.write(held.len());
        Ok(())
    })
}

/// Frees a handle to a key ring. NULL is allowed. Signers and verifiers that were built with the key ring
/// keep working. No thread may use the handle afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_free(ring: *mut sealwire_key_ring) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(ring) });
}

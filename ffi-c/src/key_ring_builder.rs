//! Builds key rings from their keys.

use sealwire_core::keys::{KeyName, KeyRingBuilder, KeyRingError, Version};
use sealwire_host::SharedRing;
use sealwire_host::secret::ring_error;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_ring::sealwire_key_ring;
use crate::key_version::{read_versions, sealwire_key_version, strength};
use crate::opaque::{Opaque, borrow_mut, free, give};
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// Collects the entries of a key ring. The builder must be used by one thread at a time.
#[derive(Debug)]
pub struct sealwire_key_ring_builder {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_key_ring_builder {
    /// `None` after the key ring was built.
    type Held = Option<KeyRingBuilder>;
    const TAG: u64 = u64::from_be_bytes(*b"ringbldr");
}

/// Creates a builder. If `allow_weak` is true, secrets with fewer than 32 bytes are accepted. Use this
/// option in tests, or until all short secrets have been rotated. Free the builder with
/// `sealwire_key_ring_builder_free`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_new(
    allow_weak: bool,
    builder: *mut *mut sealwire_key_ring_builder,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid outputs.
        let out = unsafe { Out::new(builder) }?;
        give(Some(KeyRingBuilder::new(strength(allow_weak))), out);
        Ok(())
    })
}

/// Adds the keys that two services share. The same keys sign requests in both directions, so the order of
/// the names does not matter. `primary` is the version that signs. The secrets are copied.
///
/// Returns `SEALWIRE_STATUS_INVALID_KEY` if the entry is invalid. The error then contains the entry and the
/// reason, and the builder is unchanged. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_add_pair(
    builder: *mut sealwire_key_ring_builder,
    one: sealwire_text,
    other: sealwire_text,
    versions: *const sealwire_key_version,
    version_count: usize,
    primary: u32,
    error: *mut sealwire_error,
) -> i32 {
    let entry = |builder: &mut KeyRingBuilder, versions: &[Version<'_>]| {
        // SAFETY: the C caller guarantees valid text.
        let (one, other) = unsafe { (one.str()?, other.str()?) };
        Ok(builder.add(KeyName::Pair(one, other), versions, primary).map(drop))
    };
    // SAFETY: guaranteed by the caller of this function.
    unsafe { add(builder, versions, version_count, error, entry) }
}

/// Adds the keys of a client. The other arguments and the results are the same as for
/// `sealwire_key_ring_builder_add_pair`. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_add_client(
    builder: *mut sealwire_key_ring_builder,
    id: sealwire_text,
    versions: *const sealwire_key_version,
    version_count: usize,
    primary: u32,
    error: *mut sealwire_error,
) -> i32 {
    let entry = |builder: &mut KeyRingBuilder, versions: &[Version<'_>]| {
        // SAFETY: the C caller guarantees valid text.
        let id = unsafe { id.str() }?;
        Ok(builder.add(KeyName::Client(id), versions, primary).map(drop))
    };
    // SAFETY: guaranteed by the caller of this function.
    unsafe { add(builder, versions, version_count, error, entry) }
}

/// Sets the keys that sign connection strings. The other arguments and the results are the same as for
/// `sealwire_key_ring_builder_add_pair`. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_set_issuer(
    builder: *mut sealwire_key_ring_builder,
    versions: *const sealwire_key_version,
    version_count: usize,
    primary: u32,
    error: *mut sealwire_error,
) -> i32 {
    let entry = |builder: &mut KeyRingBuilder, versions: &[Version<'_>]| {
        Ok(builder.issuer(versions, primary).map(drop))
    };
    // SAFETY: guaranteed by the caller of this function.
    unsafe { add(builder, versions, version_count, error, entry) }
}

/// Builds the key ring. A key ring may be empty. A builder can build only one key ring. Free the key ring
/// with `sealwire_key_ring_free`. The builder must be freed separately. The builder must be used by one
/// thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_build(
    builder: *mut sealwire_key_ring_builder,
    ring: *mut *mut sealwire_key_ring,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow_mut(builder)?, Out::new(ring)?) };
        let builder = held.take().ok_or(sealwire_status::WrongState)?;
        give(SharedRing::new(builder.build()), out);
        Ok(())
    })
}

/// Frees a builder. NULL is allowed. No thread may use the builder afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_free(builder: *mut sealwire_key_ring_builder) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(builder) });
}

/// Adds an entry. The three public functions that add an entry call this function.
///
/// # Safety
/// The arguments meet the contract of these three functions.
unsafe fn add(
    builder: *mut sealwire_key_ring_builder,
    versions: *const sealwire_key_version,
    version_count: usize,
    error: *mut sealwire_error,
    add: impl FnOnce(&mut KeyRingBuilder, &[Version<'_>]) -> Result<Result<(), KeyRingError>, Failure>,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let held = unsafe { borrow_mut(builder) }?;
        let builder = held.as_mut().ok_or(sealwire_status::WrongState)?;
        // SAFETY: the C caller guarantees valid arrays.
        let versions = unsafe { read_versions(versions, version_count) }?;
        add(builder, &versions)?
            .map_err(|cause| error.explain(sealwire_status::InvalidKey, &ring_error(cause)))
    })
}

//! Building a key ring, entry by entry.

use sealwire_core::keys::{KeyName, KeyRingBuilder, KeyRingError, Version};
use sealwire_host::SharedRing;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_ring::sealwire_key_ring;
use crate::key_version::{read_versions, sealwire_key_version, strength};
use crate::opaque::{Opaque, borrow_mut, free, give};
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// Gathers the entries of a key ring. For one thread at a time.
#[derive(Debug)]
pub struct sealwire_key_ring_builder {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_key_ring_builder {
    /// `None` once it has built.
    type Held = Option<KeyRingBuilder>;
    const TAG: u64 = u64::from_be_bytes(*b"ringbldr");
}

/// Begins a key ring. With `allow_weak`, secrets under 32 bytes are taken: for tests, and for fleets whose
/// secrets are shorter until they are rotated. Free the builder with `sealwire_key_ring_builder_free`.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_new(
    allow_weak: bool,
    builder: *mut *mut sealwire_key_ring_builder,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise for outputs.
        let out = unsafe { Out::new(builder) }?;
        give(Some(KeyRingBuilder::new(strength(allow_weak))), out);
        Ok(())
    })
}

/// Adds the keys two services share, in both directions; the order of the names does not matter. `primary` is
/// the version that signs. Secrets are copied.
///
/// `SEALWIRE_STATUS_INVALID_KEY` when the entry is refused; the error names it and says why, and the builder
/// stays as it was. For one thread at a time.
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
        // SAFETY: the caller's promise for text.
        let (one, other) = unsafe { (one.str()?, other.str()?) };
        Ok(builder.add(KeyName::Pair(one, other), versions, primary).map(drop))
    };
    // SAFETY: this function's own contract.
    unsafe { add(builder, versions, version_count, error, entry) }
}

/// Adds the keys of a client id. As `sealwire_key_ring_builder_add_pair` otherwise. For one thread at a time.
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
        // SAFETY: the caller's promise for text.
        let id = unsafe { id.str() }?;
        Ok(builder.add(KeyName::Client(id), versions, primary).map(drop))
    };
    // SAFETY: this function's own contract.
    unsafe { add(builder, versions, version_count, error, entry) }
}

/// Sets the keys that sign connection strings. As `sealwire_key_ring_builder_add_pair` otherwise. For one
/// thread at a time.
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
    // SAFETY: this function's own contract.
    unsafe { add(builder, versions, version_count, error, entry) }
}

/// Makes the ring, which is then free of the builder; it may even be empty. A builder builds once. Free the
/// ring with `sealwire_key_ring_free`, and the builder too. For one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_build(
    builder: *mut sealwire_key_ring_builder,
    ring: *mut *mut sealwire_key_ring,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promises for handles and outputs.
        let (held, out) = unsafe { (borrow_mut(builder)?, Out::new(ring)?) };
        let builder = held.take().ok_or(sealwire_status::WrongState)?;
        give(SharedRing::new(builder.build()), out);
        Ok(())
    })
}

/// Frees a builder, whether it has built or not; NULL is fine. No other thread may use it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_ring_builder_free(builder: *mut sealwire_key_ring_builder) {
    // SAFETY: the caller's promise for handles that are freed.
    guard_free(|| unsafe { free(builder) });
}

/// What the three ways to add have in common. `add` fails for the call, or says what became of the entry.
///
/// # Safety
/// The contract of the three.
unsafe fn add(
    builder: *mut sealwire_key_ring_builder,
    versions: *const sealwire_key_version,
    version_count: usize,
    error: *mut sealwire_error,
    add: impl FnOnce(&mut KeyRingBuilder, &[Version<'_>]) -> Result<Result<(), KeyRingError>, Failure>,
) -> i32 {
    // SAFETY: the caller's promise for outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the caller's promises for handles and outputs.
        let held = unsafe { borrow_mut(builder) }?;
        let builder = held.as_mut().ok_or(sealwire_status::WrongState)?;
        // SAFETY: the caller's promise for arrays.
        let versions = unsafe { read_versions(versions, version_count) }?;
        add(builder, &versions)?.map_err(|cause| error.explain(sealwire_status::InvalidKey, &cause))
    })
}

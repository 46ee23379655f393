//! Builds signers from their settings.

use sealwire_host::{Signer, schemes};

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_ring::sealwire_key_ring;
use crate::opaque::{Opaque, borrow, borrow_mut, change, free, give};
use crate::pointer::Out;
use crate::scheme::scheme_name;
use crate::signer::sealwire_signer;
use crate::status::sealwire_status;
use crate::text::sealwire_text;

/// Collects the settings of a signer. The builder must be used by one thread at a time.
#[derive(Debug)]
pub struct sealwire_signer_builder {
    _opaque: [u8; 0],
}

/// The settings that the builder has collected.
#[derive(Debug)]
pub(crate) struct Draft {
    name: String,
    schemes: Vec<String>,
    cover_authority: bool,
    cover_fields: Vec<String>,
}

impl Opaque for sealwire_signer_builder {
    /// `None` after the signer was built.
    type Held = Option<Draft>;
    const TAG: u64 = u64::from_be_bytes(*b"signbldr");
}

/// Creates a builder. `name` is the service name or the client id of the sender. If no scheme is added, the
/// signer uses `message`. Free the builder with `sealwire_signer_builder_free`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_builder_new(
    name: sealwire_text,
    builder: *mut *mut sealwire_signer_builder,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (name, out) = unsafe { (name.str()?, Out::new(builder)?) };
        let draft =
            Draft { name: name.into(), schemes: Vec::new(), cover_authority: true, cover_fields: Vec::new() };
        give(Some(draft), out);
        Ok(())
    })
}

/// Adds a `sealwire_scheme`. The signer adds a signature of every added scheme to each request. Two schemes
/// are useful while receivers migrate to a new scheme. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_builder_add_scheme(
    builder: *mut sealwire_signer_builder,
    scheme: i32,
) -> i32 {
    // SAFETY: guaranteed by the caller of this function.
    unsafe {
        change(builder, |draft| {
            draft.schemes.push(scheme_name(scheme)?);
            Ok(())
        })
    }
}

/// Adds the name of a header that `message` signatures cover if the request contains it. The builder must be used by one thread
/// at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_builder_cover(
    builder: *mut sealwire_signer_builder,
    field: sealwire_text,
) -> i32 {
    // SAFETY: guaranteed by the caller of this function, and the C caller guarantees valid text.
    unsafe {
        change(builder, |draft| {
            draft.cover_fields.push(field.str()?.to_ascii_lowercase());
            Ok(())
        })
    }
}

/// Sets whether `message` signatures cover the authority. The default is true. Set it to false only if a proxy rewrites the
/// authority. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_builder_cover_authority(
    builder: *mut sealwire_signer_builder,
    cover: bool,
) -> i32 {
    // SAFETY: guaranteed by the caller of this function.
    unsafe {
        change(builder, |draft| {
            draft.cover_authority = cover;
            Ok(())
        })
    }
}

/// Builds the signer. The signer shares the keys of `ring`. The handle to the ring may be freed afterwards.
/// A builder can build only one signer. If a setting is invalid, the builder is unchanged. Free the signer
/// with `sealwire_signer_free`. The builder must be freed separately. The builder must be used by one
/// thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_builder_build(
    builder: *mut sealwire_signer_builder,
    ring: *const sealwire_key_ring,
    signer: *mut *mut sealwire_signer,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, ring) = unsafe { (borrow_mut(builder)?, borrow(ring)?) };
        // SAFETY: as above.
        let out = unsafe { Out::new(signer) }?;
        let draft = held.as_ref().ok_or(sealwire_status::WrongState)?;
        let schemes = schemes("schemes", &draft.schemes)
            .map_err(|cause| error.explain(sealwire_status::InvalidConfiguration, &cause))?;
        let parts = Signer {
            name: draft.name.clone(),
            ring: ring.clone(),
            schemes,
            cover_authority: draft.cover_authority,
            cover_fields: draft.cover_fields.clone(),
        };
        let signer = parts
            .checked("cover")
            .map_err(|cause| error.explain(sealwire_status::InvalidConfiguration, &cause))?;
        *held = None;
        give(signer, out);
        Ok(())
    })
}

/// Frees a builder. NULL is allowed. No thread may use the builder afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_builder_free(builder: *mut sealwire_signer_builder) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(builder) });
}

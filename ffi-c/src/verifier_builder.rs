//! Builder of verifiers.

use std::sync::Arc;

use sealwire_core::Mode;
use sealwire_host::{SenderConfig, Verifier, VerifierConfig};

use crate::counting::CountingVerifier;
use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_ring::sealwire_key_ring;
use crate::modes::sealwire_modes;
use crate::opaque::{Opaque, borrow, borrow_mut, change, free, give};
use crate::pointer::{Out, slice};
use crate::rejection::{mode, sealwire_mode};
use crate::replay_table::sealwire_replay_table;
use crate::scheme::scheme_name;
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;
use crate::verifier::sealwire_verifier;

/// Collects the settings of a verifier. Must be used by one thread at a time.
#[derive(Debug)]
pub struct sealwire_verifier_builder {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_verifier_builder {
    /// `None` after the build.
    type Held = Option<VerifierConfig>;
    const TAG: u64 = u64::from_be_bytes(*b"vrfybldr");
}

/// Creates a builder for the service with this name, which is the receiver in signatures. The name may
/// be empty if only the `client` scheme is accepted. By default the verifier accepts `message` only, enforces,
/// and reads bodies of up to 1 MiB. Free the builder with `sealwire_verifier_builder_free`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_new(
    service: sealwire_text,
    builder: *mut *mut sealwire_verifier_builder,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (service, out) = unsafe { (service.str()?, Out::new(builder)?) };
        give(Some(VerifierConfig { service: service.into(), ..VerifierConfig::default() }), out);
        Ok(())
    })
}

/// Adds an accepted `sealwire_scheme`. Only one scheme of a request is checked: of the schemes that are present,
/// the one that was added first. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_accept(
    builder: *mut sealwire_verifier_builder,
    scheme: i32,
) -> i32 {
    // SAFETY: guaranteed by the caller of this function, here and in the functions below.
    unsafe {
        change(builder, |config| {
            config.schemes.push(scheme_name(scheme)?);
            Ok(())
        })
    }
}

/// Sets the accepted age of timestamps and their accepted difference into the future, in milliseconds,
/// boundaries included. Defaults: 300 000 and 5 000; 300 000 both ways for `client`. Must be used by one thread
/// at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_window(
    builder: *mut sealwire_verifier_builder,
    past_ms: u64,
    future_ms: u64,
) -> i32 {
    // SAFETY: as above.
    unsafe {
        change(builder, |config| {
            (config.past_ms, config.future_ms) = (Some(past_ms), Some(future_ms));
            Ok(())
        })
    }
}

/// Sets the `sealwire_mode`: the effect of a rejection. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_mode(
    builder: *mut sealwire_verifier_builder,
    mode_number: i32,
) -> i32 {
    // SAFETY: as above.
    unsafe {
        change(builder, |config| {
            config.mode = Some(mode(mode_number)?.name().to_owned());
            Ok(())
        })
    }
}

/// Shares modes that can be changed while the service runs, in place of `sealwire_verifier_builder_set_mode` and of the
/// modes of `sealwire_verifier_builder_add_sender`; if both are set, the build fails. The handle may be freed. Must
/// be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_modes(
    builder: *mut sealwire_verifier_builder,
    modes: *const sealwire_modes,
) -> i32 {
    // SAFETY: as above, and the C caller guarantees valid handles.
    unsafe {
        change(builder, |config| {
            config.modes = Some(borrow(modes)?.clone());
            Ok(())
        })
    }
}

/// Sets the largest body in bytes; the default is 1 MiB. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_max_body_bytes(
    builder: *mut sealwire_verifier_builder,
    max_body_bytes: u64,
) -> i32 {
    // SAFETY: as above.
    unsafe {
        change(builder, |config| {
            config.max_body_bytes = Some(max_body_bytes);
            Ok(())
        })
    }
}

/// Sets whether the user id of `pairwise` is reported. That scheme does not sign it, so any intermediary can
/// change it. Off by default. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_trust_unsigned_user_id(
    builder: *mut sealwire_verifier_builder,
    trust: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.trust_unsigned_user_id, trust) }
}

/// Sets whether `pairwise` signatures are claimed as nonces, which rejects the second of two equal requests in
/// one second. Off by default. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_claim_pairwise(
    builder: *mut sealwire_verifier_builder,
    claim: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.claim_pairwise, claim) }
}

/// Sets whether `message` signatures must cover the authority. On by default; switch it off only if a proxy
/// rewrites the authority. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_require_authority(
    builder: *mut sealwire_verifier_builder,
    require: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.ignore_authority, !require) }
}

/// Adds a header field that `message` signatures must cover if it is present. Must be used by one thread at a
/// time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_require_field(
    builder: *mut sealwire_verifier_builder,
    field: sealwire_text,
) -> i32 {
    // SAFETY: as above, and the C caller guarantees valid text.
    unsafe {
        change(builder, |config| {
            config.require_fields.push(field.str()?.to_owned());
            Ok(())
        })
    }
}

/// Sets whether senders without rules are rejected. Off by default. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_listed_senders_only(
    builder: *mut sealwire_verifier_builder,
    only: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.listed_senders_only, only) }
}

/// Sets the share of the replay table that one sender may use, above 0 and up to 1; the default is 0.5. Requests
/// of a sender above this share are rejected with `SEALWIRE_REASON_SENDER_SHARE_EXCEEDED`. The limit applies if
/// the key ring contains two senders or more; 1 means no limit. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_max_sender_share(
    builder: *mut sealwire_verifier_builder,
    share: f64,
) -> i32 {
    // SAFETY: as above.
    unsafe {
        change(builder, |config| {
            config.max_sender_share = Some(share);
            Ok(())
        })
    }
}

/// Sets whether a verifier without a replay table accepts requests with a nonce, including repeated requests. Off by
/// default: such a verifier then rejects them with `SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE`, unless they are
/// claimed in your own store with `sealwire_pending_prove` and `sealwire_pending_settle`. Must be used by one
/// thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_accept_replays(
    builder: *mut sealwire_verifier_builder,
    accept: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.accept_replays, accept) }
}

/// Adds rules for one sender: its `sealwire_mode` (`SEALWIRE_MODE_INHERIT` for that of the verifier), the
/// allowed methods, and the allowed paths with everything below them. An empty list allows all. Must be used by
/// one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_add_sender(
    builder: *mut sealwire_verifier_builder,
    name: sealwire_text,
    mode_number: i32,
    methods: *const sealwire_text,
    method_count: usize,
    path_prefixes: *const sealwire_text,
    path_prefix_count: usize,
) -> i32 {
    let own_mode = || match mode_number {
        number if number == sealwire_mode::Inherit as i32 => Ok(None),
        number => mode(number).map(Mode::name).map(|name| Some(name.to_owned())),
    };
    // SAFETY: as above, and the C caller guarantees valid text and arrays.
    unsafe {
        change(builder, |config| {
            config.senders.push(SenderConfig {
                name: name.str()?.to_owned(),
                mode: own_mode()?,
                methods: texts(methods, method_count)?,
                path_prefixes: texts(path_prefixes, path_prefix_count)?,
            });
            Ok(())
        })
    }
}

/// Adds an authority that the service serves: a host with an optional port and scheme, such as `api.test` or
/// `https://api.test:8443`; or `any` alone. A `message` request with another authority is rejected with
/// `authority_not_served`. Required if `message` accepts client keys. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_add_authority(
    builder: *mut sealwire_verifier_builder,
    authority: sealwire_text,
) -> i32 {
    // SAFETY: as above, and the C caller guarantees valid text.
    unsafe {
        change(builder, |config| {
            config.authorities.push(authority.str()?.to_owned());
            Ok(())
        })
    }
}

/// Sets the URL scheme that callers use, `https` or `http`, if a proxy terminates TLS. By default it is the
/// scheme of the request. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_url_scheme(
    builder: *mut sealwire_verifier_builder,
    scheme: sealwire_text,
) -> i32 {
    // SAFETY: as above, and the C caller guarantees valid text.
    unsafe {
        change(builder, |config| {
            config.scheme = Some(scheme.str()?.to_owned());
            Ok(())
        })
    }
}

/// Sets the path where the application is mounted, such as `/api`. Exempt paths and path rules of senders are
/// compared with the rest of the path. Signatures cover the whole path. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_set_root_path(
    builder: *mut sealwire_verifier_builder,
    root_path: sealwire_text,
) -> i32 {
    // SAFETY: as above, and the C caller guarantees valid text.
    unsafe {
        change(builder, |config| {
            config.root_path = root_path.str()?.to_owned();
            Ok(())
        })
    }
}

/// Adds a path that needs no signature. With a final `*`, all paths with that prefix. Query it with
/// `sealwire_verifier_is_exempt`. Must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_exempt_path(
    builder: *mut sealwire_verifier_builder,
    path: sealwire_text,
) -> i32 {
    // SAFETY: as above, and the C caller guarantees valid text.
    unsafe {
        change(builder, |config| {
            config.exempt_paths.push(path.str()?.to_owned());
            Ok(())
        })
    }
}

/// Builds the verifier. It shares `ring` and `table`, whose handles may be freed. Without a table (NULL) it rejects
/// requests with a nonce: use `sealwire_pending_prove` with your own store, or see
/// `sealwire_verifier_builder_accept_replays`.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` with the setting in `error`; the builder is then unchanged.
/// A builder can build once. Free the verifier with `sealwire_verifier_free`, and the builder too. Must be used
/// by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_build(
    builder: *mut sealwire_verifier_builder,
    ring: *const sealwire_key_ring,
    table: *const sealwire_replay_table,
    verifier: *mut *mut sealwire_verifier,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, ring) = unsafe { (borrow_mut(builder)?, borrow(ring)?) };
        // SAFETY: as above.
        let store = if table.is_null() { None } else { Some(unsafe { borrow(table) }?.clone()) };
        // SAFETY: as above.
        let out = unsafe { Out::new(verifier) }?;
        let config = held.clone().ok_or(sealwire_status::WrongState)?;
        let accept_replays = config.accept_replays;
        let (policy, modes) = config
            .into_parts()
            .map_err(|cause| error.explain(sealwire_status::InvalidConfiguration, &cause))?;
        let verifier = Verifier::new(policy, ring.clone(), store).under(modes);
        verifier.check().map_err(|cause| error.explain(sealwire_status::InvalidConfiguration, &cause))?;
        *held = None;
        let verifier = if accept_replays { verifier.accepting_replays() } else { verifier };
        give(Arc::new(CountingVerifier::new(verifier)), out);
        Ok(())
    })
}

/// Frees a builder, before or after the build; NULL is allowed. No thread may use it afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_free(builder: *mut sealwire_verifier_builder) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(builder) });
}

/// # Safety
/// No other thread uses the handle.
unsafe fn set(
    builder: *mut sealwire_verifier_builder,
    setting: impl FnOnce(&mut VerifierConfig) -> &mut bool,
    value: bool,
) -> i32 {
    // SAFETY: guaranteed by the caller of this function.
    unsafe {
        change(builder, |config| {
            *setting(config) = value;
            Ok(())
        })
    }
}

/// # Safety
/// `texts` is NULL or points to `count` texts that, with their bytes, are not written to.
unsafe fn texts(texts: *const sealwire_text, count: usize) -> Result<Vec<String>, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let texts: &[sealwire_text] = unsafe { slice(texts, count) }?;
    // SAFETY: as above.
    texts.iter().map(|text| Ok(unsafe { text.str() }?.to_owned())).collect()
}

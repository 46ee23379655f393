//! Builds verifiers from their settings.

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

/// Collects the settings of a verifier. The builder must be used by one thread at a time.
#[derive(Debug)]
pub struct sealwire_verifier_builder {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_verifier_builder {
    /// `None` after the verifier was built.
    type Held = Option<VerifierConfig>;
    const TAG: u64 = u64::from_be_bytes(*b"vrfybldr");
}

/// Creates a builder. `service` is the name of this service, which receives the requests. It may be empty if only the `client`
/// scheme is accepted. By default, the verifier accepts only `message`, has the mode `enforce`, and accepts bodies of up to 1
/// MiB. Free the builder with `sealwire_verifier_builder_free`. Thread-safe.
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

/// Adds an accepted `sealwire_scheme`. The verifier checks only one signature per request. If a request has
/// signatures of several accepted schemes, the verifier checks that of the scheme added first. The builder
/// must be used by one thread at a time.
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

/// Sets the maximum age of a request, and how far a sender's clock may be ahead. Both limits are in
/// milliseconds and are inclusive. The defaults are 300,000 and 5,000. For `client`, both defaults are
/// 300,000. The builder must be used by one thread at a time.
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

/// Sets the `sealwire_mode`, which is the effect of a rejection. The builder must be used by one thread at a
/// time.
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

/// Sets modes that can be changed while the service runs. The verifier shares them with other users of
/// `modes`. They are an alternative to `sealwire_verifier_builder_set_mode` and the modes of
/// `sealwire_verifier_builder_add_sender`. If both kinds are set, the build fails. The handle to the modes
/// may be freed afterwards. The builder must be used by one thread at a time.
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

/// Sets the maximum size of a body in bytes. The default is 1 MiB. The builder must be used by one thread at
/// a time.
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

/// Sets whether the verifier reports the user id of `pairwise` requests. This scheme does not sign the user
/// id, so any intermediary can change the id. The default is false. The builder must be used by one thread
/// at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_trust_unsigned_user_id(
    builder: *mut sealwire_verifier_builder,
    trust: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.trust_unsigned_user_id, trust) }
}

/// Sets whether the signatures of `pairwise` requests are claimed as nonces. Replayed requests are then
/// rejected. If two identical requests are signed in the same second, the second one is also rejected. The
/// default is false. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_claim_pairwise(
    builder: *mut sealwire_verifier_builder,
    claim: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.claim_pairwise, claim) }
}

/// Sets whether `message` signatures must cover the authority. The default is true. Set it to false only if a
/// proxy rewrites the authority. The builder must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_require_authority(
    builder: *mut sealwire_verifier_builder,
    require: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.ignore_authority, !require) }
}

/// Adds the name of a header that `message` signatures must cover if the request contains it. The builder
/// must be used by one thread at a time.
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

/// Sets whether requests from senders without rules are rejected. The default is false. The builder must be
/// used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_listed_senders_only(
    builder: *mut sealwire_verifier_builder,
    only: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.listed_senders_only, only) }
}

/// Sets the maximum fraction of the replay table that one sender may use. It must be greater than 0 and at most 1. The default is
/// 0.5, and 1 means no limit. If a sender exceeds the limit, its requests are rejected with
/// `SEALWIRE_REASON_SENDER_SHARE_EXCEEDED`. The limit applies only if the key ring contains at least two senders. The builder
/// must be used by one thread at a time.
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

/// Sets whether a verifier without a replay table accepts requests with a nonce. It then also accepts
/// replayed requests. The default is false, and requests with a nonce are then rejected with
/// `SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE`. Such requests are not rejected if you claim the nonce in
/// your own store, with `sealwire_pending_prove` and `sealwire_pending_settle`. The builder must be used by
/// one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_builder_accept_replays(
    builder: *mut sealwire_verifier_builder,
    accept: bool,
) -> i32 {
    // SAFETY: as above.
    unsafe { set(builder, |config| &mut config.accept_replays, accept) }
}

/// Adds rules for one sender. `mode_number` is a `sealwire_mode`, where `SEALWIRE_MODE_INHERIT` selects the mode of the verifier.
/// `methods` and `path_prefixes` are the allowed methods and paths. A path prefix includes all paths below it. An empty list
/// allows all methods or paths. The builder must be used by one thread at a time.
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

/// Adds an authority of this service. An authority is a host with an optional port and scheme, such as
/// `api.test` or `https://api.test:8443`. The single entry `any` accepts every authority. A `message`
/// request with any other authority is rejected with `authority_not_served`. At least one authority is
/// required if `message` accepts client keys. The builder must be used by one thread at a time.
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

/// Sets the URL scheme that callers use, `https` or `http`. Use this setting if a proxy terminates TLS. The
/// default is the scheme of the request. The builder must be used by one thread at a time.
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

/// Sets the path prefix at which the application is mounted, such as `/api`. The prefix is removed before a
/// path is compared with exempt paths and senders' path prefixes. Signatures cover the whole path. The
/// builder must be used by one thread at a time.
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

/// Adds a path that needs no signature. A path that ends with `*` matches all paths with that prefix.
/// `sealwire_verifier_is_exempt` checks a request against these paths. The builder must be used by one thread
/// at a time.
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

/// Builds the verifier. The verifier shares `ring` and `table`. Both handles may be freed afterwards. If
/// `table` is NULL, the verifier rejects requests with a nonce, unless you claim nonces in your own store
/// with `sealwire_pending_prove` or call `sealwire_verifier_builder_accept_replays`.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` with the setting in `error` if a setting is invalid. The builder is then
/// unchanged. A builder can build only one verifier. Free the verifier with `sealwire_verifier_free`. The builder must be freed
/// separately. The builder must be used by one thread at a time.
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

/// Frees a builder. NULL is allowed. No thread may use the builder afterwards.
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
/// `texts` is NULL or points to `count` strings, which are not modified during the call.
unsafe fn texts(texts: *const sealwire_text, count: usize) -> Result<Vec<String>, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let texts: &[sealwire_text] = unsafe { slice(texts, count) }?;
    // SAFETY: as above.
    texts.iter().map(|text| Ok(unsafe { text.str() }?.to_owned())).collect()
}

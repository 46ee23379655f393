//! Modes that can be changed while the service runs.

use std::sync::Arc;

use sealwire_core::Modes;
use sealwire_host::{SharedModes, is_enabled};

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::Out;
use crate::rejection::{mode, sealwire_mode};
use crate::reloading::invalid;
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// The modes of a service and of individual senders. Verifiers that were built with the same modes object
/// share its modes. Any number of threads may use and change the modes. Each rejection uses the modes that
/// are set at the time of the rejection.
#[derive(Debug)]
pub struct sealwire_modes {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_modes {
    type Held = Arc<SharedModes>;
    const TAG: u64 = u64::from_be_bytes(*b"modes001");
}

/// Creates modes with one `sealwire_mode` for all senders. Pass them to `sealwire_verifier_builder_set_modes`.
/// Free them with `sealwire_modes_free`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_modes_new(mode_number: i32, modes: *mut *mut sealwire_modes) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid outputs.
        let out = unsafe { Out::new(modes) }?;
        give(SharedModes::new(Modes { service: mode(mode_number)?, ..Modes::default() }), out);
        Ok(())
    })
}

/// Sets the `sealwire_mode` of the service. From the next rejection on, it applies to all senders without a
/// separate mode. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_modes_set(modes: *const sealwire_modes, mode_number: i32) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles.
        let held = unsafe { borrow(modes) }?;
        let service = mode(mode_number)?;
        let changed = held.update(|modes| {
            modes.service = service;
            Ok(())
        });
        changed.map(drop).map_err(|_| sealwire_status::InvalidArgument.into())
    })
}

/// Sets the `sealwire_mode` of one sender. `SEALWIRE_MODE_INHERIT` removes the mode of the sender, and the mode of the service
/// then applies. A name has at most 128 characters. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_modes_set_sender(
    modes: *const sealwire_modes,
    sender: sealwire_text,
    mode_number: i32,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and text.
        let (held, sender) = unsafe { (borrow(modes)?, sender.str()?) };
        let own = if mode_number == sealwire_mode::Inherit as i32 { None } else { Some(mode(mode_number)?) };
        if sender.is_empty() {
            return Err(sealwire_status::InvalidArgument.into());
        }
        let changed = held.set_sender(sender, own);
        changed.map(drop).map_err(|_| Failure::Usage(sealwire_status::InvalidArgument))
    })
}

/// Writes the `sealwire_mode` that applies to the requests of a sender. If `sender` is empty, writes the mode of the service.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_modes_get(
    modes: *const sealwire_modes,
    sender: sealwire_text,
    found: *mut i32,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, text and outputs.
        let (held, sender, out) = unsafe { (borrow(modes)?, sender.str()?, Out::new(found)?) };
        out.write(sealwire_mode::of(held.load().of(sender)) as i32);
        Ok(())
    })
}

/// Reads the environment variable `HMAC_AUTH_ENABLED`. If its value is `false`, every
/// `SEALWIRE_MODE_ENFORCE` becomes `SEALWIRE_MODE_OBSERVE`, both now and after each later change. Call this
/// function at program start, so that an operator can disable enforcement without a mode file.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the value is neither true nor false. Thread-safe while no
/// other thread changes the environment.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_modes_apply_env(
    modes: *const sealwire_modes,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles.
        let held = unsafe { borrow(modes) }?;
        let value = std::env::var_os(sealwire_host::mode_file::ENABLED_VARIABLE);
        let value = value.map(|value| value.to_string_lossy().into_owned());
        if !is_enabled(value.as_deref()).map_err(|cause| invalid(&error, &cause))? {
            held.observe_only();
        }
        Ok(())
    })
}

/// Frees a handle. NULL is allowed. Verifiers that were built with the modes keep using them. No thread may use the handle
/// afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_modes_free(modes: *mut sealwire_modes) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(modes) });
}

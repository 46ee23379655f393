//! Reloads key files and mode files.

use std::path::Path;

use sealwire_host::{ConfigError, WatchedFile};

use crate::error::{ErrorOut, sealwire_error};
use crate::opaque::{Opaque, borrow};
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};

/// An object that can reload its file.
pub(crate) trait Reloads {
    fn file(&self) -> &WatchedFile;

    fn replace(&self, path: &Path) -> Result<(), ConfigError>;
}

/// Reloads the file of a handle.
///
/// # Safety
/// `handle` is valid for [`borrow`], and `error` for [`ErrorOut::new`].
pub(crate) unsafe fn reload<O: Opaque<Held: Reloads>>(handle: *const O, error: *mut sealwire_error) -> i32 {
    // SAFETY: guaranteed by the caller of this function.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: as above.
        let held = unsafe { borrow(handle) }?;
        held.file().reload(|path| held.replace(path)).map_err(|cause| invalid(&error, &cause))
    })
}

/// Reloads the file of a handle if the file has changed.
///
/// # Safety
/// The same as for [`reload`]. In addition, `reloaded` is valid for [`Out::new`].
pub(crate) unsafe fn reload_if_changed<O: Opaque<Held: Reloads>>(
    handle: *const O,
    reloaded: *mut bool,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: guaranteed by the caller of this function.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: as above.
        let (held, out) = unsafe { (borrow(handle)?, Out::new(reloaded)?) };
        let changed = held.file().reload_if_changed(|path| held.replace(path));
        out.write(changed.map_err(|cause| invalid(&error, &cause))?);
        Ok(())
    })
}

pub(crate) fn invalid(error: &ErrorOut, cause: &ConfigError) -> Failure {
    error.explain(sealwire_status::InvalidConfiguration, cause)
}

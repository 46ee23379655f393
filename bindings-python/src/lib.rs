//! The native part of the Python package `sealwire`. It converts types and reads the clock. All decisions about
//! requests are made in the core crate.
//!
//! All classes except `KeyDocument` are frozen, and none of them contains mutable Python objects. In a
//! free-threaded interpreter, several threads can therefore use the same object.

mod asgi;
mod body;
mod clock;
mod errors;
mod explain;
mod headers;
mod identity;
mod interrupt;
mod key_file;
mod key_ring;
mod mode_file;
mod modes;
mod numbers;
mod pairwise;
mod pending;
mod replay;
mod response;
mod secrets;
mod settings;
mod signer;
mod token;
mod verifier;
mod words;

use pyo3::prelude::*;

/// The native module of Sealwire. Import its names from `sealwire`.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::asgi::first_step;
    #[pymodule_export]
    use crate::explain::{explain_rejection, read_capture};
    #[pymodule_export]
    use crate::identity::Identity;
    #[pymodule_export]
    use crate::key_file::{
        KeyDocument, KeyFile, file_state, generate_key_file, is_open_to_others, key_file_format,
    };
    #[pymodule_export]
    use crate::key_ring::{KeyRing, KeyStatus};
    #[pymodule_export]
    use crate::mode_file::{change_mode_file, read_mode_file, read_variables};
    #[pymodule_export]
    use crate::modes::Modes;
    #[pymodule_export]
    use crate::pairwise::{sign_pairwise, verify_pairwise};
    #[pymodule_export]
    use crate::pending::{Pending, Proven};
    #[pymodule_export]
    use crate::replay::ReplayTable;
    #[pymodule_export]
    use crate::response::VerifiedResponse;
    #[pymodule_export]
    use crate::secrets::shown_name;
    #[pymodule_export]
    use crate::settings::{check_open_settings, check_settings, settings_of};
    #[pymodule_export]
    use crate::signer::Signer;
    #[pymodule_export]
    use crate::token::ConnectionString;
    #[pymodule_export]
    use crate::verifier::{Stats, Verifier};
    #[pymodule_export]
    use crate::words::{
        canonical_name, challenge, discard_nonces, help_url, is_enabled, is_local_health_check, origin_form,
        secret_variable, split_url,
    };

    use super::{Bound, PyModule, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::words::add(module)
    }
}

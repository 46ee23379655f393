//! Configuration errors and API misuse. The JavaScript code converts their numbers to `SEALWIRE_...` strings. A
//! request cannot cause these errors.

use core::fmt::Display;

use sealwire_host::ConfigError;

/// An error code. A function returns it as a negative number. `lib/wasm.mjs` lists the names in the same order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Code {
    /// A setting is invalid.
    Config = 1,
    /// A key ring was rejected.
    Keys = 2,
    /// A replay table cannot be created.
    Replay = 3,
    /// A request cannot be signed.
    Sign = 4,
    /// A connection string cannot be issued.
    Token = 5,
    /// An object was used after it was freed.
    State = 6,
}

/// An error code with its message.
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) code: Code,
    pub(crate) reason: String,
}

pub(crate) type Result<T> = core::result::Result<T, Error>;

impl Code {
    pub(crate) fn error(self, cause: impl Display) -> Error {
        self.because(cause.to_string())
    }

    fn because(self, reason: String) -> Error {
        // JavaScript settings use camel case.
        Error { code: self, reason: reason.replace("allow_weak", "allowWeak") }
    }
}

/// Converts a configuration error. The error message contains the JavaScript name of the setting.
pub(crate) fn explained(cause: &ConfigError) -> Error {
    let mut words = cause.entry.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let entry = words.fold(first, |name, word| match word.split_at_checked(1) {
        Some((initial, rest)) => name + &initial.to_ascii_uppercase() + rest,
        None => name,
    });
    Code::Config.error(format_args!("{entry}: {}", cause.advice))
}

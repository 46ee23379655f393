//! Configuration errors and API misuse. They are thrown as JavaScript errors with stable `code` values. A
//! request cannot cause these errors.

use core::fmt::Display;

use sealwire_host::ConfigError;

/// The `code` of an error.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Code {
    /// A setting is invalid.
    Config,
    /// A key ring is invalid.
    Keys,
    /// A replay table cannot be created or opened.
    Replay,
    /// A request cannot be signed.
    Sign,
    /// A connection string cannot be issued.
    Token,
    /// The object can no longer be used.
    State,
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        match self {
            Self::Config => "SEALWIRE_CONFIG",
            Self::Keys => "SEALWIRE_KEYS",
            Self::Replay => "SEALWIRE_REPLAY",
            Self::Sign => "SEALWIRE_SIGN",
            Self::Token => "SEALWIRE_TOKEN",
            Self::State => "SEALWIRE_STATE",
        }
    }
}

pub(crate) type Error = napi::Error<Code>;
pub(crate) type Result<T> = core::result::Result<T, Error>;

impl Code {
    pub(crate) fn error(self, cause: impl Display) -> Error {
        // JavaScript settings use camel case.
        Error::new(self, cause.to_string().replace("allow_weak", "allowWeak"))
    }
}

// Converts a napi error, which is usually caused by an argument of the wrong type.
impl From<napi::Error> for Code {
    fn from(_: napi::Error) -> Self {
        Self::Config
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

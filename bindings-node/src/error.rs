//! Errors of set-up and use, thrown as JavaScript errors with a stable `code`. A request never causes one.

use core::fmt::Display;

use sealwire_host::ConfigError;

/// The `code` of an error.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Code {
    /// A setting makes no sense.
    Config,
    /// A key ring was refused.
    Keys,
    /// A replay table could not be made or opened.
    Replay,
    /// A request cannot be signed as it is.
    Sign,
    /// A connection string cannot be issued as asked.
    Token,
    /// An object was used after its end.
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
        // JavaScript spells its settings its own way.
        Error::new(self, cause.to_string().replace("allow_weak", "allowWeak"))
    }
}

// An error of napi itself: an argument of the wrong type.
impl From<napi::Error> for Code {
    fn from(_: napi::Error) -> Self {
        Self::Config
    }
}

/// A configuration error, its setting named as JavaScript spells it.
pub(crate) fn explained(cause: &ConfigError) -> Error {
    let mut words = cause.entry.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let entry = words.fold(first, |name, word| match word.split_at_checked(1) {
        Some((initial, rest)) => name + &initial.to_ascii_uppercase() + rest,
        None => name,
    });
    Code::Config.error(format_args!("{entry}: {}", cause.advice))
}

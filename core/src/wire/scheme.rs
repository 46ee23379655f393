//! The wire formats a request can be signed in.

/// A wire format for requests. Connection strings are tokens, not request signatures: see
/// [`connection_string`](crate::connection_string).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Scheme {
    /// RFC 9421 with `hmac-sha256`: the default.
    Message = 1,
    /// What the FastAPI services speak: a key per pair of services.
    Pairwise = 2,
    /// What the Express IAM and the Nuxt gateway speak: a key per client id.
    Client = 3,
}

impl Scheme {
    /// Every scheme, strongest first.
    pub const ALL: [Self; 3] = [Self::Message, Self::Pairwise, Self::Client];

    /// The name used in configurations, metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Pairwise => "pairwise",
            Self::Client => "client",
        }
    }

    /// The scheme of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// The stable number, for C.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The scheme of this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.number() == number)
    }
}

impl core::fmt::Display for Scheme {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

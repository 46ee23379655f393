//! The wire formats for signed requests.

/// A wire format for signed requests. Connection strings are not a scheme, because they are tokens that are
/// not bound to a request. See [`connection_string`](crate::connection_string).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Scheme {
    /// HTTP Message Signatures (RFC 9421) with `hmac-sha256`. This is the default.
    Message = 1,
    /// The format of the FastAPI services, with a key for each pair of services.
    Pairwise = 2,
    /// The format of the Express IAM and the Nuxt gateway, with a key for each client id.
    Client = 3,
}

impl Scheme {
    /// All schemes, from the strongest to the weakest.
    pub const ALL: [Self; 3] = [Self::Message, Self::Pairwise, Self::Client];

    /// Returns the name that settings, metrics and logs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Pairwise => "pairwise",
            Self::Client => "client",
        }
    }

    /// Returns the scheme with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// Returns the stable number that the C API uses.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Returns the scheme with this number.
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

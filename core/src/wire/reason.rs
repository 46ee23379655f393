//! The reasons for rejections, which are the same in all schemes and language bindings.

/// The reason why a request or token was rejected.
///
/// Each reason has a stable number and a stable name. The C API uses the number. Metrics, logs, `code` in
/// Node.js and `.code` in Python use the name. Numbers are never reused. The tens digit of the number is the
/// group of the reason: 1 for malformed requests, 2 for identity, 3 for time, 4 for integrity, and 5 for
/// replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Reason {
    /// A required header is missing or empty, or the request contains no signature headers for any accepted
    /// scheme.
    MissingHeaders = 10,
    /// The value of a header is not valid in its scheme. The rejection contains the name of the header.
    MalformedHeader = 11,
    /// A header of the scheme occurs more than once, so two parsers could use different values.
    DuplicateHeader = 12,
    /// The syntax of a connection string is invalid.
    MalformedToken = 13,
    /// No key is configured for this sender.
    UnknownClient = 20,
    /// The policy does not allow this sender to use this method and path.
    SenderNotAllowed = 21,
    /// The scheme requires a key version, but the request contains no key version.
    MissingKeyVersion = 22,
    /// The sender's key set does not contain the key version in the request. The version was removed or never
    /// added.
    UnknownKeyVersion = 23,
    /// The signed authority is not one of the authorities of this service.
    AuthorityNotServed = 24,
    /// The timestamp is older than the time window allows.
    StaleTimestamp = 30,
    /// The timestamp is further in the future than the time window allows.
    FutureTimestamp = 31,
    /// The signature or the token has expired.
    TokenExpired = 32,
    /// The MAC does not match. The request was signed with a different key, or a signed part was changed.
    SignatureMismatch = 40,
    /// The body does not match its signed digest.
    BodyDigestMismatch = 41,
    /// The body is larger than the limit.
    BodyTooLarge = 42,
    /// The signature does not cover a component that the policy requires.
    MissingCoverage = 43,
    /// The body did not arrive in time.
    BodyTimeout = 44,
    /// The nonce is already claimed.
    Replayed = 50,
    /// The replay table has no free slot for this nonce. Live entries are never evicted.
    ReplayStoreFull = 51,
    /// The replay store did not respond.
    ReplayStoreUnavailable = 52,
    /// This sender has used its share of the replay table.
    SenderShareExceeded = 53,
}

impl Reason {
    /// All reasons, in the order of their numbers.
    pub const ALL: [Self; 21] = [
        Self::MissingHeaders,
        Self::MalformedHeader,
        Self::DuplicateHeader,
        Self::MalformedToken,
        Self::UnknownClient,
        Self::SenderNotAllowed,
        Self::MissingKeyVersion,
        Self::UnknownKeyVersion,
        Self::AuthorityNotServed,
        Self::StaleTimestamp,
        Self::FutureTimestamp,
        Self::TokenExpired,
        Self::SignatureMismatch,
        Self::BodyDigestMismatch,
        Self::BodyTooLarge,
        Self::MissingCoverage,
        Self::BodyTimeout,
        Self::Replayed,
        Self::ReplayStoreFull,
        Self::ReplayStoreUnavailable,
        Self::SenderShareExceeded,
    ];

    /// Returns the stable number, which is between 10 and 59.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Returns the reason with this number, or `None` if no reason has this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.number() == number)
    }

    /// Returns the stable name in `snake_case`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingHeaders => "missing_headers",
            Self::MalformedHeader => "malformed_header",
            Self::DuplicateHeader => "duplicate_header",
            Self::MalformedToken => "malformed_token",
            Self::UnknownClient => "unknown_client",
            Self::SenderNotAllowed => "sender_not_allowed",
            Self::MissingKeyVersion => "missing_key_version",
            Self::UnknownKeyVersion => "unknown_key_version",
            Self::AuthorityNotServed => "authority_not_served",
            Self::StaleTimestamp => "stale_timestamp",
            Self::FutureTimestamp => "future_timestamp",
            Self::TokenExpired => "token_expired",
            Self::SignatureMismatch => "signature_mismatch",
            Self::BodyDigestMismatch => "body_digest_mismatch",
            Self::BodyTooLarge => "body_too_large",
            Self::MissingCoverage => "missing_coverage",
            Self::BodyTimeout => "body_timeout",
            Self::Replayed => "replayed",
            Self::ReplayStoreFull => "replay_store_full",
            Self::ReplayStoreUnavailable => "replay_store_unavailable",
            Self::SenderShareExceeded => "sender_share_exceeded",
        }
    }

    /// Returns the HTTP status of the response.
    ///
    /// The status is 413 if the body is too large, 408 if the body did not arrive in time, and 503 if the
    /// replay store cannot decide. After a 503, the caller may retry. For all other reasons, the status is
    /// 401.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::BodyTooLarge => 413,
            Self::BodyTimeout => 408,
            Self::ReplayStoreFull | Self::ReplayStoreUnavailable | Self::SenderShareExceeded => 503,
            _ => 401,
        }
    }
}

impl core::fmt::Display for Reason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for Reason {}

/// A reason for a rejection, and the name of the header that caused it, if any. The verifier converts it to a
/// [`Rejection`](crate::Rejection).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    pub(crate) field: Option<&'static str>,
}

impl Fault {
    pub(crate) const fn malformed(field: &'static str) -> Self {
        Self { reason: Reason::MalformedHeader, field: Some(field) }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { reason, field: None }
    }
}

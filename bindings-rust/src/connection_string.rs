//! Connection strings, which are tokens of an API gateway.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use sealwire_core::Reason;
use sealwire_core::connection_string::{
    self as core, Draft as CoreDraft, Expiry, IssueError, MAX_TOKEN_BYTES, Permission, Role as CoreRole,
    Timestamp, Uuid,
};
use sealwire_core::keys::KeySource;
use sealwire_host::{now_s, response};

use crate::key_ring::KeyRing;

/// A verified connection string.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use sealwire::{ConnectionString, Draft, KeyRing, KeySet, Permission, Uuid};
///
/// let keys = KeyRing::builder().issuer(KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let draft = Draft::new(Uuid::nil(), SystemTime::now() + Duration::from_secs(3600)).role("billing", Permission::Read);
/// let token = draft.issue(&keys)?;
///
/// let verified = ConnectionString::verify(&keys, token.as_bytes())?;
/// assert_eq!((verified.account, verified.key_version), (Uuid::nil(), 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionString {
    /// The id of the account for which the token was issued.
    pub account: Uuid,
    /// The time at which the token expires, in Unix seconds.
    pub expires_s: i64,
    /// The roles that the token grants.
    pub roles: Vec<Role>,
    /// The id of the tenant, if the token contains one.
    pub tenant: Option<Uuid>,
    /// The id of the subscription, if the token contains one.
    pub subscription: Option<Uuid>,
    /// The version of the key that signed the token.
    pub key_version: u32,
}

/// A role of a connection string.
///
/// ```
/// use sealwire::{Permission, Role};
///
/// let role = Role { name: "billing".into(), permission: Permission::Write };
/// assert_eq!(role.permission.number(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The name of the role.
    pub name: String,
    /// The permission that the role grants.
    pub permission: Permission,
}

impl ConnectionString {
    /// The name of the HTTP header that contains a connection string.
    pub const HEADER: &str = core::HEADER;

    /// Verifies a token's syntax, key version, MAC and expiry with the issuer's keys in this key ring.
    ///
    /// # Errors
    /// Returns a [`TokenRejection`], with the error code of the gateway.
    pub fn verify(keys: &KeyRing, token: &[u8]) -> Result<Self, TokenRejection> {
        Self::verify_at(keys, token, now_s())
    }

    /// Verifies a token with `now_s` as the current time, in Unix seconds. For tests.
    ///
    /// # Errors
    /// Returns a [`TokenRejection`], like [`ConnectionString::verify`].
    pub fn verify_at(keys: &KeyRing, token: &[u8], now_s: u64) -> Result<Self, TokenRejection> {
        let ring = keys.0.load();
        let verified = core::ConnectionString::read(token, |token| {
            let token = token?;
            let set = ring.issuer().ok_or(Reason::UnknownKeyVersion)?;
            token.verify(set, now_s, Expiry::Checked).map(|verified| Self::of(&verified))
        });
        verified.map_err(TokenRejection)
    }

    /// Verifies the token in the headers of a request.
    #[cfg(any(feature = "actix", feature = "tower"))]
    pub(crate) fn in_values<'v>(
        keys: &KeyRing,
        mut values: impl Iterator<Item = &'v [u8]>,
    ) -> Result<Self, TokenRejection> {
        match (values.next(), values.next()) {
            (Some(token), None) => Self::verify(keys, token),
            (None, _) => Err(TokenRejection(Reason::MissingHeaders)),
            (Some(_), Some(_)) => Err(TokenRejection(Reason::DuplicateHeader)),
        }
    }

    fn of(verified: &core::VerifiedConnectionString<'_>) -> Self {
        let beans = verified.beans();
        let role = |role: CoreRole<'_>| Role { name: role.name.to_owned(), permission: role.permission };
        Self {
            account: beans.account,
            expires_s: beans.expires.unix_s(),
            roles: beans.roles.iter().map(role).collect(),
            tenant: beans.tenant,
            subscription: beans.subscription,
            key_version: verified.key_version(),
        }
    }
}

/// The reason why a connection string was rejected, and the response for the caller. It never contains the
/// token.
///
/// ```
/// use sealwire::{ConnectionString, KeyRing, KeySet};
///
/// let keys = KeyRing::builder().issuer(KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let rejection = ConnectionString::verify(&keys, b"not a token").unwrap_err();
/// let response: http::Response<&str> = rejection.response();
/// assert_eq!(response.status(), 401);
/// assert_eq!(*response.body(), r#"{"msg":"Unauthorized","status":401,"message":"Invalid connection string"}"#);
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRejection(Reason);

impl TokenRejection {
    /// The name of the log field that marks rejected connection strings. The value of the field is always
    /// `true`.
    pub const FAILED_FIELD: &str = core::FAILED_FIELD;

    /// Returns the reason of the rejection.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0
    }

    /// Returns the error code of the gateway, such as `MYC00031`, or `None` for a malformed or expired token.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        core::code(self.0)
    }

    /// Returns the public message for the caller, which contains the code.
    #[must_use]
    pub fn public_text(&self) -> &'static str {
        core::message(self.0)
    }

    /// Returns the HTTP status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.http_status()).unwrap_or(StatusCode::UNAUTHORIZED)
    }

    /// Returns the HTTP response with status, headers and a JSON body.
    #[must_use]
    pub fn response<B: From<&'static str>>(&self) -> Response<B> {
        let mut response = Response::new(B::from(self.body()));
        *response.status_mut() = self.status();
        let mut headers = HeaderMap::new();
        for (name, value) in self.fields() {
            if let Ok(name) = http::HeaderName::from_bytes(name.as_bytes()) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        *response.headers_mut() = headers;
        response
    }

    /// Returns the JSON body of the response.
    pub(crate) fn body(self) -> &'static str {
        core::body(self.0)
    }

    /// Returns the headers of the response as names and values.
    pub(crate) fn fields(self) -> [(&'static str, &'static str); 3] {
        [
            (CONTENT_TYPE.as_str(), "application/json"),
            (response::CACHE_CONTROL, response::REJECTED_CACHE_CONTROL),
            (response::CHALLENGE, response::TOKEN_CHALLENGE),
        ]
    }

    /// Logs the rejection with the field [`Self::FAILED_FIELD`].
    #[cfg(any(feature = "actix", feature = "tower"))]
    pub(crate) fn log(self) {
        #[cfg(feature = "tracing")]
        tracing::warn!(
            target: "sealwire",
            connection_string_verification_failed = true,
            code = self.code(),
            sealwire_reason = self.0.name(),
            "{}",
            self.public_text()
        );
    }
}

impl<B: From<&'static str>> From<TokenRejection> for Response<B> {
    fn from(rejection: TokenRejection) -> Self {
        rejection.response()
    }
}

impl std::fmt::Display for TokenRejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.public_text())
    }
}

impl std::error::Error for TokenRejection {}

/// The contents of a new connection string, before it is signed.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use sealwire::{Draft, Permission, Uuid};
///
/// let draft = Draft::new(Uuid::nil(), UNIX_EPOCH + Duration::from_secs(1_893_553_445))
///     .role("billing", Permission::Write)
///     .tenant(Uuid::nil())
///     .subscription(Uuid::nil());
/// ```
#[derive(Clone, Debug)]
pub struct Draft {
    account: Uuid,
    expires: SystemTime,
    roles: Vec<Role>,
    tenant: Option<Uuid>,
    subscription: Option<Uuid>,
}

impl Draft {
    /// Creates a draft for an account. `expires` is the time at which the token expires.
    #[must_use]
    pub fn new(account: Uuid, expires: SystemTime) -> Self {
        Self { account, expires, roles: Vec::new(), tenant: None, subscription: None }
    }

    /// Adds a role.
    #[must_use]
    pub fn role(mut self, name: &str, permission: Permission) -> Self {
        self.roles.push(Role { name: name.into(), permission });
        self
    }

    /// Sets the tenant.
    #[must_use]
    pub fn tenant(self, tenant: Uuid) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Sets the subscription.
    #[must_use]
    pub fn subscription(self, subscription: Uuid) -> Self {
        Self { subscription: Some(subscription), ..self }
    }

    /// Signs a token with the primary key of the issuer and returns the token.
    ///
    /// # Errors
    /// Returns a [`DraftError`] if the token cannot be issued.
    pub fn issue(&self, keys: &KeyRing) -> Result<String, DraftError> {
        let ring = keys.0.load();
        let set = ring.issuer().ok_or(DraftError::NoKey)?;
        let since = self.expires.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let expires = i64::try_from(since).ok().and_then(|second| Timestamp::new(second, 0));
        let expires = expires.ok_or(DraftError::Expires)?;
        let roles: Vec<_> = self
            .roles
            .iter()
            .map(|role| CoreRole { name: &role.name, permission: role.permission })
            .collect();
        let (tenant, subscription) = (self.tenant, self.subscription);
        let draft = CoreDraft { account: self.account, expires, roles: &roles, tenant, subscription };
        let mut token = vec![0; MAX_TOKEN_BYTES];
        let length = draft.issue(set, &mut token).map_err(DraftError::Issue)?;
        token.truncate(length);
        String::from_utf8(token).map_err(|_| DraftError::Issue(IssueError::TooLong))
    }
}

/// The error returned when a connection string cannot be issued.
///
/// ```
/// use sealwire::{Draft, DraftError, KeyRing, Uuid};
///
/// let keys = KeyRing::builder().build()?;
/// let error = Draft::new(Uuid::nil(), std::time::SystemTime::now()).issue(&keys).unwrap_err();
/// assert_eq!(error, DraftError::NoKey);
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DraftError {
    /// The key ring contains no issuer keys.
    NoKey,
    /// The year of the expiry has more than four digits.
    Expires,
    /// The token cannot be written.
    Issue(IssueError),
}

impl std::fmt::Display for DraftError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoKey => f.write_str("the key ring has no keys of an issuer; add them"),
            Self::Expires => f.write_str("the year of the expiry has more than four digits"),
            Self::Issue(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DraftError {}

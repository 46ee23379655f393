//! The configuration of the API gateway, which also contains other settings.

use crate::settings::{DefaultValue::*, Kind::*, Setting};

/// The top-level settings.
pub(super) const GATEWAY: &[Setting] = settings! {
    - | server: Unchecked("an object"), Unset, "The gateway's own settings.";
    - | service: Unchecked("an object"), Unset, "The settings of a called service.";
};

/// The section `server`.
pub(super) const SERVER: &[Setting] = settings! {
    - | auth_location: Unchecked("an object"), Unset, "Host and port of the called service.";
    - | hmac: Unchecked("an object"), Unset, "Signing of requests to that service.";
    - | ssl: Unchecked("an object"), Unset, "TLS to that service.";
};

/// The section `service`.
pub(super) const SERVICE: &[Setting] = settings! {
    - | Hmac: Unchecked("an object"), Unset, "The settings of `hmacAuth`.";
};

/// The section `server.ssl`.
pub(super) const SSL: &[Setting] = settings! {
    - | enableSSL: Flag, Is("false"), "Calls the service over TLS.";
};

/// The section `server.hmac`.
pub(super) const HMAC: &[Setting] = settings! {
    - | enableHmac: Flag, Required, "Signs requests to the called service.";
    - | clientId: Unchecked("a client id"), Unset, "The client id.";
    - | sharedSecret: Unchecked("a string or bytes"), Unset, "The secret of `clientId`.";
    - | stable: Flag, Is("false"), "Confirms that the secret is the same after every start.";
};

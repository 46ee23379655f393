//! The Sealwire settings in the configuration of the API gateway. The configuration also contains settings
//! that Sealwire does not use.

use super::SECRET;
use crate::settings::{DefaultValue::*, Kind::*, Setting, Shape};

/// The top-level settings of the configuration.
pub(super) const GATEWAY: &[Setting] = settings! {
    - | server: Opaque("an object", &[Shape::Map, Shape::Instance]), Unset, "The gateway's own settings.";
    - | service: Opaque("an object", &[Shape::Map, Shape::Instance]), Unset, "The settings of a service that the gateway calls.";
};

/// The settings in the section `server`.
pub(super) const SERVER: &[Setting] = settings! {
    - | auth_location: Opaque("an object", &[Shape::Map, Shape::Instance]), Unset, "The host and port of the service to call.";
    - | hmac: Opaque("an object", &[Shape::Map, Shape::Instance]), Unset, "The settings for signing requests to that service.";
    - | ssl: Opaque("an object", &[Shape::Map, Shape::Instance]), Unset, "The TLS settings for that service.";
};

/// The settings in the section `service`.
pub(super) const SERVICE: &[Setting] = settings! {
    - | Hmac: Opaque("an object", &[Shape::Map, Shape::Instance]), Unset, "The settings of `hmacAuth`.";
};

/// The settings in the section `server.ssl`.
pub(super) const SSL: &[Setting] = settings! {
    - | enableSSL: Flag, Is("false"), "Uses TLS for calls to the service.";
};

/// The settings in the section `server.hmac`.
pub(super) const HMAC: &[Setting] = settings! {
    - | enableHmac: Flag, Is("false"), "Signs requests to the service.";
    - | clientId: AnyText, Unset, "The client id.";
    - | sharedSecret: SECRET, Unset, "The secret of `clientId`.";
    - | stable: Flag, Is("false"), "Confirms that the secret stays the same after a restart.";
};

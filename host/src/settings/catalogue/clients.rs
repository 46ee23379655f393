//! Settings of client integrations and signers.

use super::{CLOCK, KEYS, SCHEMES, SECRET, function};
use crate::settings::{DefaultValue::*, Kind::*, Setting, Shape};

/// The settings of client integrations in Python.
pub(super) const CLIENT: &[Setting] = settings! {
    name | -: Text, Required, "This service's name, or its client id.";
    keys | -: KEYS, Derived("from the environment"), "The keys. The primary key of each entry signs requests.";
    schemes | -: SCHEMES, Is("[\"message\"]"), "The schemes used to sign requests. Each request gets a signature in every scheme of the list.";
    cover | -: Fields, Is("[]"), "Additional header fields to sign if the request contains them.";
    cover_authority | -: Flag, Is("true"), "Signs the authority. Set it to false if a proxy rewrites the authority.";
    clock | -: CLOCK, Derived("the system clock"), "The clock, which tests can replace.";
    verify_responses | -: Flag, Is("false"), "Raises `Rejected` if the receiver did not sign the response.";
};

/// The settings of all client integrations.
pub(super) const SIGNING: &[Setting] = settings! {
    receiver | -: Opaque("a service name, or a function of the host", &[Shape::Text, Shape::Function, Shape::Instance]), Is("\"\""), "The service to call. Required for pair keys.";
    - | receiver: AnyText, Derived("the signer's"), "The service to call. Required for pair keys.";
    user_id | userId: AnyText, Unset, "The user for whom the request is sent.";
    origins | origins: Texts, Derived("the base URL's origin"), "The origins to which signed requests are sent, such as `https://practices.internal`.";
};

/// The settings of the test client in `sealwire/testing`.
pub(super) const TEST_CLIENT: &[Setting] = settings! {
    - | receiver: AnyText, Derived("the signer's"), "The service to call. Required for pair keys.";
    - | userId: AnyText, Unset, "The user for whom the request is sent.";
};

/// The settings of `signedFetch`.
pub(super) const FETCH: &[Setting] = settings! {
    - | base: Opaque("a URL", &[Shape::Text, Shape::Instance]), Unset, "The base of relative URLs. Its origin is the default of `origins`.";
    - | verifyResponses: Flag, Is("false"), "Throws a `RejectedError` if the receiver did not sign the response.";
    - | fetch: function("a function with the signature of fetch"), Derived("fetch"), "Sends the signed request. Its second argument contains the members of `init` that a `Request` does not have. The undici package's `fetch` does not accept a Node.js `Request`, so use `signedDispatcher` with undici.";
};

/// The settings of `signedDispatcher`.
pub(super) const DISPATCHER: &[Setting] = settings! {
    - | interceptors: Opaque("a list of undici interceptors", &[Shape::List]), Is("[]"), "Interceptors that process each request before it is signed, such as `interceptors.retry()`.";
};

/// A client id and its secret, which can be passed instead of a signer.
pub(super) const CREDENTIALS: &[Setting] = settings! {
    - | clientId: Text, Required, "The client id.";
    - | sharedSecret: SECRET, Required, "The secret for `clientId`.";
};

/// The settings of `Signer`.
pub(super) const SIGNER: &[Setting] = settings! {
    name | name: Text, Required, "This service's name, or its client id.";
    keys | keys: KEYS, Required, "The keys. The primary key of each entry signs requests.";
    schemes | schemes: SCHEMES, Is("[\"message\"]"), "The schemes used to sign requests. Each request gets a signature in every scheme of the list.";
    cover | coverFields: Fields, Is("[]"), "Additional header fields to sign if the request contains them.";
    cover_authority | -: Flag, Is("true"), "Signs the authority. Set it to false if a proxy rewrites the authority.";
    - | ignoreAuthority: Flag, Is("false"), "Does not sign the authority. Set it if a proxy rewrites the authority.";
    - | receiver: AnyText, Unset, "The service to call. Required for pair keys.";
    clock | clock: CLOCK, Derived("the system clock"), "The clock, which tests can replace.";
};

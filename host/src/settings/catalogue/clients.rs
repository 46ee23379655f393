//! Settings of client integrations and signers.

use super::{CLOCK, KEYS, SCHEMES, SECRET, function};
use crate::settings::{DefaultValue::*, Kind::*, Setting, Shape};

/// The settings of client integrations in Python.
pub(super) const CLIENT: &[Setting] = settings! {
    name | -: Text, Required, "This service's name, or its client id.";
    keys | -: KEYS, Derived("from the environment"), "The keys; the primary signs.";
    schemes | -: SCHEMES, Is("[\"message\"]"), "The schemes; each request is signed in all of them.";
    cover | -: Fields, Is("[]"), "Additional header fields that are signed if the request has them.";
    cover_authority | -: Flag, Is("true"), "Signs the authority; set it to false behind proxies that rewrite the authority.";
    clock | -: CLOCK, Derived("the clock of the system"), "Returns the time in Unix milliseconds: for tests.";
    verify_responses | -: Flag, Is("false"), "Raises `Rejected` for a response that the receiver did not sign.";
};

/// The settings of all client integrations.
pub(super) const SIGNING: &[Setting] = settings! {
    receiver | -: Opaque("a service name, or a function of the host", &[Shape::Text, Shape::Function, Shape::Instance]), Is("\"\""), "The called service; required for pair keys.";
    - | receiver: AnyText, Derived("the signer's"), "The called service; required for pair keys.";
    user_id | userId: AnyText, Unset, "The user on whose behalf the request is sent.";
    origins | origins: Texts, Derived("the base URL's origin"), "The origins for which requests are signed, such as `https://practices.internal`.";
};

/// The settings of the test client in `sealwire/testing`.
pub(super) const TEST_CLIENT: &[Setting] = settings! {
    - | receiver: AnyText, Derived("the signer's"), "The called service; required for pair keys.";
    - | userId: AnyText, Unset, "The user on whose behalf the request is sent.";
};

/// The settings of `signedFetch`.
pub(super) const FETCH: &[Setting] = settings! {
    - | base: Opaque("a URL", &[Shape::Text, Shape::Instance]), Unset, "The URL against which relative URLs are resolved; its origin is the default of `origins`.";
    - | verifyResponses: Flag, Is("false"), "Rejects a response that the receiver did not sign, with a `RejectedError`.";
    - | fetch: function("a function with the signature of fetch"), Derived("fetch"), "Sends the signed request; its second argument contains the members of `init` that are not part of a `Request`. The `fetch` of the npm package undici does not accept a `Request` of Node.js: use it with `signedDispatcher`.";
};

/// The settings of `signedDispatcher`.
pub(super) const DISPATCHER: &[Setting] = settings! {
    - | interceptors: Opaque("a list of undici's interceptors", &[Shape::List]), Is("[]"), "Interceptors that process each request before it is signed, such as `interceptors.retry()`.";
};

/// The settings for a client id and its secret, which can be passed in place of a signer.
pub(super) const CREDENTIALS: &[Setting] = settings! {
    - | clientId: Text, Required, "The client id.";
    - | sharedSecret: SECRET, Required, "The secret of `clientId`.";
};

/// The settings of `Signer`.
pub(super) const SIGNER: &[Setting] = settings! {
    name | name: Text, Required, "This service's name, or its client id.";
    keys | keys: KEYS, Required, "The keys; the primary signs.";
    schemes | schemes: SCHEMES, Is("[\"message\"]"), "The schemes; each request is signed in all of them.";
    cover | coverFields: Fields, Is("[]"), "Additional header fields that are signed if the request has them.";
    cover_authority | -: Flag, Is("true"), "Signs the authority; set it to false behind proxies that rewrite the authority.";
    - | ignoreAuthority: Flag, Is("false"), "Does not sign the authority, for proxies that rewrite it.";
    - | receiver: AnyText, Unset, "The called service; required for pair keys.";
    clock | clock: CLOCK, Derived("the clock of the system"), "Returns the time in Unix milliseconds: for tests.";
};

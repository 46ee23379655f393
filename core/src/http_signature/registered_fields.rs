//! The structured types of registered header fields, which `;sf` requires.

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Dictionary,
    List,
    Item,
}

/// Returns the structured type of a field, or `None` if its RFC does not define it as a structured field.
/// Older fields that are merely compatible with a structured type are excluded, because implementations could
/// treat them differently.
pub(crate) fn known_type(name: &str) -> Option<Type> {
    match name {
        "signature-input" | "signature" | "accept-signature" // RFC 9421
        | "content-digest" | "repr-digest" | "want-content-digest" | "want-repr-digest" // RFC 9530
        | "priority" // RFC 9218
        | "cdn-cache-control" // RFC 9213
        => Some(Type::Dictionary),
        "cache-status" | "proxy-status" // RFC 9211, RFC 9209
        | "accept-ch" // RFC 8942
        | "client-cert-chain" // RFC 9440
        => Some(Type::List),
        "client-cert" // RFC 9440
        | "capsule-protocol" // RFC 9297
        | "deprecation" // RFC 9745
        => Some(Type::Item),
        _ => None,
    }
}

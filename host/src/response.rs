//! The response headers that server integrations set after a verification.

use sealwire_core::{Reason, Rejection};

/// The name of the header that keeps responses out of shared caches. Caches recognise credentials only in
/// `Authorization`, so responses to signed requests need this header (RFC 9110 section 16.4.2).
pub const CACHE_CONTROL: &str = "Cache-Control";
/// The value of [`CACHE_CONTROL`] in responses to verified requests, unless the application sets another
/// value.
pub const VERIFIED_CACHE_CONTROL: &str = "private";
/// The value of [`CACHE_CONTROL`] in rejections. It prevents a cache from responding to a later request with
/// a stored rejection.
pub const REJECTED_CACHE_CONTROL: &str = "no-store";
/// The name of the header that contains a challenge (RFC 9110 section 11.6.1).
pub const CHALLENGE: &str = "WWW-Authenticate";
/// The challenge in the rejection of a connection string.
pub const TOKEN_CHALLENGE: &str = "Sealwire realm=\"connection-string\"";

/// Returns the challenge for a rejection, or `None` if its status is not 401.
#[must_use]
pub fn challenge(rejection: &Rejection, service: &str) -> Option<String> {
    challenge_for(rejection.reason, service)
}

/// Returns the challenge for a rejection reason, or `None` if its status is not 401.
#[must_use]
pub fn challenge_for(reason: Reason, service: &str) -> Option<String> {
    if reason.http_status() != Reason::MissingHeaders.http_status() {
        return None;
    }
    Some(service_challenge(service))
}

/// Returns the challenge that contains the name of the service. Characters that are not allowed in a quoted
/// string are removed from the name.
#[must_use]
pub fn service_challenge(service: &str) -> String {
    let is_plain = |char: &char| (char.is_ascii_graphic() || *char == ' ') && !matches!(char, '"' | '\\');
    let realm: String = service.chars().filter(is_plain).collect();
    format!("Sealwire realm=\"{realm}\"")
}

#[cfg(test)]
mod tests {
    use super::challenge;
    use sealwire_core::{Mode, Reason, Rejection, Scheme, Text};

    fn rejected(reason: Reason) -> Rejection {
        Rejection {
            reason,
            scheme: Scheme::Message,
            field: None,
            sender: Text::EMPTY,
            key_version: None,
            age_ms: None,
            mode: Mode::Enforce,
            mac_was_valid: false,
        }
    }

    #[test]
    fn only_a_rejection_with_status_401_has_a_challenge() {
        let missing = challenge(&rejected(Reason::MissingHeaders), "practices");
        assert_eq!(missing.as_deref(), Some("Sealwire realm=\"practices\""));
        assert_eq!(challenge(&rejected(Reason::BodyTooLarge), "practices"), None);
        assert_eq!(challenge(&rejected(Reason::ReplayStoreFull), "practices"), None);
    }

    #[test]
    fn a_service_name_cannot_end_the_realm() {
        let challenge = challenge(&rejected(Reason::Replayed), "a\"b\\c\r\nd");
        assert_eq!(challenge.as_deref(), Some("Sealwire realm=\"abcd\""));
    }
}

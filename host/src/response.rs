//! The response headers that every server adapter sets after a verification.

use sealwire_core::{Reason, Rejection};

/// The header that forbids shared caching. It is necessary because the credentials are not in `Authorization` (RFC 9110
/// section 16.4.2).
pub const CACHE_CONTROL: &str = "Cache-Control";
/// The value of [`CACHE_CONTROL`] for a response to a verified request, unless the application sets its own.
pub const VERIFIED_CACHE_CONTROL: &str = "private";
/// The value of [`CACHE_CONTROL`] for a rejection. A stored rejection must not be sent for a later, signed request.
pub const REJECTED_CACHE_CONTROL: &str = "no-store";
/// The header of a challenge (RFC 9110 section 11.6.1).
pub const CHALLENGE: &str = "WWW-Authenticate";
/// The challenge of a rejected connection string.
pub const TOKEN_CHALLENGE: &str = "Sealwire realm=\"connection-string\"";

/// Returns the challenge of `service` for a rejection with status 401, otherwise `None`.
#[must_use]
pub fn challenge(rejection: &Rejection, service: &str) -> Option<String> {
    challenge_for(rejection.reason, service)
}

/// Like [`challenge`], for the reason of the rejection.
#[must_use]
pub fn challenge_for(reason: Reason, service: &str) -> Option<String> {
    if reason.http_status() != Reason::MissingHeaders.http_status() {
        return None;
    }
    Some(service_challenge(service))
}

/// Returns the challenge of `service`, without the characters of the name that a quoted string cannot
/// contain.
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
    fn only_a_rejection_that_asks_for_authentication_has_a_challenge() {
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

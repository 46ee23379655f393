//! The HTTP response to a rejected token, and its log fields.

use crate::wire::reason::Reason;

/// The name of a log field that is set for rejected connection strings. The value of the field is always
/// `true`.
pub const FAILED_FIELD: &str = "connection_string_verification_failed";

/// Returns the gateway's error code for a rejection, or `None` for a missing, malformed or expired token. The
/// code is included in the response and in the log event.
#[must_use]
pub const fn code(rejection: Reason) -> Option<&'static str> {
    match rejection {
        Reason::MissingKeyVersion => Some("MYC00030"),
        Reason::UnknownKeyVersion => Some("MYC00031"),
        Reason::SignatureMismatch => Some("MYC00032"),
        _ => None,
    }
}

/// Defines the public message and the JSON body from one table.
macro_rules! responses {
    ($($rejections:pat => $text:literal,)+) => {
        /// Returns the public message for a rejection.
        #[must_use]
        pub const fn message(rejection: Reason) -> &'static str {
            match rejection {
                $($rejections => $text,)+
            }
        }

        /// Returns the JSON body of the 401 response for a rejection. Its content type is `application/json`.
        #[must_use]
        pub const fn body(rejection: Reason) -> &'static str {
            match rejection {
                $($rejections => concat!(r#"{"msg":"Unauthorized","status":401,"message":""#, $text, r#""}"#),)+
            }
        }
    };
}

responses! {
    Reason::MissingHeaders => "Missing connection string",
    Reason::MissingKeyVersion => "Invalid connection string: MYC00030",
    Reason::UnknownKeyVersion => "Invalid connection string: MYC00031",
    Reason::SignatureMismatch => "Invalid connection string: MYC00032",
    Reason::TokenExpired => "Expired connection string",
    _ => "Invalid connection string",
}

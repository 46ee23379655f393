//! The response to a rejected token, and its name in the log.

use crate::wire::reason::Reason;

/// The field, always `true`, of a log event about a rejected connection string.
pub const FAILED_FIELD: &str = "connection_string_verification_failed";

/// The gateway's native code for a rejection: public, and logged beside [`FAILED_FIELD`]. A malformed or expired token
/// has none.
#[must_use]
pub const fn code(rejection: Reason) -> Option<&'static str> {
    match rejection {
        Reason::MissingKeyVersion => Some("MYC00030"),
        Reason::UnknownKeyVersion => Some("MYC00031"),
        Reason::SignatureMismatch => Some("MYC00032"),
        _ => None,
    }
}

/// The public text, alone and in the JSON body of the response.
macro_rules! answers {
    ($($rejections:pat => $text:literal,)+) => {
        /// The public text for a rejection.
        #[must_use]
        pub const fn message(rejection: Reason) -> &'static str {
            match rejection {
                $($rejections => $text,)+
            }
        }

        /// Returns the JSON body of the 401 response to a rejection, with the content type `application/json`.
        #[must_use]
        pub const fn body(rejection: Reason) -> &'static str {
            match rejection {
                $($rejections => concat!(r#"{"msg":"Unauthorized","status":401,"message":""#, $text, r#""}"#),)+
            }
        }
    };
}

answers! {
    Reason::MissingHeaders => "Missing connection string",
    Reason::MissingKeyVersion => "Invalid connection string: MYC00030",
    Reason::UnknownKeyVersion => "Invalid connection string: MYC00031",
    Reason::SignatureMismatch => "Invalid connection string: MYC00032",
    Reason::TokenExpired => "Expired connection string",
    _ => "Invalid connection string",
}

//! What the caller of a rejected request sees, and what the log calls it.

use crate::Rejection;

/// The field, always `true`, of a log event about a rejected connection string.
pub const FAILED_FIELD: &str = "connection_string_verification_failed";

/// The gateway's native code for a rejection: public, and logged beside [`FAILED_FIELD`]. A malformed or expired token
/// has none.
#[must_use]
pub const fn code(rejection: Rejection) -> Option<&'static str> {
    match rejection {
        Rejection::MissingKeyVersion => Some("MYC00030"),
        Rejection::UnknownKeyVersion => Some("MYC00031"),
        Rejection::SignatureMismatch => Some("MYC00032"),
        _ => None,
    }
}

/// A text, alone and in the JSON body of the answer.
macro_rules! answers {
    ($($rejections:pat => $text:literal,)+) => {
        /// The public text for a rejection.
        #[must_use]
        pub const fn message(rejection: Rejection) -> &'static str {
            match rejection {
                $($rejections => $text,)+
            }
        }

        /// The JSON body of the 401 answer to a rejection, with the content type `application/json`.
        #[must_use]
        pub const fn body(rejection: Rejection) -> &'static str {
            match rejection {
                $($rejections => concat!(r#"{"msg":"Unauthorized","status":401,"message":""#, $text, r#""}"#),)+
            }
        }
    };
}

answers! {
    Rejection::MissingHeaders => "Missing connection string",
    Rejection::MissingKeyVersion => "Invalid connection string: MYC00030",
    Rejection::UnknownKeyVersion => "Invalid connection string: MYC00031",
    Rejection::SignatureMismatch => "Invalid connection string: MYC00032",
    Rejection::TokenExpired => "Expired connection string",
    _ => "Invalid connection string",
}

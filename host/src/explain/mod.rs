//! Explains why a request was rejected.
//!
//! [`explain`] verifies a captured request again and reports the check that failed. If the MAC is invalid, it
//! tests hypotheses about changes that proxies and clients often make. For each hypothesis, it reverts the
//! change and recomputes the MAC. A cause is reported only if the MAC proves it, or if it is visible in the
//! capture, such as a malformed header.

mod analysis;
mod bench;
mod capture;
mod checks;
mod covered;
mod hypotheses;
mod input;
mod log;
mod parts;
mod result;
mod search;
mod time;
mod verdict;

use sealwire_core::Scheme;
use sealwire_core::keys::KeyRing;

pub use capture::{CAPTURE_FORMS, Captured};
pub use input::{Input, Refused};
pub use result::{EXIT_REFUSED, Explanation, Outcome};

use analysis::{Analysis, scheme_of};
use capture::Capture;
use log::Logged;

/// Explains why a captured request was rejected.
///
/// # Errors
/// [`Refused`] if the capture format is not supported, or if a setting is invalid.
pub fn explain(input: &Input, ring: &KeyRing) -> Result<Explanation, Refused> {
    let policy = input.policy()?;
    let logged = input.log.as_deref().map(Logged::read).unwrap_or_default();
    let request = match capture::parse(&input.capture, input.entry).map_err(Refused)? {
        Capture::Request(request) => request,
        Capture::Record(record) => return Ok(verdict::of_record(&record)),
    };
    let sent = match &input.sent {
        Some(content) if content.trim_ascii().is_empty() => {
            return Err(Refused("sent: the capture is empty".to_owned()));
        }
        Some(content) => match capture::parse(content, None).map_err(Refused)? {
            Capture::Request(sent) => Some(sent),
            Capture::Record(_) => {
                return Err(Refused("sent: a log record is not a captured request".to_owned()));
            }
        },
        None => None,
    };
    let is_of_client = scheme_of(&policy, &request) == Scheme::Client;
    if input.settings.service.is_empty() && !is_of_client {
        return Err(Refused("service: pass the name of the service that rejected the request".to_owned()));
    }
    Ok(Analysis::new(input, ring, policy, &logged, &request, sent.as_ref()).run())
}

/// Parses a captured request.
///
/// # Errors
/// [`Refused`] if the content has no supported format, or if it is a log record.
pub fn read_capture(content: &[u8], entry: Option<usize>) -> Result<Captured, Refused> {
    match capture::parse(content, entry).map_err(Refused)? {
        Capture::Request(captured) => Ok(captured),
        Capture::Record(_) => Err(Refused("a log record is not a captured request".to_owned())),
    }
}

/// Explains a rejection. The input is a JSON object, as described for [`Input::of_json`]. See also
/// [`explain`].
///
/// # Errors
/// [`Refused`] if the JSON is invalid, and for the errors of [`explain`].
pub fn explain_json(input: &str, ring: &KeyRing) -> Result<Explanation, Refused> {
    explain(&Input::of_json(input)?, ring)
}

#[cfg(test)]
mod tests {
    use super::read_capture;

    #[test]
    fn control_characters_of_a_capture_are_escaped_in_the_error() {
        let error = read_capture(b"curl --\x1b[2Jclear http://a.test/", None).err();
        let message = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(message.starts_with("the option --\\u{1b}[2Jclear of curl is not supported"), "{message}");
    }
}

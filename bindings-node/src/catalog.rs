//! The names and constants that the core crate defines: headers, reasons, schemes and modes. The JavaScript
//! code reads them through this module, so it does not define them again.

use napi::JsString;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_core::mac::Mac;
use sealwire_core::{
    MAX_HEADERS, Mode, Reason, Scheme, UNKNOWN_TIME_MS, client, connection_string, message, pairwise,
};
use sealwire_host::{FreshNonce, response};

use crate::error::Result;
use crate::head;
use crate::shared::lines::SENT;
use crate::shared::verdict::AGES;
use crate::verify::Held;

/// A reason for rejecting a request.
#[napi(object, object_from_js = false)]
pub struct ReasonInfo {
    /// The stable name of the reason.
    pub code: &'static str,
    /// The number of the reason, which is the same in all releases.
    pub number: u32,
    /// The HTTP status of the response.
    pub status: u32,
}

/// All names and constants.
#[napi(object, object_from_js = false)]
pub struct Catalog {
    /// The version of the package.
    pub version: &'static str,
    /// The names of the `client` headers in lower case, in the same order as the arguments of `verifyClient`.
    pub client_headers: Vec<String>,
    /// The names of the `client` headers with the capitalisation that is sent. `signClient` returns the values
    /// of all headers except the first, in this order.
    pub client_signed: Vec<&'static str>,
    /// The lengths of the last two header values in `client_signed`, which are constant.
    pub client_signed_lengths: Vec<u32>,
    /// The number of different request ages that a numeric verdict can represent.
    pub ages: f64,
    /// The maximum number of header parts that the addon reads. Each header line has two parts, a name and a
    /// value.
    pub max_header_parts: u32,
    /// The names of all headers that are added by signing. Signing functions return a letter instead of a name:
    /// `a` for the first name in this list.
    pub sent: Vec<&'static str>,
    /// The names of the `pairwise` headers in lower case.
    pub pairwise_headers: Vec<String>,
    /// The names of the `message` headers in lower case.
    pub message_headers: Vec<String>,
    /// The name of the header that contains a connection string, in lower case.
    pub token_header: String,
    /// The name of the log field for a rejected connection string.
    pub token_failed_field: &'static str,
    /// The names of all schemes, in order of strength.
    pub schemes: Vec<&'static str>,
    /// The name of the `client` scheme, which the Express IAM service and the Nuxt gateway use.
    pub client_scheme: &'static str,
    /// The name of the `pairwise` scheme, which has no nonces.
    pub pairwise_scheme: &'static str,
    /// The names of all modes.
    pub modes: Vec<&'static str>,
    /// All reasons.
    pub reasons: Vec<ReasonInfo>,
    /// The name of the reason for rejecting a sender that has no keys.
    pub unknown_sender: &'static str,
    /// The HTTP status that requires a challenge (RFC 9110 section 11.6.1).
    pub challenged_status: u32,
    /// The Unix time in milliseconds to pass if the application's clock fails. With this time, verifiers reject
    /// all timestamps.
    pub unknown_time: f64,
    /// The name of the header that contains a challenge.
    pub challenge_header: &'static str,
    /// The name of the header that controls caching.
    pub cache_control_header: &'static str,
    /// The value of `cache_control_header` in responses to verified requests, unless the application sets the
    /// header.
    pub verified_cache_control: &'static str,
    /// The value of `cache_control_header` in responses to rejected requests.
    pub rejected_cache_control: &'static str,
}

/// Returns all names and constants.
#[napi(catch_unwind)]
pub fn catalog() -> Catalog {
    let lower = |names: &[&str]| names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let reason = |reason: Reason| ReasonInfo {
        code: reason.name(),
        number: reason.number().into(),
        status: reason.http_status().into(),
    };
    Catalog {
        version: env!("CARGO_PKG_VERSION"),
        client_headers: lower(&[client::CLIENT_ID, client::TIMESTAMP, client::REQUEST_ID, client::SIGNATURE]),
        client_signed: vec![client::CLIENT_ID, client::TIMESTAMP, client::SIGNATURE, client::REQUEST_ID],
        client_signed_lengths: [2 * size_of::<Mac>(), FreshNonce::LENGTH].map(number).to_vec(),
        ages: AGES as f64,
        max_header_parts: number(2 * MAX_HEADERS),
        sent: SENT.to_vec(),
        pairwise_headers: lower(&[
            pairwise::SERVICE_NAME,
            pairwise::TIMESTAMP,
            pairwise::SIGNATURE,
            pairwise::USER_ID,
        ]),
        message_headers: lower(&[message::SIGNATURE_INPUT, message::SIGNATURE, message::CONTENT_DIGEST]),
        token_header: connection_string::HEADER.to_ascii_lowercase(),
        token_failed_field: connection_string::FAILED_FIELD,
        schemes: Scheme::ALL.map(Scheme::name).to_vec(),
        client_scheme: Scheme::Client.name(),
        pairwise_scheme: Scheme::Pairwise.name(),
        modes: Mode::ALL.map(Mode::name).to_vec(),
        reasons: Reason::ALL.map(reason).into(),
        unknown_sender: Reason::UnknownClient.name(),
        challenged_status: Reason::MissingHeaders.http_status().into(),
        unknown_time: UNKNOWN_TIME_MS as f64,
        challenge_header: response::CHALLENGE,
        cache_control_header: response::CACHE_CONTROL,
        verified_cache_control: response::VERIFIED_CACHE_CONTROL,
        rejected_cache_control: response::REJECTED_CACHE_CONTROL,
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Returns `true` if a request is a health check from the local machine. `peer` is the remote address of the
/// socket.
#[napi(catch_unwind)]
pub fn is_local_health_check(method: JsString<'_>, target: JsString<'_>, peer: String) -> Result<bool> {
    let (method, target) = (head::read(method)?, head::read(target)?);
    Ok(client::is_local_health_check(method.as_slice(), target.as_slice(), &peer))
}

/// A counter of a verifier.
#[napi(object, object_from_js = false)]
pub struct Counter {
    /// The outcome that is counted: `accepted`, `rejected` or `observed`.
    pub outcome: &'static str,
    /// The scheme of accepted requests, or the reason for rejections.
    pub name: &'static str,
    /// The number of requests.
    pub count: f64,
}

/// Returns the counters of a verifier.
#[napi(catch_unwind)]
pub fn stats(verifier: &External<Held>) -> Vec<Counter> {
    let stats = verifier.stats();
    #[expect(
        clippy::cast_precision_loss,
        reason = "JavaScript numbers are doubles, which are exact up to 2^53"
    )]
    let counter = |outcome, name, count: u64| Counter { outcome, name, count: count as f64 };
    let accepted = stats.accepted.iter().map(|(scheme, count)| counter("accepted", scheme.name(), *count));
    let rejected = stats.rejected.iter().map(|(reason, count)| counter("rejected", reason.name(), *count));
    let observed = stats.observed.iter().map(|(reason, count)| counter("observed", reason.name(), *count));
    accepted.chain(rejected).chain(observed).collect()
}

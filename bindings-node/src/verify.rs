//! Verification of complete requests.

use core::mem::take;
use std::sync::Arc;

use memchr::memchr;
use napi::bindgen_prelude::{Either, External};
use napi::{Env, JsString};
use napi_derive::napi;
use sealwire_core::{Header, Request, client};
use sealwire_host::{SenderConfig, Verifier, VerifierConfig, clock_ms, now_ms, received};

use crate::call::{Arguments, Call, Returned, call};
use crate::error::{Code, Result, explained};
use crate::head;
use crate::modes::Modes;
use crate::packed;
use crate::replay::Store;
use crate::ring::Ring;
use crate::scratch::{Scratch, ScratchBuffers};
use crate::shared::parts::with_request;
use crate::shared::verdict::verdict_within;

/// A verifier, shared by a JavaScript object and the functions that are created for this object.
pub type Held = Arc<Verifier>;

/// Returns the modes of a verifier.
#[napi(catch_unwind)]
pub fn modes_of(verifier: &External<Held>) -> External<Modes> {
    External::new(verifier.modes().clone())
}

/// The settings of a verifier.
#[napi(object, object_to_js = false)]
pub struct VerifierOptions {
    /// The name of this service.
    pub service: Option<String>,
    /// The names of the accepted schemes.
    pub schemes: Option<Vec<String>>,
    /// The mode: `off`, `observe` or `enforce`.
    pub mode: Option<String>,
    /// Whether every `enforce` mode is changed to `observe`.
    pub observe_only: Option<bool>,
    /// The maximum age of a timestamp, in milliseconds.
    pub past_ms: Option<i64>,
    /// The maximum time that a timestamp may be in the future, in milliseconds.
    pub future_ms: Option<i64>,
    /// The maximum body size in bytes.
    pub max_body_bytes: Option<i64>,
    /// Whether the identity contains the user id of `pairwise`, which is not signed.
    pub trust_unsigned_user_id: Option<bool>,
    /// Whether each `pairwise` signature is accepted only once.
    pub claim_pairwise: Option<bool>,
    /// Whether to accept `message` signatures that do not cover `@authority`.
    pub ignore_authority: Option<bool>,
    /// The names of header fields that a `message` signature must cover if they are present in the request.
    pub require_fields: Option<Vec<String>>,
    /// Whether senders without an entry in `senders` are rejected.
    pub listed_senders_only: Option<bool>,
    /// The maximum share of the replay table that one sender may use, from 0 to 1.
    pub max_sender_share: Option<f64>,
    /// Rules for individual senders.
    pub senders: Option<Vec<SenderOptions>>,
    /// Paths that need no signature.
    pub exempt_paths: Option<Vec<String>>,
    /// The authorities of this service, or the single value `any`.
    pub authorities: Option<Vec<String>>,
    /// The URL scheme that senders use.
    pub scheme: Option<String>,
    /// The path where the application is mounted.
    pub root_path: Option<String>,
}

/// Rules for a single sender.
#[napi(object, object_to_js = false)]
pub struct SenderOptions {
    /// The name of the sender.
    pub name: String,
    /// The mode for this sender, which overrides the service's mode.
    pub mode: Option<String>,
    /// The methods that the sender may use.
    pub methods: Option<Vec<String>>,
    /// The prefixes of the paths that the sender may call.
    pub path_prefixes: Option<Vec<String>>,
}

/// Creates a verifier. If there is no `store`, the JavaScript code claims the nonces, for example in Redis. If
/// `has_clock` is true, the JavaScript code passes the time to each function.
#[napi(catch_unwind)]
pub fn new_verifier(
    options: VerifierOptions,
    ring: &External<Ring>,
    store: Option<&External<Store>>,
    modes: Option<&External<Modes>>,
    has_clock: Option<bool>,
) -> Result<External<Held>> {
    let modes = modes.map(|modes| Modes::clone(modes));
    let config = VerifierConfig { modes, ..config(options)? };
    let (policy, modes) = config.into_parts().map_err(|cause| explained(&cause))?;
    let store = store.map(|store| Store::clone(store));
    let verifier = Verifier::new(policy, Ring::clone(ring), store).under(modes);
    let verifier = if has_clock.unwrap_or_default() { verifier.at_other_times() } else { Ok(verifier) };
    let verifier = verifier.map_err(|cause| explained(&cause))?;
    verifier.check().map_err(|cause| explained(&cause))?;
    Ok(External::new(Arc::new(verifier)))
}

/// Returns warnings about keys that cannot be used with the settings, and about senders that have no keys.
#[napi(catch_unwind)]
pub fn verifier_warnings(verifier: &External<Held>) -> Vec<String> {
    verifier.warnings()
}

/// Returns a function that verifies requests with only their `client` headers. Its first argument is the
/// concatenation of the method, client id, timestamp, request id, signature and URL. Its second argument
/// contains the lengths of these parts except the URL (see [`head::cut`]). The function returns the verdict,
/// as a number if possible. It returns `null` if it needs all headers of the request.
#[napi(catch_unwind)]
pub fn client_verifying<'env>(
    env: &'env Env,
    verifier: &External<Held>,
) -> Result<Call<'env, Option<Either<f64, Returned>>>> {
    let verifier = Held::clone(verifier);
    let scratch = Scratch::default();
    call(env, "verifyClient", move |arguments| verify_client(&verifier, &mut *scratch.buffers()?, arguments))
}

fn verify_client(
    verifier: &Verifier,
    buffers: &mut ScratchBuffers,
    arguments: &Arguments<'_>,
) -> Result<Option<Either<f64, Returned>>> {
    head::whole_into(arguments.get(0)?, &mut buffers.input)?;
    let cut = head::cut(&buffers.input, arguments.get(1)?);
    let Some(([method, id, timestamp, request_id, signature], target)) = cut else { return Ok(None) };
    let values = buffers.input.len() - target.len();
    let (target, _) = received(target, &[], &[]);
    if could_be_two(buffers.input.get(method.len()..values).unwrap_or_default()) {
        return Ok(None);
    }
    let header = |name: &'static str, value| Header { name: name.as_bytes(), value };
    let headers = [
        header(client::CLIENT_ID, id),
        header(client::TIMESTAMP, timestamp),
        header(client::REQUEST_ID, request_id),
        header(client::SIGNATURE, signature),
    ];
    let request = Request { method, target, authority: b"", scheme: b"", headers: &headers };
    let result = verifier.verify(&request, &[], now_ms());
    if let Some(number) = packed::number(&result) {
        return Ok(Some(Either::A(number)));
    }
    buffers.output = verdict_within(take(&mut buffers.output), &result);
    Ok(Some(Either::B(arguments.returned(&buffers.output)?)))
}

/// Returns `true` if a value could come from a repeated header. Node.js joins the values of a repeated header
/// with a comma.
fn could_be_two(values: &[u8]) -> bool {
    memchr(b',', values).is_some()
}

/// Returns a function that verifies complete requests. Its arguments are the head, the number of header parts,
/// and optionally the body and the Unix time in milliseconds. The function returns a verdict.
#[napi(catch_unwind)]
pub fn verifying<'env>(env: &'env Env, verifier: &External<Held>) -> Result<Call<'env, Returned>> {
    let verifier = Held::clone(verifier);
    let scratch = Scratch::default();
    call(env, "verify", move |arguments| verify(&verifier, &mut *scratch.buffers()?, arguments))
}

fn verify(verifier: &Verifier, buffers: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<Returned> {
    let head = arguments.latin1(0)?;
    let body: &[u8] = arguments.optional(2)?.unwrap_or_default();
    let now_ms = clock(arguments.optional(3)?)?;
    let text = take(&mut buffers.output);
    buffers.output = with_request(verifier, head.as_slice(), arguments.get(1)?, |request, route| {
        verdict_within(text, &verifier.verify_routed(request, route, body, now_ms))
    });
    arguments.returned(&buffers.output)
}

/// Parses the value of the `HMAC_AUTH_ENABLED` environment variable.
#[napi(catch_unwind)]
pub fn is_enabled(value: Option<String>) -> Result<bool> {
    sealwire_host::is_enabled(value.as_deref()).map_err(|cause| Code::Config.error(cause))
}

/// Returns `true` if the request with this head needs no signature.
#[napi(catch_unwind)]
pub fn is_exempt(verifier: &External<Held>, head: JsString<'_>, fields: u32) -> Result<bool> {
    let head = head::read(head)?;
    Ok(with_request(verifier, head.as_slice(), fields, |request, route| {
        verifier.policy().exempts_request(request, route)
    }))
}

/// Checks a time that the application's `clock` function returned. Returns the error message, or `null` if the
/// time is valid.
#[napi(catch_unwind)]
pub fn clock_fault(time: f64) -> Option<String> {
    clock_ms(time).err()
}

/// Returns the error message for a verifier that has both the `clock` setting and a replay store shared by
/// several processes.
#[napi(catch_unwind)]
pub fn clock_conflict() -> String {
    sealwire_host::clock_conflict().to_string()
}

/// Returns the given time or the current time, as a Unix time in milliseconds.
pub(crate) fn clock(given: Option<i64>) -> Result<u64> {
    clock_or(given, now_ms)
}

/// Returns the given time or the time of `now`, as a Unix time in milliseconds.
pub(crate) fn clock_or(given: Option<i64>, now: fn() -> u64) -> Result<u64> {
    let read =
        |given| u64::try_from(given).map_err(|_| Code::Config.error("now: pass milliseconds since 1970"));
    given.map_or_else(|| Ok(now()), read)
}

fn config(options: VerifierOptions) -> Result<VerifierConfig> {
    Ok(VerifierConfig {
        service: options.service.unwrap_or_default(),
        schemes: options.schemes.unwrap_or_default(),
        mode: options.mode,
        modes: None,
        observe_only: options.observe_only.unwrap_or_default(),
        past_ms: positive("pastMs", options.past_ms)?,
        future_ms: positive("futureMs", options.future_ms)?,
        max_body_bytes: positive("maxBodyBytes", options.max_body_bytes)?,
        trust_unsigned_user_id: options.trust_unsigned_user_id.unwrap_or_default(),
        claim_pairwise: options.claim_pairwise.unwrap_or_default(),
        ignore_authority: options.ignore_authority.unwrap_or_default(),
        require_fields: options.require_fields.unwrap_or_default(),
        listed_senders_only: options.listed_senders_only.unwrap_or_default(),
        accept_replays: false,
        max_sender_share: options.max_sender_share,
        senders: options.senders.unwrap_or_default().into_iter().map(sender).collect(),
        exempt_paths: options.exempt_paths.unwrap_or_default(),
        authorities: options.authorities.unwrap_or_default(),
        scheme: options.scheme,
        root_path: options.root_path.unwrap_or_default(),
    })
}

fn sender(options: SenderOptions) -> SenderConfig {
    SenderConfig {
        name: options.name,
        mode: options.mode,
        methods: options.methods.unwrap_or_default(),
        path_prefixes: options.path_prefixes.unwrap_or_default(),
    }
}

fn positive(setting: &str, value: Option<i64>) -> Result<Option<u64>> {
    let read = |value| {
        u64::try_from(value).map_err(|_| Code::Config.error(format_args!("{setting}: must not be negative")))
    };
    value.map(read).transpose()
}

//! Settings of server integrations and verifiers.

use sealwire_core::Window;

use super::{KEYS, MODE, SCHEMES, object};
use crate::settings::{DefaultValue::*, Kind, Kind::*, Setting};

const METRICS: Kind = object("a Metrics object", &["Metrics"], &["accepted", "rejected"]);
const LOGGER: Kind = object("a logger with the methods info and warn", &[], &["info", "warn"]);
const MODES_OBJECT: Kind = object("a Modes object", &["Modes"], &[]);
const VERIFIER_OBJECT: Kind = object("a Verifier", &["Verifier"], &[]);
const REPLAY: Kind = Object {
    what: "\"heap\", a ReplayTable, or a store with a claim method",
    classes: &["ReplayTable"],
    methods: &["claim"],
    words: &["heap"],
};
/// Nonces are stored for at most 48 days (`sealwire_core::replay::MAX_LIFETIME_SECONDS`).
const WINDOW: Kind = Duration(0, 4_147_199);
const BYTES: Kind = Count("bytes", 0, 1 << 40);

/// The settings of server integrations in addition to those of the verifier.
pub(super) const SERVER: &[Setting] = settings! {
    service_name | -: Text, Required, "This service's own name, which callers sign.";
    - | service: Text, Unset, "This service's own name; required for `message` and `pairwise`.";
    - | clientId: Text, Unset, "The one client id that is accepted.";
    - | sharedSecret: Unchecked("a string or bytes"), Unset, "The secret of `clientId`.";
    - | clients: Unchecked("a mapping of client ids to secrets"), Unset, "Secrets by client id, each `secret` or `{ primary, versions }`.";
    keys | -: KEYS, Derived("from the environment"), "The keys of the senders.";
    - | keys: KEYS, Unset, "The keys of the senders, in place of `clientId` or `clients`.";
    look_up_keys | -: Unchecked("a function (sender)"), Unset, "Looks up the keys of each sender, in place of `keys`.";
    - | lookUpKeys: Unchecked("an async function (sender)"), Unset, "Looks up the keys of senders that `clients` does not name.";
    look_up_ttl | lookUpTtlMs: Timeout, Milliseconds(60_000), "After this time, keys are looked up again.";
    - | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
    - | verifier: VERIFIER_OBJECT, Unset, "A finished verifier, in place of keys and policy.";
    enforce | -: Flag, Unset, "The switch of the older middleware: false means `mode=\"observe\"`.";
    - | maxClockSkew: WINDOW, Milliseconds(Window::DEFAULT.past_ms), "How far a timestamp may lie from now, in both directions.";
    - | observeOnly: Flag, Derived("from `HMAC_AUTH_ENABLED`"), "Turns every `enforce` into `observe`.";
    - | localHealthCheck: Flag, Is("true"), "Exempts `GET /health` from loopback addresses, by the address of the socket.";
    skip | skip: Unchecked("a function (request) that returns a boolean"), Unset, "Requests for which it returns true are not verified.";
    on_reject | onReject: Unchecked("a function (request, rejection)"), Unset, "Builds the body of the response to a rejected request; the status stays.";
    - | logger: LOGGER, Unset, "Receives one record for each decision.";
    replay | replay: REPLAY, Derived("a mapped file"), "Where nonces are claimed; the default is shared by all workers of the host.";
    metrics | metrics: METRICS, Unset, "Counts decisions for Prometheus.";
    sign_responses | signResponses: Flag, Is("false"), "Signs responses, so that callers can verify them; each is buffered until it is complete.";
    max_signed_response | maxSignedResponseBytes: BYTES, Mebibytes(1), "The largest response that is buffered for signing; event streams are never signed.";
    oversize_responses | oversizeResponses: Choice(&["pass", "reject"]), Is("\"pass\""), "A larger response is sent unsigned, or replaced by a 500.";
    unsigned_response_paths | unsignedResponsePaths: Paths(true), Is("[]"), "Paths whose responses are not signed.";
    body_timeout | bodyTimeoutMs: Timeout, Milliseconds(60_000), "How long a verification waits for the body; then the response is 408.";
};

/// Verifier settings with a different default in server integrations.
pub(super) const VERIFIER_OF_A_SERVER: &[Setting] = settings! {
    schemes | -: SCHEMES, Is("[\"message\"]"), "The accepted schemes, most preferred first.";
    - | schemes: SCHEMES, Is("[\"client\"]"), "The accepted schemes, most preferred first.";
};

/// Verifier settings with a different default in the middleware for the arguments of the earlier
/// implementation.
pub(super) const VERIFIER_OF_COMPAT: &[Setting] = settings! {
    schemes | -: SCHEMES, Is("[\"pairwise\"]"), "The accepted schemes, most preferred first.";
};

/// Verifier settings that server integrations set themselves.
pub(super) const OWN_VERIFIER: &[Setting] = settings! {
    service | -: Unchecked("a service name"), Required, "This service's own name; may be empty where only `client` is accepted.";
    - | service: Unchecked("a service name"), Is("\"\""), "This service's own name; may be empty where only `client` is accepted.";
    keys | keys: KEYS, Required, "The keys of the senders.";
    schemes | schemes: SCHEMES, Is("[\"message\"]"), "The accepted schemes, most preferred first.";
    replay | replay: REPLAY, Derived("a mapped file"), "Where nonces are claimed; the default is shared by all workers of the host.";
    observe_only | observeOnly: Flag, Is("false"), "Turns every `enforce` into `observe`.";
    external_replay_store | -: Flag, Is("false"), "The caller claims nonces with `prove` and `settle`.";
};

/// The policy settings of verifiers and server integrations.
pub(super) const VERIFIER: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The effect of a rejection: `observe` accepts, counts and logs, `off` does not verify.";
    modes | modes: MODES_OBJECT, Unset, "Modes that can change while requests run, in place of `mode`.";
    past | pastMs: WINDOW, Milliseconds(Window::DEFAULT.past_ms), "How far back a timestamp may lie.";
    future | futureMs: WINDOW, Milliseconds(Window::DEFAULT.future_ms), "How far ahead a timestamp may lie; under `client` the default is the same as for the past.";
    max_body_bytes | maxBodyBytes: BYTES, Mebibytes(1), "The largest body that is read; a larger one is rejected with 413.";
    authorities | authorities: TextsOr("any"), Unset, "The hosts that this service serves, such as `api.test` or `https://api.test`; required for client keys under `message`.";
    scheme | scheme: Choice(&["http", "https"]), Derived("from the connection"), "The URL scheme that callers use, where a proxy ends TLS.";
    root_path | rootPath: Unchecked("a path that starts with /, or an empty string"), Is("\"\""), "The path under which the application is mounted.";
    ignore_authority | ignoreAuthority: Flag, Is("false"), "Accepts `message` signatures that do not cover the authority, behind proxies that rewrite it.";
    require_fields | requireFields: Fields, Is("[]"), "Header fields that a `message` signature must cover when they are sent.";
    trust_unsigned_user_id | trustUnsignedUserId: Flag, Is("false"), "Reports the user id of `pairwise`, which is not signed.";
    claim_pairwise | claimPairwise: Flag, Is("false"), "Accepts each `pairwise` signature once.";
    listed_senders_only | listedSendersOnly: Flag, Is("false"), "Rejects senders without an entry in `senders`.";
    senders | senders: GroupByName("sender"), Is("{}"), "Rules for single senders, by name.";
    exempt_paths | exemptPaths: Paths(true), Is("[]"), "Paths that need no signature.";
    max_sender_share | maxSenderShare: Share, Is("0.5"), "The part of the replay table that one sender may use, where two senders or more are known.";
};

/// Rules for a single sender.
pub(super) const SENDER: &[Setting] = settings! {
    mode | mode: MODE, Derived("the service's"), "The mode of this sender.";
    methods | methods: Texts, Derived("all"), "The methods that this sender may use.";
    path_prefixes | pathPrefixes: Paths(false), Derived("all"), "The paths that this sender may call, each with all paths below it.";
};

/// Modes that can be replaced at run time.
pub(super) const MODES: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The service's mode.";
    senders | senders: Unchecked("a mapping of sender names to modes"), Is("{}"), "Modes of single senders.";
    observe_only | observeOnly: Flag, Is("false"), "Turns every `enforce` into `observe`.";
};

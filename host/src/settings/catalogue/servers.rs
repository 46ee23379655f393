//! Settings of server integrations and verifiers.

use sealwire_core::Window;

use super::{CLOCK, KEYS, MODE, MODE_WORDS, SCHEMES, SECRET, function, mapping, object};
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
/// Runtimes without native addons support `isolate` instead of `heap`. The binding rejects the word that its
/// runtime does not support.
const REPLAY_OF_NODE: Kind = Object {
    what: "\"heap\" (\"isolate\" in sealwire/edge), a ReplayTable, or a store with a claim method",
    classes: &["ReplayTable"],
    methods: &["claim"],
    words: &["heap", "isolate"],
};
/// Nonces are stored for at most 48 days (`sealwire_core::replay::MAX_LIFETIME_SECONDS`).
const WINDOW: Kind = Duration(0, 4_147_199);
const BYTES: Kind = Count("bytes", 0, 1 << 40);

/// The settings of server integrations in addition to those of the verifier.
pub(super) const SERVER: &[Setting] = settings! {
    service_name | -: Text, Required, "The name of this service, which callers sign.";
    - | service: Text, Unset, "The name of this service; required for `message` and `pairwise`.";
    - | clientId: Text, Unset, "The only accepted client id.";
    - | sharedSecret: SECRET, Unset, "The secret of `clientId`.";
    - | clients: mapping("a mapping of client ids to secrets"), Unset, "Secrets by client id, each `secret` or `{ primary, versions }`.";
    keys | -: KEYS, Derived("from the environment"), "The keys of the senders.";
    - | keys: KEYS, Unset, "The keys of the senders, instead of `clientId` or `clients`.";
    look_up_keys | -: function("a function (sender)"), Unset, "Looks up the keys of each sender, instead of `keys`.";
    - | lookUpKeys: function("an async function (sender)"), Unset, "Looks up the keys of senders that are not in `clients`.";
    look_up_ttl | lookUpTtlMs: Timeout, Milliseconds(60_000), "After this time, keys are looked up again.";
    - | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
    - | verifier: VERIFIER_OBJECT, Unset, "An existing verifier, instead of keys and policy.";
    enforce | -: Flag, Unset, "The switch of the older middleware: false means `mode=\"observe\"`.";
    - | maxClockSkew: WINDOW, Milliseconds(Window::DEFAULT.past_ms), "The maximum difference between a timestamp and the current time, in both directions.";
    - | observeOnly: Flag, Derived("from `HMAC_AUTH_ENABLED`"), "Changes every `enforce` to `observe`.";
    - | localHealthCheck: Flag, Is("true"), "Exempts `GET /health` from loopback addresses, by the address of the socket.";
    skip | skip: function("a function (request) that returns a boolean"), Unset, "Requests for which it returns true are not verified.";
    on_reject | onReject: function("a function (request, rejection)"), Unset, "Returns the body of the response to a rejected request; the status is not changed.";
    - | logger: LOGGER, Unset, "Receives one record for each decision.";
    replay | -: REPLAY, Derived("a mapped file"), "The replay store; the default is shared by all workers of the host.";
    - | replay: REPLAY_OF_NODE, Derived("a mapped file"), "The replay store; the default is shared by all workers of the host.";
    metrics | metrics: METRICS, Unset, "Counts decisions for Prometheus.";
    sign_responses | signResponses: Flag, Is("false"), "Signs responses, so that callers can verify them; each is buffered until it is complete.";
    max_signed_response | maxSignedResponseBytes: BYTES, Mebibytes(1), "The largest response that is buffered for signing; event streams are never signed.";
    oversize_responses | oversizeResponses: Choice(&["pass", "reject"]), Is("\"pass\""), "A larger response is sent unsigned, or replaced by a 500.";
    unsigned_response_paths | unsignedResponsePaths: Paths(true), Is("[]"), "Paths whose responses are not signed.";
    body_timeout | bodyTimeoutMs: Timeout, Milliseconds(60_000), "The maximum time to receive a body; afterwards the response is 408.";
};

/// Verifier settings whose default is different in server integrations.
pub(super) const VERIFIER_OF_A_SERVER: &[Setting] = settings! {
    schemes | -: SCHEMES, Is("[\"message\"]"), "The accepted schemes in order of preference.";
    - | schemes: SCHEMES, Is("[\"client\"]"), "The accepted schemes in order of preference.";
};

/// Verifier settings whose default is different in the compatibility middleware, which has the arguments of
/// the earlier implementation.
pub(super) const VERIFIER_OF_COMPAT: &[Setting] = settings! {
    schemes | -: SCHEMES, Is("[\"pairwise\"]"), "The accepted schemes in order of preference.";
};

/// Settings of `Verifier` that server integrations do not have, because the integrations set these values
/// themselves.
pub(super) const OWN_VERIFIER: &[Setting] = settings! {
    service | -: AnyText, Required, "The name of this service; may be empty if only `client` is accepted.";
    - | service: AnyText, Is("\"\""), "The name of this service; may be empty if only `client` is accepted.";
    keys | keys: KEYS, Required, "The keys of the senders.";
    schemes | schemes: SCHEMES, Is("[\"message\"]"), "The accepted schemes in order of preference.";
    replay | -: REPLAY, Derived("a mapped file"), "The replay store; the default is shared by all workers of the host.";
    - | replay: REPLAY_OF_NODE, Derived("a mapped file"), "The replay store; the default is shared by all workers of the host.";
    observe_only | observeOnly: Flag, Is("false"), "Changes every `enforce` to `observe`.";
    external_replay_store | -: Flag, Is("false"), "The caller claims nonces with `prove` and `settle`.";
};

/// The policy settings of verifiers and server integrations.
pub(super) const VERIFIER: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The effect of a rejection: `observe` accepts, counts and logs, `off` does not verify.";
    modes | modes: MODES_OBJECT, Unset, "Modes that can be replaced at run time, instead of `mode`.";
    clock | clock: CLOCK, Derived("the clock of the system"), "Returns the time in Unix milliseconds: for tests. It cannot be used with a mapped or shared replay store.";
    past | pastMs: WINDOW, Milliseconds(Window::DEFAULT.past_ms), "The maximum age of a timestamp.";
    future | futureMs: WINDOW, Milliseconds(Window::DEFAULT.future_ms), "The maximum time that a timestamp may be in the future; under `client` the default is the same as for the past.";
    max_body_bytes | maxBodyBytes: BYTES, Mebibytes(1), "The maximum size of a body; larger bodies are rejected with 413.";
    authorities | authorities: TextsOr("any"), Unset, "The authorities of this service, such as `api.test` or `https://api.test`; required for client keys under `message`.";
    scheme | scheme: Choice(&["http", "https"]), Derived("from the connection"), "The URL scheme used by callers if a proxy terminates TLS.";
    root_path | rootPath: RootPath, Is("\"\""), "The path where the application is mounted.";
    ignore_authority | ignoreAuthority: Flag, Is("false"), "Accepts `message` signatures that do not cover the authority, behind proxies that rewrite it.";
    require_fields | requireFields: Fields, Is("[]"), "Header fields that a `message` signature must cover if the request has them.";
    trust_unsigned_user_id | trustUnsignedUserId: Flag, Is("false"), "Reports the user id of `pairwise`, which is not signed.";
    claim_pairwise | claimPairwise: Flag, Is("false"), "Accepts each `pairwise` signature once.";
    listed_senders_only | listedSendersOnly: Flag, Is("false"), "Rejects senders without an entry in `senders`.";
    senders | senders: GroupByName("sender"), Is("{}"), "Rules for single senders, by name.";
    exempt_paths | exemptPaths: Paths(true), Is("[]"), "Paths that need no signature.";
    max_sender_share | maxSenderShare: Share, Is("0.5"), "The share of the replay table that one sender may use, if two or more senders have keys.";
};

/// The settings of the rules for a single sender.
pub(super) const SENDER: &[Setting] = settings! {
    mode | mode: MODE, Derived("the service's"), "The mode of this sender.";
    methods | methods: NonEmpty(&Methods), Derived("all"), "The methods that this sender may use.";
    path_prefixes | pathPrefixes: NonEmpty(&Paths(false)), Derived("all"), "The paths that this sender may call, each with all paths below it.";
};

/// The settings of modes that can be replaced at run time.
pub(super) const MODES: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The mode of the service.";
    senders | senders: ChoiceByName(MODE_WORDS), Is("{}"), "Modes of single senders.";
    observe_only | observeOnly: Flag, Is("false"), "Changes every `enforce` to `observe`.";
};

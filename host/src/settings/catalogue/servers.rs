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
/// On runtimes without native addons, the value is `isolate` instead of `heap`. The binding rejects the value
/// that its runtime does not support.
const REPLAY_OF_NODE: Kind = Object {
    what: "\"heap\" (\"isolate\" in sealwire/edge), a ReplayTable, or a store with a claim method",
    classes: &["ReplayTable"],
    methods: &["claim"],
    words: &["heap", "isolate"],
};
/// Nonces are stored for at most 48 days (`sealwire_core::replay::MAX_LIFETIME_SECONDS`).
const WINDOW: Kind = Duration(0, 4_147_199);
const BYTES: Kind = Count("bytes", 0, 1 << 40);

/// The settings that server integrations have in addition to the settings of the verifier.
pub(super) const SERVER: &[Setting] = settings! {
    service_name | -: Text, Required, "The name of this service. Callers include it in their signatures.";
    - | service: Text, Unset, "The name of this service. Required for `message` and `pairwise`.";
    - | clientId: Text, Unset, "The only accepted client id.";
    - | sharedSecret: SECRET, Unset, "The secret of `clientId`.";
    - | clients: mapping("a mapping of client ids to secrets"), Unset, "Secrets by client id. A value is a secret, or an object `{ primary, versions }`.";
    keys | -: KEYS, Derived("from the environment"), "The keys of the senders.";
    - | keys: KEYS, Unset, "The keys of the senders, instead of `clientId` or `clients`.";
    look_up_keys | -: function("a function (sender)"), Unset, "Looks up the keys of a sender. Use it instead of `keys`.";
    - | lookUpKeys: function("an async function (sender)"), Unset, "Looks up the keys of a sender that is not in `clients`.";
    look_up_ttl | lookUpTtlMs: Timeout, Milliseconds(60_000), "The time for which looked-up keys are cached.";
    - | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
    - | verifier: VERIFIER_OBJECT, Unset, "An existing verifier. Use it instead of the settings for keys and policy.";
    enforce | -: Flag, Unset, "The setting of the older middleware. The value false means `mode=\"observe\"`.";
    - | maxClockSkew: WINDOW, Milliseconds(Window::DEFAULT.past_ms), "The maximum difference between a timestamp and the current time, in either direction.";
    - | observeOnly: Flag, Derived("from `HMAC_AUTH_ENABLED`"), "Uses the mode `observe` wherever the mode `enforce` is configured.";
    - | localHealthCheck: Flag, Is("true"), "Exempts `GET /health` if the peer address of the socket is a loopback address.";
    skip | skip: function("a function (request) that returns a boolean"), Unset, "Requests for which this function returns true are not verified.";
    on_reject | onReject: function("a function (request, rejection)"), Unset, "Returns the response body for a rejected request. It cannot change the status.";
    - | logger: LOGGER, Unset, "Receives one log record for each decision.";
    replay | -: REPLAY, Derived("a mapped file"), "The replay store. All workers on a host share the default file.";
    - | replay: REPLAY_OF_NODE, Derived("a mapped file"), "The replay store. All workers on a host share the default file.";
    metrics | metrics: METRICS, Unset, "Counts decisions for Prometheus.";
    sign_responses | signResponses: Flag, Is("false"), "Signs responses, so that callers can verify them. Each response is buffered until it is complete.";
    max_signed_response | maxSignedResponseBytes: BYTES, Mebibytes(1), "The maximum size of a response that is buffered and signed. Event streams are never signed.";
    oversize_responses | oversizeResponses: Choice(&["pass", "reject"]), Is("\"pass\""), "The action for a larger response: `pass` sends it without a signature, and `reject` sends status 500 instead.";
    unsigned_response_paths | unsignedResponsePaths: Paths(true), Is("[]"), "The paths whose responses are not signed.";
    body_timeout | bodyTimeoutMs: Timeout, Milliseconds(60_000), "The maximum time for receiving a request body. After this time, the response has status 408.";
};

/// Verifier settings with a different default in server integrations.
pub(super) const VERIFIER_OF_A_SERVER: &[Setting] = settings! {
    schemes | -: SCHEMES, Is("[\"message\"]"), "The accepted schemes, in order of preference.";
    - | schemes: SCHEMES, Is("[\"client\"]"), "The accepted schemes, in order of preference.";
};

/// Verifier settings with a different default in the compatibility middleware, which accepts the arguments of
/// the earlier implementation.
pub(super) const VERIFIER_OF_COMPAT: &[Setting] = settings! {
    schemes | -: SCHEMES, Is("[\"pairwise\"]"), "The accepted schemes, in order of preference.";
};

/// Settings that exist only in `Verifier`, because server integrations set these values themselves.
pub(super) const OWN_VERIFIER: &[Setting] = settings! {
    service | -: AnyText, Required, "The name of this service. It may be empty if `client` is the only accepted scheme.";
    - | service: AnyText, Is("\"\""), "The name of this service. It may be empty if `client` is the only accepted scheme.";
    keys | keys: KEYS, Required, "The keys of the senders.";
    schemes | schemes: SCHEMES, Is("[\"message\"]"), "The accepted schemes, in order of preference.";
    replay | -: REPLAY, Derived("a mapped file"), "The replay store. All workers on a host share the default file.";
    - | replay: REPLAY_OF_NODE, Derived("a mapped file"), "The replay store. All workers on a host share the default file.";
    observe_only | observeOnly: Flag, Is("false"), "Changes every `enforce` to `observe`.";
    external_replay_store | -: Flag, Is("false"), "The caller stores nonces itself, with `prove` and `settle`.";
};

/// The policy settings of verifiers and server integrations.
pub(super) const VERIFIER: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The effect of a rejection. With `observe`, the request is accepted, and the rejection is counted and logged. With `off`, requests are not verified.";
    modes | modes: MODES_OBJECT, Unset, "Modes that can be changed at run time. Use it instead of `mode`.";
    clock | clock: CLOCK, Derived("the system clock"), "The clock, which tests can replace. It cannot be used with a mapped or shared replay store.";
    past | pastMs: WINDOW, Milliseconds(Window::DEFAULT.past_ms), "The maximum age of a timestamp.";
    future | futureMs: WINDOW, Milliseconds(Window::DEFAULT.future_ms), "The maximum time by which a timestamp may be in the future. For the scheme `client`, the default is the maximum age.";
    max_body_bytes | maxBodyBytes: BYTES, Mebibytes(1), "The maximum size of a request body. Larger bodies are rejected with status 413.";
    authorities | authorities: TextsOr("any"), Unset, "The authorities of this service, such as `api.test` or `https://api.test`. Required if client keys are used with `message`.";
    scheme | scheme: Choice(&["http", "https"]), Derived("from the connection"), "The URL scheme that callers use. Set it if a proxy terminates TLS.";
    root_path | rootPath: RootPath, Is("\"\""), "The path where the application is mounted.";
    ignore_authority | ignoreAuthority: Flag, Is("false"), "Accepts `message` signatures that do not cover the authority. Set it if a proxy rewrites the authority.";
    require_fields | requireFields: Fields, Is("[]"), "Header fields that a `message` signature must cover if the request contains them.";
    trust_unsigned_user_id | trustUnsignedUserId: Flag, Is("false"), "Reports the user id of `pairwise` requests, although it is not signed.";
    claim_pairwise | claimPairwise: Flag, Is("false"), "Accepts each `pairwise` signature only once.";
    listed_senders_only | listedSendersOnly: Flag, Is("false"), "Rejects senders without an entry in `senders`.";
    senders | senders: GroupByName("sender"), Is("{}"), "The rules of each sender.";
    exempt_paths | exemptPaths: Paths(true), Is("[]"), "The paths that require no signature.";
    max_sender_share | maxSenderShare: Share, Is("0.5"), "The maximum share of the replay table that one sender may use. It applies if two or more senders have keys.";
};

/// The settings for one sender.
pub(super) const SENDER: &[Setting] = settings! {
    mode | mode: MODE, Derived("the service's"), "The mode for this sender.";
    methods | methods: NonEmpty(&Methods), Derived("all"), "The methods that this sender may use.";
    path_prefixes | pathPrefixes: NonEmpty(&Paths(false)), Derived("all"), "The paths that this sender may call. Each entry includes all paths below it.";
};

/// The settings of modes that can be replaced at run time.
pub(super) const MODES: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The mode of the service.";
    senders | senders: ChoiceByName(MODE_WORDS), Is("{}"), "The mode of each sender.";
    observe_only | observeOnly: Flag, Is("false"), "Uses the mode `observe` wherever the mode `enforce` is configured.";
};

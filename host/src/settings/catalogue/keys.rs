//! Settings of key rings, and of loading and reloading key files.

use super::{FILE_PATH, KEYS, MODE, MODE_WORDS, mapping, object};
use crate::settings::{DefaultValue::*, Kind, Kind::*, Setting, Shape};

const VARIABLES: Kind = Opaque("a mapping of variables", &[Shape::Map, Shape::Instance]);
const PROMETHEUS: Kind = Opaque("the module prom-client", &[Shape::Map, Shape::Instance]);
const REGISTRY: Kind = Opaque("a registry of prom-client", &[Shape::Instance]);
const MODES: Kind = object("a Modes object", &["Modes"], &[]);

/// The settings of `KeyRing`.
pub(super) const KEY_RING: &[Setting] = settings! {
    pairs | pairs: mapping("a mapping of pairs to secrets"), Is("{}"), "Secrets by service pair, such as `agent/practices`. The order of the two names does not matter.";
    clients | clients: mapping("a mapping of client ids to secrets"), Is("{}"), "Secrets by client id.";
    issuer | issuer: Opaque("a secret, or a mapping with versions of the secret", &[Shape::Text, Shape::Instance, Shape::Map]), Unset, "The key that signs connection strings.";
    - | service: Text, Unset, "The name of this service. Secrets of its pairs are read from `env`.";
    - | env: VARIABLES, Unset, "The environment variables that contain the secrets of pairs.";
    allow_weak | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
};

/// The settings of `KeyRing.from_env` and `KeyRing.fromEnv`.
pub(super) const FROM_ENV: &[Setting] = settings! {
    service | -: Text, Unset, "The name of this service. The secrets of all its pairs are read. Use it instead of `pairs`.";
    pairs | -: Opaque("a list of pairs of services", &[Shape::List]), Unset, "The pairs whose secrets are read. Use it instead of `service`.";
    environ | env: VARIABLES, Derived("the environment of the process"), "The environment variables.";
    allow_weak | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
};

/// The settings of a secret with several versions.
pub(super) const VERSIONS: &[Setting] = settings! {
    primary | -: Opaque("a version number", &[Shape::Integer, Shape::Text]), Derived("the lowest"), "The version that signs requests.";
    - | primary: Opaque("a version number", &[Shape::Integer]), Unset, "The version that signs requests.";
    versions | versions: Opaque("a mapping of versions to secrets", &[Shape::Map, Shape::List]), Unset, "Secrets by version number.";
};

/// The settings of `load`.
pub(super) const LOAD: &[Setting] = settings! {
    sources | sources: Opaque("a list of sources", &[Shape::List]), Derived("the environment"), "The sources from which secret references are resolved.";
    table | table: Text, Unset, "The table with the issuer keys, if the file also contains other settings, such as `core.accountLifeCycle`.";
    service | service: Text, Unset, "The service that loads the file. Pairs without this service are not loaded.";
    allow_weak | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
};

/// The settings of `loadDotenv`.
pub(super) const LOAD_DOTENV: &[Setting] = settings! {
    - | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
};

/// The settings of `load_modes` and `loadModes`.
pub(super) const LOAD_MODES: &[Setting] = settings! {
    mode | mode: MODE, Is("\"enforce\""), "The mode of the service, used if the file does not set one.";
    senders | senders: ChoiceByName(MODE_WORDS), Is("{}"), "The modes of senders, used if the file does not set them.";
};

/// The settings of `Vault` and `vault`.
pub(super) const VAULT: &[Setting] = settings! {
    mount | mount: Text, Is("\"secret\""), "The mount path of the secrets engine.";
};

/// The settings of `Google` and `google`.
pub(super) const GOOGLE: &[Setting] = settings! {
    project | project: Text, Required, "The project that contains the secrets.";
};

/// A timer interval. Node.js supports at most 2^31 - 1 milliseconds.
const TIMER: Kind = Count("milliseconds", 1, 2_147_483_647);

/// The settings of `Reloader`.
pub(super) const RELOADER: &[Setting] = settings! {
    path | path: Opaque("a file path, or a list of them", &[Shape::Text, Shape::Instance, Shape::List]), Unset, "The files to watch. A change causes a reload.";
    every | -: Timeout, Unset, "The interval between reloads, even if no file has changed. Required for secret stores.";
    - | everyMs: TIMER, Unset, "The interval between reloads, even if no file has changed. Required for secret stores.";
    look_every | -: Timeout, Milliseconds(1000), "The interval between checks for changed files.";
    - | lookEveryMs: TIMER, Milliseconds(1000), "The interval between checks for changed files.";
    - | signal: Text, Unset, "A signal that causes a reload.";
    - | logger: Opaque("a logger with the methods info and error", &[Shape::Map, Shape::Instance]), Derived("console"), "Receives the result of each reload.";
};

/// The settings of `reloadMetrics`.
pub(super) const RELOAD_METRICS: &[Setting] = settings! {
    - | path: FILE_PATH, Unset, "The key file whose planned retirements are reported.";
    - | client: PROMETHEUS, Derived("prom-client"), "The module prom-client.";
    - | register: REGISTRY, Derived("the client's"), "The registry for the metrics.";
};

/// The settings of `Metrics`.
pub(super) const METRICS: &[Setting] = settings! {
    - | client: PROMETHEUS, Derived("prom-client"), "The module prom-client.";
    - | register: REGISTRY, Derived("the client's"), "The registry for the metrics.";
};

/// The settings of `Metrics.watch`.
pub(super) const WATCH: &[Setting] = settings! {
    - | replay: Opaque("a ReplayTable", &[Shape::Instance]), Unset, "The replay table whose number of used slots is reported.";
    - | keys: KEYS, Unset, "The keys whose usage is reported.";
    - | modes: MODES, Unset, "The modes that are reported.";
};

/// The settings of `ConnectionString.issue`.
pub(super) const TOKEN: &[Setting] = settings! {
    - | account: Text, Required, "The account, a UUID.";
    - | expires: Opaque("a date", &[Shape::Text, Shape::Integer, Shape::Instance]), Required, "The expiry.";
    - | offsetMinutes: Count("minutes", -1439, 1439), Is("0"), "The time zone of the expiry, in minutes east of UTC.";
    - | roles: Opaque("a list of roles", &[Shape::List]), Is("[]"), "The roles. Each is an object `{ name, write }`.";
    - | tenant: Text, Unset, "The tenant, a UUID.";
    - | subscription: Text, Unset, "The subscription, a UUID.";
};

/// The settings of a role in a connection string.
pub(super) const ROLE: &[Setting] = settings! {
    - | name: Text, Required, "The name of the role.";
    - | write: Flag, Is("false"), "Whether the role has write access.";
};

/// The settings of `ConnectionString.verify`.
pub(super) const TOKEN_CHECK: &[Setting] = settings! {
    - | ignoreExpiry: Flag, Is("false"), "Accepts tokens that have expired.";
    - | now: Opaque("Unix milliseconds", &[Shape::Integer]), Derived("the clock"), "The current time, which tests can set.";
};

/// The settings in the second argument of `new Modes`.
pub(super) const MODES_LOG: &[Setting] = settings! {
    - | logger: Opaque("a logger with the method warn", &[Shape::Map, Shape::Instance]), Derived("console"), "Receives a message for each change of a mode.";
};

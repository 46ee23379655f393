//! Settings of key rings and their reloading.

use crate::settings::{DefaultValue::*, Kind::*, Setting};

/// The settings of `KeyRing`.
pub(super) const KEY_RING: &[Setting] = settings! {
    - | clients: Unchecked("a mapping of client ids to secrets"), Is("{}"), "Secrets by client id.";
    - | pairs: Unchecked("a mapping of pairs to secrets"), Is("{}"), "Secrets by pair of services, `agent/practices`, in any order.";
    - | issuer: Unchecked("a secret, or versions of one"), Unset, "The key that signs connection strings.";
    - | service: Text, Unset, "The service whose pairs are read from `env`.";
    - | env: Unchecked("a mapping of variables"), Unset, "Environment variables with pair secrets.";
    - | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
};

/// The settings of `KeyRing.fromEnv`.
pub(super) const FROM_ENV: &[Setting] = settings! {
    - | env: Unchecked("a mapping of variables"), Derived("process.env"), "The environment variables.";
    - | allowWeak: Flag, Is("false"), "Accepts secrets of fewer than 32 bytes.";
};

/// The versions of a secret.
pub(super) const VERSIONS: &[Setting] = settings! {
    - | primary: Unchecked("a version number"), Required, "The primary version, which signs.";
    - | versions: Unchecked("a mapping of versions to secrets"), Required, "Secrets by version.";
};

/// A duration up to the maximum of timers in Node.js.
const TIMER: crate::settings::Kind = Count("milliseconds", 1, 2_147_483_647);

/// The settings of `Reloader`.
pub(super) const RELOADER: &[Setting] = settings! {
    - | path: Unchecked("a file path, or a list of them"), Unset, "Files whose changes cause a reload.";
    - | everyMs: TIMER, Unset, "The interval of unconditional reloads; required for secret stores.";
    - | lookEveryMs: TIMER, Milliseconds(1000), "The interval at which files are checked for changes.";
    - | signal: Text, Unset, "A signal that causes a reload.";
    - | logger: Unchecked("a logger with the methods info and error"), Derived("console"), "Receives the result of each reload.";
};

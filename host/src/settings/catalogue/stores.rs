//! Settings of replay stores.

use super::{FILE_PATH, function, object};
use crate::settings::{DefaultValue::*, Kind, Kind::*, Setting, Shape};

const METRICS: Kind = Opaque("a Metrics object", &[Shape::Map, Shape::Instance]);
const NEAR: Kind = object("a ReplayTable", &["ReplayTable"], &[]);

/// The settings that determine the size of a replay table.
pub(super) const TABLE: &[Setting] = settings! {
    requests_per_second | requestsPerSecond: Count("requests", 1, 0xffff_ffff), Is("200"), "The expected number of requests per second.";
    window | windowSeconds: Count("seconds", 0, 0xffff_ffff), Is("600"), "The maximum lifetime of a nonce, which is the sum of the past and future windows.";
    - | slots: Count("slots", 8, 1 << 32), Derived("from the load"), "The number of slots. Use it instead of the expected load.";
};

/// The settings of a replay table for a single process.
pub(super) const HEAP: &[Setting] = settings! {
    accept_older | acceptOlder: Flag, Is("false"), "Accepts requests that were signed before the table was created.";
    - | sharedAs: Text, Unset, "The name of a shared table. Worker threads that use the same name share one table.";
};

/// The settings of a replay table in a mapped file.
pub(super) const FILE: &[Setting] = settings! {
    path | -: FILE_PATH, Derived("from the service"), "The replay file.";
    service | -: Text, Unset, "The service name that is part of the default file name.";
    - | acceptOlder: Flag, Is("false"), "Accepts requests that were signed before the file was created.";
};

/// The settings of a Redis store.
pub(super) const REDIS: &[Setting] = settings! {
    prefix | prefix: Text, Is("\"sealwire:replay:\""), "The prefix of all keys in the store.";
    timeout | timeoutMs: Timeout, Milliseconds(500), "The maximum time that a request waits for the store to record its nonce.";
    near | near: NEAR, Derived("a heap table"), "A local table that is checked before the server.";
    fall_back | fallBack: Flag, Is("false"), "Stores nonces only in the local table while the server does not respond. Error responses do not have this effect.";
    allow_eviction | allowEviction: Flag, Is("false"), "Allows a server whose `maxmemory-policy` evicts nonces.";
    metrics | metrics: METRICS, Unset, "Measures claims and counts failures.";
    - | onError: function("a function (error)"), Unset, "Receives each failure.";
};

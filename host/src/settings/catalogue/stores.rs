//! Settings of replay stores.

use super::{FILE_PATH, function, object};
use crate::settings::{DefaultValue::*, Kind, Kind::*, Setting, Shape};

const METRICS: Kind = Opaque("a Metrics object", &[Shape::Map, Shape::Instance]);
const NEAR: Kind = object("a ReplayTable", &["ReplayTable"], &[]);

/// The settings for the size of a replay table.
pub(super) const TABLE: &[Setting] = settings! {
    requests_per_second | requestsPerSecond: Count("requests", 1, 0xffff_ffff), Is("200"), "The expected number of requests per second.";
    window | windowSeconds: Count("seconds", 0, 0xffff_ffff), Is("600"), "The maximum lifetime of a nonce: past and future window together.";
    - | slots: Count("slots", 8, 1 << 32), Derived("from the load"), "The number of slots, in place of the expected load.";
};

/// The settings of a replay table for a single process.
pub(super) const HEAP: &[Setting] = settings! {
    accept_older | acceptOlder: Flag, Is("false"), "Accepts requests that were signed before the table was created.";
    - | sharedAs: Text, Unset, "Worker threads with the same name share one table.";
};

/// The settings of a replay table in a file.
pub(super) const FILE: &[Setting] = settings! {
    path | -: FILE_PATH, Derived("from the service"), "The replay file.";
    service | -: Text, Unset, "The service name in the name of the default file.";
    - | acceptOlder: Flag, Is("false"), "Accepts requests that were signed before the file was created.";
};

/// The settings of a Redis store.
pub(super) const REDIS: &[Setting] = settings! {
    prefix | prefix: Text, Is("\"sealwire:replay:\""), "The prefix of all keys in the store.";
    timeout | timeoutMs: Timeout, Milliseconds(500), "The maximum time of a claim.";
    near | near: NEAR, Derived("a heap table"), "A local table in front of the server.";
    fall_back | fallBack: Flag, Is("false"), "Claims in the local table while the server does not respond; error responses do not have this effect.";
    allow_eviction | allowEviction: Flag, Is("false"), "Accepts a server whose `maxmemory-policy` evicts nonces.";
    metrics | metrics: METRICS, Unset, "Counts claims and failures.";
    - | onError: function("a function (error)"), Unset, "Receives each failure.";
};

//! Settings of replay stores.

use super::object;
use crate::settings::{DefaultValue::*, Kind, Kind::*, Setting};

const NEAR: Kind = object("a ReplayTable", &["ReplayTable"], &[]);

/// The size of a table.
pub(super) const TABLE: &[Setting] = settings! {
    requests_per_second | requestsPerSecond: Count("requests", 1, 0xffff_ffff), Is("200"), "The load that the table is made for.";
    window | windowSeconds: Count("seconds", 0, 0xffff_ffff), Is("600"), "How long a nonce is remembered at most: past and future window together.";
    - | slots: Count("slots", 8, 1 << 32), Derived("from the load"), "The size, in nonces, in place of a load.";
};

/// A table in a single process.
pub(super) const HEAP: &[Setting] = settings! {
    accept_older | acceptOlder: Flag, Is("false"), "Accepts requests that were signed before the table existed.";
    - | sharedAs: Text, Unset, "Worker threads that give the same name share one table.";
};

/// A table in a file.
pub(super) const FILE: &[Setting] = settings! {
    path | -: Unchecked("a file path"), Derived("from the service"), "The replay file.";
    service | -: Text, Unset, "The service after which the default file is named.";
    - | acceptOlder: Flag, Is("false"), "Accepts requests that were signed before the file existed.";
};

/// A Redis store.
pub(super) const REDIS: &[Setting] = settings! {
    prefix | prefix: Text, Is("\"sealwire:replay:\""), "The start of every key in the store.";
    timeout | timeoutMs: Timeout, Milliseconds(500), "How long a claim waits for the server.";
    near | near: NEAR, Derived("a heap table"), "A local table in front of the server.";
    fall_back | fallBack: Flag, Is("false"), "Claims in the local table while the server is silent; an error response never causes this.";
    allow_eviction | allowEviction: Flag, Is("false"), "Accepts a server whose `maxmemory-policy` evicts nonces.";
    metrics | metrics: Unchecked("a Metrics object"), Unset, "Counts claims and failures.";
    - | onError: Unchecked("a function (error)"), Unset, "Receives each failure.";
};

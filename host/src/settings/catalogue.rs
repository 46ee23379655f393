//! Every setting of every language, described once.

use super::{Group, Kind, Setting};

const SCHEMES: Kind = Kind::Choices(&["message", "pairwise", "client"]);
const MODE: Kind = Kind::Choice(&["off", "observe", "enforce"]);
const KEYS: Kind = Kind::Object { what: "a KeyRing", classes: &["KeyRing"], methods: &[], words: &[] };
const MODES: Kind = Kind::Object { what: "a Modes object", classes: &["Modes"], methods: &[], words: &[] };
const TABLE: Kind =
    Kind::Object { what: "a ReplayTable", classes: &["ReplayTable"], methods: &[], words: &[] };
const REPLAY: Kind = Kind::Object {
    what: "\"heap\", a ReplayTable, or a store with a claim method",
    classes: &["ReplayTable"],
    methods: &["claim"],
    words: &["heap"],
};
const METRICS: Kind = Kind::Object {
    what: "a Metrics object",
    classes: &["Metrics"],
    methods: &["accepted", "rejected"],
    words: &[],
};
const LOGGER: Kind = Kind::Object {
    what: "a logger with the methods info and warn",
    classes: &[],
    methods: &["info", "warn"],
    words: &[],
};
/// Nonces are remembered for at most 48 days (`sealwire_core::replay::MAX_LIFETIME_SECONDS`).
const WINDOW: Kind = Kind::Duration(0, 4_147_199);

/// A setting with one meaning and a name in each language.
const fn both(
    python: &'static str,
    node: &'static str,
    kind: Kind,
    default: &'static str,
    doc: &'static str,
) -> Setting {
    Setting { python: Some(python), node: Some(node), kind, default, doc }
}

const fn python(name: &'static str, kind: Kind, default: &'static str, doc: &'static str) -> Setting {
    Setting { python: Some(name), node: None, kind, default, doc }
}

const fn node(name: &'static str, kind: Kind, default: &'static str, doc: &'static str) -> Setting {
    Setting { python: None, node: Some(name), kind, default, doc }
}

const ORIGINS: Setting = both(
    "origins",
    "origins",
    Kind::Texts,
    "the base URL's origin",
    "The origins for which requests are signed.",
);
const CLIENT_RECEIVER: Setting = both(
    "receiver",
    "receiver",
    Kind::Unchecked("a service name, or a function of the host"),
    "\"\"",
    "The service that is called; needed for pair keys.",
);
const CLIENT_USER: Setting =
    both("user_id", "userId", Kind::AnyText, "none", "The user for whom the request is made.");

const TABLE_LOAD: Setting = both(
    "requests_per_second",
    "requestsPerSecond",
    Kind::Count("requests", 1, 0xffff_ffff),
    "200",
    "The load that the table is made for.",
);
const TABLE_WINDOW: Setting = both(
    "window",
    "windowSeconds",
    Kind::Count("seconds", 0, 0xffff_ffff),
    "600",
    "How long a nonce is remembered at most: past and future window together.",
);
const TABLE_ACCEPT_OLDER: Setting = both(
    "accept_older",
    "acceptOlder",
    Kind::Flag,
    "false",
    "Accepts requests that were signed before the table existed.",
);
const TABLE_SLOTS: Setting = node(
    "slots",
    Kind::Count("slots", 8, 1 << 32),
    "from the load",
    "The size, in nonces, in place of a load.",
);

/// The settings of a verifier, which the server integrations take too.
macro_rules! verifier {
    ($($more:expr),* $(,)?) => {
        &[
            $($more,)*
            both("schemes", "schemes", SCHEMES, "[\"message\"]", "The accepted schemes, most preferred first."),
            both("mode", "mode", MODE, "\"enforce\"", "The effect of a rejection."),
            both("modes", "modes", MODES, "none", "Modes that can change while requests run, in place of `mode`."),
            both("past", "pastMs", WINDOW, "300 s", "How far back a timestamp may lie."),
            both("future", "futureMs", WINDOW, "5 s", "How far ahead a timestamp may lie."),
            both("max_body_bytes", "maxBodyBytes", Kind::Count("bytes", 0, 1 << 40), "1 MiB", "The largest body that is read."),
            both("authorities", "authorities", Kind::TextsOr("any"), "none", "The hosts that this service serves, such as `api.test` or `https://api.test`; required for client keys under `message`."),
            both("scheme", "scheme", Kind::Choice(&["http", "https"]), "from the connection", "The URL scheme that callers use, where a proxy ends TLS."),
            both("root_path", "rootPath", Kind::Unchecked("a path that starts with /, or an empty string"), "\"\"", "The path under which the application is mounted."),
            both("ignore_authority", "ignoreAuthority", Kind::Flag, "false", "Accepts `message` signatures that do not cover the authority."),
            both("require_fields", "requireFields", Kind::Fields, "[]", "Header fields that a `message` signature must cover when they are sent."),
            both("trust_unsigned_user_id", "trustUnsignedUserId", Kind::Flag, "false", "Reports the user id of `pairwise`, which is not signed."),
            both("claim_pairwise", "claimPairwise", Kind::Flag, "false", "Uses the signature of `pairwise` as nonce."),
            both("listed_senders_only", "listedSendersOnly", Kind::Flag, "false", "Rejects senders without an entry in `senders`."),
            both("senders", "senders", Kind::GroupByName("sender"), "{}", "Rules for single senders, by name."),
            both("exempt_paths", "exemptPaths", Kind::Paths(true), "[]", "Paths that need no signature."),
            both("max_sender_share", "maxSenderShare", Kind::Share, "0.5", "The part of the replay table that one sender may use."),
        ]
    };
}

/// The settings that every server integration adds to its verifier's.
macro_rules! server {
    ($($more:expr),* $(,)?) => {
        verifier![
            $($more,)*
            both("keys", "keys", KEYS, "from the environment", "The keys of the senders."),
            both("replay", "replay", REPLAY, "a mapped file", "Where nonces are claimed."),
            both("metrics", "metrics", METRICS, "none", "Counts decisions for Prometheus."),
            both("sign_responses", "signResponses", Kind::Flag, "false", "Signs responses, so that callers can verify them."),
            both("max_signed_response", "maxSignedResponseBytes", Kind::Count("bytes", 0, 1 << 40), "1 MiB", "The largest response that is buffered for signing."),
            both("oversize_responses", "oversizeResponses", Kind::Choice(&["pass", "reject"]), "\"pass\"", "A larger response is sent unsigned, or replaced by an error."),
            both("unsigned_response_paths", "unsignedResponsePaths", Kind::Paths(true), "[]", "Paths whose responses are not signed."),
            both("body_timeout", "bodyTimeoutMs", Kind::Timeout, "60 s", "How long a verification waits for the body."),
        ]
    };
}

/// All groups.
pub const GROUPS: &[Group] = &[
    Group {
        name: "server",
        settings: server![
            python("service_name", Kind::Text, "", "This service's own name."),
            python(
                "enforce",
                Kind::Flag,
                "none",
                "The switch of the older middleware: false means `mode=\"observe\"`."
            ),
            node(
                "service",
                Kind::Text,
                "none",
                "This service's own name; required for `message` and `pairwise`."
            ),
            node("clientId", Kind::Text, "none", "The one client id that is accepted."),
            node(
                "sharedSecret",
                Kind::Unchecked("the secret of clientId"),
                "none",
                "The secret of `clientId`."
            ),
            node(
                "clients",
                Kind::Unchecked("a mapping of client ids to secrets"),
                "none",
                "Secrets by client id."
            ),
            node(
                "maxClockSkew",
                WINDOW,
                "300000",
                "How far a timestamp may lie from now, in both directions."
            ),
            node("allowWeak", Kind::Flag, "false", "Accepts secrets of fewer than 32 bytes."),
            node(
                "verifier",
                Kind::Object { what: "a Verifier", classes: &["Verifier"], methods: &[], words: &[] },
                "none",
                "A finished verifier, in place of keys and policy."
            ),
            node("logger", LOGGER, "none", "Receives one record for each decision."),
            node("localHealthCheck", Kind::Flag, "true", "Exempts `GET /health` from loopback addresses."),
            node("observeOnly", Kind::Flag, "false", "Turns every `enforce` into `observe`."),
            node(
                "onReject",
                Kind::Unchecked("a function (request, rejection)"),
                "none",
                "Builds the response to a rejected request."
            ),
            node(
                "skip",
                Kind::Unchecked("a function (request) that returns a boolean"),
                "none",
                "Requests for which it returns true are not verified."
            ),
            node(
                "lookUpKeys",
                Kind::Unchecked("an async function (sender)"),
                "none",
                "Looks up the keys of senders that `clients` does not name."
            ),
            node("lookUpTtlMs", Kind::Timeout, "60000", "After this time, keys are looked up again."),
        ],
    },
    Group {
        name: "verifier",
        settings: verifier![
            both(
                "service",
                "service",
                Kind::Unchecked("a service name"),
                "",
                "This service's own name; may stay empty where only `client` is accepted."
            ),
            both("keys", "keys", KEYS, "", "The keys of the senders."),
            both("replay", "replay", REPLAY, "a mapped file", "Where nonces are claimed."),
            both("observe_only", "observeOnly", Kind::Flag, "false", "Turns every `enforce` into `observe`."),
            python(
                "external_replay_store",
                Kind::Flag,
                "false",
                "The caller claims nonces with `prove` and `settle`."
            ),
        ],
    },
    Group {
        name: "sender",
        settings: &[
            both("mode", "mode", MODE, "the service's", "The mode of this sender."),
            both("methods", "methods", Kind::Texts, "all", "The methods that this sender may use."),
            both(
                "path_prefixes",
                "pathPrefixes",
                Kind::Paths(false),
                "all",
                "The paths that this sender may call, each with all paths below it.",
            ),
        ],
    },
    Group {
        name: "client",
        settings: &[
            python("name", Kind::Text, "", "This service's name, or its client id."),
            CLIENT_RECEIVER,
            python("keys", KEYS, "from the environment", "The keys; the primary signs."),
            python("schemes", SCHEMES, "[\"message\"]", "The schemes to sign in, all at once."),
            CLIENT_USER,
            python("cover", Kind::Components, "[]", "More header fields to sign."),
            python(
                "cover_authority",
                Kind::Flag,
                "true",
                "Signs the authority; false behind proxies that rewrite it.",
            ),
            python(
                "verify_responses",
                Kind::Flag,
                "false",
                "Raises an error for a response that the receiver did not sign.",
            ),
            ORIGINS,
        ],
    },
    Group {
        name: "signed_fetch",
        settings: &[
            ORIGINS,
            CLIENT_RECEIVER,
            CLIENT_USER,
            node(
                "base",
                Kind::Unchecked("a URL"),
                "none",
                "The URL against which relative URLs are resolved.",
            ),
            node(
                "verifyResponses",
                Kind::Flag,
                "false",
                "Rejects a response that the receiver did not sign.",
            ),
            node(
                "fetch",
                Kind::Unchecked("a function with the signature of fetch"),
                "fetch",
                "Sends the signed request.",
            ),
        ],
    },
    Group {
        name: "signed_dispatcher",
        settings: &[
            ORIGINS,
            CLIENT_RECEIVER,
            CLIENT_USER,
            node(
                "interceptors",
                Kind::Unchecked("a list of undici's interceptors"),
                "[]",
                "Interceptors that see each request before it is signed, such as `interceptors.retry()`.",
            ),
        ],
    },
    Group {
        name: "credentials",
        settings: &[
            node("clientId", Kind::Text, "", "The client id."),
            node("sharedSecret", Kind::Unchecked("the secret of clientId"), "", "The secret of `clientId`."),
        ],
    },
    Group {
        name: "signer",
        settings: &[
            both("name", "name", Kind::Text, "", "This service's name, or its client id."),
            both("keys", "keys", KEYS, "", "The keys; the primary signs."),
            both("schemes", "schemes", SCHEMES, "[\"message\"]", "The schemes to sign in, all at once."),
            both("cover", "coverFields", Kind::Components, "[]", "More header fields to sign."),
            python(
                "cover_authority",
                Kind::Flag,
                "true",
                "Signs the authority; false behind proxies that rewrite it.",
            ),
            node(
                "ignoreAuthority",
                Kind::Flag,
                "false",
                "Leaves the authority unsigned, behind proxies that rewrite it.",
            ),
            node(
                "receiver",
                Kind::Unchecked("a service name"),
                "none",
                "The service that is called; needed for pair keys.",
            ),
        ],
    },
    Group {
        name: "key_ring",
        settings: &[
            node(
                "clients",
                Kind::Unchecked("a mapping of client ids to secrets"),
                "{}",
                "Secrets by client id.",
            ),
            node(
                "pairs",
                Kind::Unchecked("a mapping of pairs to secrets"),
                "{}",
                "Secrets by pair of services, `agent/practices`.",
            ),
            node(
                "issuer",
                Kind::Unchecked("a secret, or versions of one"),
                "none",
                "The key that signs connection strings.",
            ),
            node("service", Kind::Text, "none", "The service whose pairs are read from `env`."),
            node(
                "env",
                Kind::Unchecked("a mapping of variables"),
                "none",
                "Environment variables that hold pair secrets.",
            ),
            node("allowWeak", Kind::Flag, "false", "Accepts secrets of fewer than 32 bytes."),
        ],
    },
    Group {
        name: "key_ring_from_env",
        settings: &[
            node(
                "env",
                Kind::Unchecked("a mapping of variables"),
                "process.env",
                "The environment variables.",
            ),
            node("allowWeak", Kind::Flag, "false", "Accepts secrets of fewer than 32 bytes."),
        ],
    },
    Group {
        name: "key_versions",
        settings: &[
            node("primary", Kind::Unchecked("a version number"), "", "The version that signs."),
            node("versions", Kind::Unchecked("a mapping of versions to secrets"), "", "Secrets by version."),
        ],
    },
    Group {
        name: "gateway",
        settings: &[
            node("server", Kind::Unchecked("an object"), "none", "The gateway's own settings."),
            node(
                "service",
                Kind::Unchecked("an object"),
                "none",
                "The settings of a service that is called.",
            ),
        ],
    },
    Group {
        name: "gateway_server",
        settings: &[
            node(
                "auth_location",
                Kind::Unchecked("an object"),
                "none",
                "Host and port of the service called.",
            ),
            node("hmac", Kind::Unchecked("an object"), "none", "Signing of requests to that service."),
            node("ssl", Kind::Unchecked("an object"), "none", "TLS to that service."),
        ],
    },
    Group {
        name: "gateway_service",
        settings: &[node("Hmac", Kind::Unchecked("an object"), "none", "The settings of `hmacAuth`.")],
    },
    Group {
        name: "gateway_ssl",
        settings: &[node("enableSSL", Kind::Flag, "false", "Calls the service over TLS.")],
    },
    Group {
        name: "gateway_hmac",
        settings: &[
            node("enableHmac", Kind::Flag, "", "Signs requests to the service called."),
            node("clientId", Kind::Unchecked("a client id"), "none", "The client id."),
            node(
                "sharedSecret",
                Kind::Unchecked("the secret of clientId"),
                "none",
                "The secret of `clientId`.",
            ),
            node("stable", Kind::Flag, "false", "Confirms that the secret is the same after every start."),
        ],
    },
    Group {
        name: "replay_table",
        settings: &[
            TABLE_LOAD,
            TABLE_WINDOW,
            TABLE_ACCEPT_OLDER,
            TABLE_SLOTS,
            node("sharedAs", Kind::Text, "none", "Worker threads that give the same name share one table."),
        ],
    },
    Group {
        name: "replay_file",
        settings: &[
            TABLE_LOAD,
            TABLE_WINDOW,
            TABLE_SLOTS,
            node("acceptOlder", Kind::Flag, "false", TABLE_ACCEPT_OLDER.doc),
            python("path", Kind::Unchecked("a file path"), "from the service", "The replay file."),
            python("service", Kind::Text, "none", "The service after which the default file is named."),
        ],
    },
    Group {
        name: "redis_store",
        settings: &[
            both(
                "prefix",
                "prefix",
                Kind::Text,
                "\"sealwire:replay:\"",
                "The start of every key in the store.",
            ),
            both("timeout", "timeoutMs", Kind::Timeout, "0.5 s", "How long a claim waits for the server."),
            both("near", "near", TABLE, "a heap table", "A local table in front of the server."),
            both(
                "fall_back",
                "fallBack",
                Kind::Flag,
                "false",
                "Claims in the local table while the server is silent.",
            ),
            both(
                "allow_eviction",
                "allowEviction",
                Kind::Flag,
                "false",
                "Accepts a server whose `maxmemory-policy` evicts nonces.",
            ),
            both(
                "metrics",
                "metrics",
                Kind::Unchecked("a Metrics object"),
                "none",
                "Counts claims and failures.",
            ),
            node("onError", Kind::Unchecked("a function (error)"), "none", "Receives each failure."),
        ],
    },
    Group {
        name: "reloader",
        settings: &[
            node(
                "path",
                Kind::Unchecked("a file path, or a list of them"),
                "none",
                "Files whose change causes a reload.",
            ),
            node(
                "everyMs",
                Kind::Count("milliseconds", 1, 2_147_483_647),
                "none",
                "The interval of unconditional reloads; needed for secret stores.",
            ),
            node(
                "lookEveryMs",
                Kind::Count("milliseconds", 1, 2_147_483_647),
                "1000",
                "The interval at which files are checked for changes.",
            ),
            node("signal", Kind::Text, "none", "A signal that causes a reload."),
            node(
                "logger",
                Kind::Unchecked("a logger with the methods info and error"),
                "console",
                "Receives the result of each reload.",
            ),
        ],
    },
    Group {
        name: "modes",
        settings: &[
            both("mode", "mode", MODE, "\"enforce\"", "The service's mode."),
            both(
                "senders",
                "senders",
                Kind::Unchecked("a mapping of sender names to modes"),
                "{}",
                "Modes of single senders.",
            ),
            both("observe_only", "observeOnly", Kind::Flag, "false", "Turns every `enforce` into `observe`."),
        ],
    },
];

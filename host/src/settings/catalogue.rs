//! The settings of all languages.
//!
//! Each line has the form `python_name | nodeName: kind, default, documentation;`. If a setting does not
//! exist in a language, its name in that language is `-`.

/// Creates a constant slice of settings from lines in this form.
macro_rules! settings {
    ($($python:tt | $node:tt: $kind:expr, $default:expr, $doc:literal;)*) => {
        &[$($crate::settings::Setting {
            python: settings!(@name $python),
            node: settings!(@name $node),
            kind: $kind,
            default: $default,
            // The WebAssembly module omits the documentation to reduce its size.
            doc: if cfg!(feature = "os") { $doc } else { "" },
        }),*]
    };
    (@name -) => { None };
    (@name $name:ident) => { Some(stringify!($name)) };
}

mod clients;
mod gateway;
mod keys;
mod servers;
mod stores;

use super::{Group, Kind, Shape};

/// All groups of settings. Bindings pass the name of a group to `check`.
pub const GROUPS: &[Group] = &[
    Group { name: "server", parts: &[servers::SERVER, servers::VERIFIER_OF_A_SERVER, servers::VERIFIER] },
    Group {
        name: "compat_server",
        parts: &[servers::SERVER, servers::VERIFIER_OF_COMPAT, servers::VERIFIER],
    },
    Group { name: "verifier", parts: &[servers::OWN_VERIFIER, servers::VERIFIER] },
    Group { name: "sender", parts: &[servers::SENDER] },
    Group { name: "modes", parts: &[servers::MODES] },
    Group { name: "client", parts: &[clients::CLIENT, clients::SIGNING] },
    Group { name: "signed_fetch", parts: &[clients::SIGNING, clients::FETCH] },
    Group { name: "signed_dispatcher", parts: &[clients::SIGNING, clients::DISPATCHER] },
    Group { name: "test_client", parts: &[clients::TEST_CLIENT] },
    Group { name: "credentials", parts: &[clients::CREDENTIALS] },
    Group { name: "signer", parts: &[clients::SIGNER] },
    Group { name: "key_ring", parts: &[keys::KEY_RING] },
    Group { name: "key_ring_from_env", parts: &[keys::FROM_ENV] },
    Group { name: "key_versions", parts: &[keys::VERSIONS] },
    Group { name: "load", parts: &[keys::LOAD] },
    Group { name: "load_dotenv", parts: &[keys::LOAD_DOTENV] },
    Group { name: "load_modes", parts: &[keys::LOAD_MODES] },
    Group { name: "vault", parts: &[keys::VAULT] },
    Group { name: "google", parts: &[keys::GOOGLE] },
    Group { name: "metrics", parts: &[keys::METRICS] },
    Group { name: "watch", parts: &[keys::WATCH] },
    Group { name: "reload_metrics", parts: &[keys::RELOAD_METRICS] },
    Group { name: "token", parts: &[keys::TOKEN] },
    Group { name: "role", parts: &[keys::ROLE] },
    Group { name: "token_check", parts: &[keys::TOKEN_CHECK] },
    Group { name: "modes_log", parts: &[keys::MODES_LOG] },
    Group { name: "reloader", parts: &[keys::RELOADER] },
    Group { name: "gateway", parts: &[gateway::GATEWAY] },
    Group { name: "gateway_server", parts: &[gateway::SERVER] },
    Group { name: "gateway_service", parts: &[gateway::SERVICE] },
    Group { name: "gateway_ssl", parts: &[gateway::SSL] },
    Group { name: "gateway_hmac", parts: &[gateway::HMAC] },
    Group { name: "replay_table", parts: &[stores::TABLE, stores::HEAP] },
    Group { name: "replay_file", parts: &[stores::TABLE, stores::FILE] },
    Group { name: "redis_store", parts: &[stores::REDIS] },
];

const SCHEMES: Kind = Kind::Choices(&["message", "pairwise", "client"]);
const MODE_WORDS: &[&str] = &["off", "observe", "enforce"];
const MODE: Kind = Kind::Choice(MODE_WORDS);
const SECRET: Kind = Kind::Opaque("a string or bytes", &[Shape::Text, Shape::Instance]);
const FILE_PATH: Kind = Kind::Opaque("a file path", &[Shape::Text, Shape::Instance]);
const KEYS: Kind = object("a KeyRing", &["KeyRing"], &[]);

const CLOCK: Kind = function("a function that returns the Unix time in milliseconds");

const fn mapping(what: &'static str) -> Kind {
    Kind::Opaque(what, &[Shape::Map])
}

const fn function(what: &'static str) -> Kind {
    Kind::Opaque(what, &[Shape::Function])
}

/// Returns a kind that accepts instances of any class in `classes`, and objects with all methods in
/// `methods`.
const fn object(
    what: &'static str,
    classes: &'static [&'static str],
    methods: &'static [&'static str],
) -> Kind {
    Kind::Object { what, classes, methods, words: &[] }
}

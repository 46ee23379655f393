//! The catalogue of all settings in all languages.
//!
//! A row has the form `python_name | nodeName: kind, default, documentation;`. The name is `-` if a language
//! does not have the setting.

/// Creates a constant slice of settings from rows.
macro_rules! settings {
    ($($python:tt | $node:tt: $kind:expr, $default:expr, $doc:literal;)*) => {
        &[$($crate::settings::Setting {
            python: settings!(@name $python),
            node: settings!(@name $node),
            kind: $kind,
            default: $default,
            doc: $doc,
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

use super::{Group, Kind};

/// All groups, with the names that bindings use.
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
    Group { name: "credentials", parts: &[clients::CREDENTIALS] },
    Group { name: "signer", parts: &[clients::SIGNER] },
    Group { name: "key_ring", parts: &[keys::KEY_RING] },
    Group { name: "key_ring_from_env", parts: &[keys::FROM_ENV] },
    Group { name: "key_versions", parts: &[keys::VERSIONS] },
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
const MODE: Kind = Kind::Choice(&["off", "observe", "enforce"]);
const KEYS: Kind = object("a KeyRing", &["KeyRing"], &[]);

/// Returns the kind for instances of these classes and for objects with all of these methods.
const fn object(
    what: &'static str,
    classes: &'static [&'static str],
    methods: &'static [&'static str],
) -> Kind {
    Kind::Object { what, classes, methods, words: &[] }
}

//! The authorities of a service. An authority is a host with an optional port.

use super::list::{List, MAX_POLICY_TEXT_BYTES};
use crate::bytes::text::Text;
use crate::wire::authority::without_default_port;
use crate::wire::request::Request;

/// The maximum length of a URL scheme in a policy, in bytes.
pub const SCHEME_BYTES: usize = 8;

/// The authorities of a service.
#[derive(Clone, Debug, Default)]
pub enum Authorities {
    /// No authorities are configured. `message` requests must then be signed with a pair key, which
    /// identifies the receiver.
    #[default]
    Unset,
    /// All authorities are accepted.
    Any,
    /// Only the listed authorities are accepted.
    Listed(List<Authority>),
}

/// An authority of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The URL scheme, which is `https` or `http`. If the scheme is empty, both schemes are accepted.
    pub scheme: Text<SCHEME_BYTES>,
    /// The host and the port. The port is omitted if it is the default port of the scheme.
    pub host: Text<MAX_POLICY_TEXT_BYTES>,
}

impl Authority {
    pub(super) fn is_of(&self, request: &Request<'_>) -> bool {
        let scheme = self.scheme.as_str().as_bytes();
        let host = |authority| without_default_port(authority, request.scheme);
        (scheme.is_empty() || scheme.eq_ignore_ascii_case(request.scheme))
            && host(self.host.as_str().as_bytes()).eq_ignore_ascii_case(host(request.authority))
    }
}

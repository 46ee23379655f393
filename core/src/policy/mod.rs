//! The policy: the requirements of a service for requests.

pub(crate) mod authorities;
pub(crate) mod list;
pub(crate) mod mode;
pub(crate) mod route;
pub(crate) mod window;

use crate::bytes::text::Text;
use crate::wire::grammar::{MAX_ID_BYTES, MAX_SERVICE_NAME_BYTES, canonical_name};
use crate::wire::path::is_unambiguous;
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;
use authorities::{Authorities, SCHEME_BYTES};
use list::{List, MAX_POLICY_TEXT_BYTES};
use mode::{Mode, Modes};
use route::Route;
use window::Window;

/// The requirements of a service for the requests it verifies.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The name of this service: the receiver in `pairwise` signatures and in `message` key ids. Empty if the
    /// service accepts only client keys.
    pub service: Text<MAX_SERVICE_NAME_BYTES>,
    /// The accepted schemes in order of preference. Only the first scheme that is present on a request is
    /// checked, so a request that fails a strong scheme is never accepted by a weaker one.
    pub schemes: AcceptedSchemes,
    /// The time window for `message`.
    pub message_window: Window,
    /// The time window for `pairwise`.
    pub pairwise_window: Window,
    /// The time window for `client`.
    pub client_window: Window,
    /// The modes, which determine the effect of a rejection.
    pub modes: Modes,
    /// The maximum size of a body in bytes.
    pub max_body_bytes: u64,
    /// Whether the identity contains `X-User-ID` under `pairwise`, which does not sign the header.
    pub trust_unsigned_user_id: bool,
    /// Whether `pairwise` signatures are claimed as nonces. Off by default, because services may legitimately
    /// send two equal requests in one second.
    pub claim_pairwise: bool,
    /// Whether `message` signatures must cover `@authority`. Disable it behind proxies that rewrite the
    /// authority.
    pub require_authority: bool,
    /// The authorities of this service. Under `message` they are compared with the covered authority.
    pub authorities: Authorities,
    /// The URL scheme used by senders if a proxy terminates TLS: `https` or `http`. If empty, the scheme
    /// reported by the server is used.
    pub scheme: Text<SCHEME_BYTES>,
    /// Header fields, in lower case, that `message` signatures must cover if the request has them.
    pub require_fields: List<Text<MAX_POLICY_TEXT_BYTES>>,
    /// Whether senders without an entry in `senders` are rejected.
    pub listed_senders_only: bool,
    /// Rules for single senders.
    pub senders: List<SenderPolicy>,
    /// The share of the replay table that one sender may use, in millionths. Applies if two or more senders
    /// have keys.
    pub max_sender_share_ppm: u32,
    /// Paths that need no signature. An entry that ends with `*` is a prefix.
    pub exempt_paths: List<Text<MAX_POLICY_TEXT_BYTES>>,
    /// The path where the application is mounted. Empty if it is not mounted.
    pub root_path: Text<MAX_POLICY_TEXT_BYTES>,
}

/// Half of the table.
const DEFAULT_SENDER_SHARE_PPM: u32 = WHOLE_PPM / 2;
/// The complete table, which means no limit.
pub const WHOLE_PPM: u32 = 1_000_000;

/// The accepted schemes in order of preference.
pub type AcceptedSchemes = [Option<Scheme>; 3];

/// Rules for one sender.
#[derive(Clone, Debug)]
pub struct SenderPolicy {
    /// The name of the sender, with or without the suffix `_service`.
    pub name: Text<MAX_ID_BYTES>,
    /// The allowed methods in upper case. Empty if all methods are allowed.
    pub methods: List<Text<32>>,
    /// The allowed path prefixes; each includes all paths below it. Empty if all paths are allowed.
    pub path_prefixes: List<Text<MAX_POLICY_TEXT_BYTES>>,
}

impl Policy {
    /// Returns the default policy of a service: only `message`, mode `enforce`, bodies up to 1 MiB.
    #[must_use]
    pub fn new(service: Text<MAX_SERVICE_NAME_BYTES>) -> Self {
        Self {
            service,
            schemes: [Some(Scheme::Message), None, None],
            message_window: Window::DEFAULT,
            pairwise_window: Window::DEFAULT,
            client_window: Window::SYMMETRIC,
            modes: Modes::default(),
            max_body_bytes: 1 << 20,
            trust_unsigned_user_id: false,
            claim_pairwise: false,
            require_authority: true,
            authorities: Authorities::Unset,
            scheme: Text::EMPTY,
            require_fields: List::default(),
            listed_senders_only: false,
            senders: List::default(),
            max_sender_share_ppm: DEFAULT_SENDER_SHARE_PPM,
            exempt_paths: List::default(),
            root_path: Text::EMPTY,
        }
    }

    /// Returns the maximum lifetime of a nonce in any accepted scheme, in seconds.
    #[must_use]
    pub fn longest_window_s(&self) -> u64 {
        let windows = self.schemes.into_iter().flatten().map(|scheme| self.window(scheme));
        windows
            .map(|window| window.past_ms.saturating_add(window.future_ms).div_ceil(1000))
            .max()
            .unwrap_or_default()
    }

    /// Returns the time window of a scheme.
    #[must_use]
    pub const fn window(&self, scheme: Scheme) -> Window {
        match scheme {
            Scheme::Message => self.message_window,
            Scheme::Pairwise => self.pairwise_window,
            Scheme::Client => self.client_window,
        }
    }

    /// Returns the mode for requests with this claimed sender. `sender` is empty if the request contains no
    /// sender.
    #[must_use]
    pub fn mode_for(&self, sender: &str) -> Mode {
        self.modes.of(sender)
    }

    /// Returns `true` if a `message` request is intended for this service. The key of a pair identifies the
    /// receiver. The key of a client does not, so such requests require configured authorities.
    pub(crate) fn serves(&self, request: &Request<'_>, names_receiver: bool) -> bool {
        match &self.authorities {
            Authorities::Unset => names_receiver,
            Authorities::Any => true,
            Authorities::Listed(listed) => listed.iter().any(|authority| authority.is_of(request)),
        }
    }

    /// Returns the request with the URL scheme that the sender used.
    pub(crate) fn as_sent<'r>(&'r self, request: &Request<'r>) -> Request<'r> {
        let scheme = self.scheme.as_str().as_bytes();
        if scheme.is_empty() { *request } else { Request { scheme, ..*request } }
    }

    /// Returns `true` if the methods or paths of this sender are restricted.
    pub(crate) fn restricts(&self, sender: &str) -> bool {
        self.sender(sender)
            .is_some_and(|policy| !policy.methods.is_empty() || !policy.path_prefixes.is_empty())
    }

    /// Returns `true` if a request needs no signature: its route is exempt and no header overrides the method
    /// or path.
    #[must_use]
    pub fn exempts_request(&self, request: &Request<'_>, route: Route<'_>) -> bool {
        self.exempts(route) && request.overrides().next().is_none()
    }

    /// Returns the route that exemptions and path rules apply to. `path` is the routed path. `reported_root`
    /// is the root path reported by the server (`root_path` or `SCRIPT_NAME`), or empty. A root path other
    /// than [`Policy::root_path`] results in [`Route::UnknownRoot`].
    #[must_use]
    pub fn route<'p>(&self, path: &'p [u8], reported_root: &[u8]) -> Route<'p> {
        Route::below(path, reported_root, self.root_path.as_str().as_bytes())
    }

    /// Returns `true` if a path needs no signature. Ambiguous paths always need a signature.
    #[must_use]
    pub fn is_exempt(&self, path: &[u8]) -> bool {
        self.exempts(Route::Path(path))
    }

    /// Like [`Policy::is_exempt`], for a route from [`Policy::route`].
    #[must_use]
    pub fn exempts(&self, route: Route<'_>) -> bool {
        let listed = |path: &[u8]| {
            self.exempt_paths.iter().any(|exempt| match exempt.as_str().strip_suffix('*') {
                Some(prefix) => path.starts_with(prefix.as_bytes()),
                None => path == exempt.as_str().as_bytes(),
            })
        };
        route.path().is_some_and(|path| listed(path) && is_unambiguous(path))
    }

    /// Returns `true` if the sender may call this method and route.
    pub(crate) fn allows(&self, sender: &str, method: &[u8], route: Route<'_>) -> bool {
        self.sender(sender).map_or(!self.listed_senders_only, |policy| policy.allows(method, route))
    }

    fn sender(&self, name: &str) -> Option<&SenderPolicy> {
        let name = canonical_name(name);
        self.senders.iter().find(|policy| canonical_name(policy.name.as_str()) == name)
    }
}

impl SenderPolicy {
    fn allows(&self, method: &[u8], route: Route<'_>) -> bool {
        let listed = |method: &[u8]| self.methods.iter().any(|allowed| allowed.as_str().as_bytes() == method);
        let is_covered = |path: &[u8]| {
            let under = |prefix: &str| is_under(path, prefix.trim_end_matches('/').as_bytes());
            is_unambiguous(path) && self.path_prefixes.iter().any(|prefix| under(prefix.as_str()))
        };
        (self.methods.is_empty() || listed(method))
            && (self.path_prefixes.is_empty() || route.path().is_some_and(is_covered))
    }
}

/// Returns `true` if a path is equal to `prefix` or below it: `/api` includes `/api/users`, but not `/apis`.
fn is_under(path: &[u8], prefix: &[u8]) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

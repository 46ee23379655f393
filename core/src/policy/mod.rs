//! The policy of a service: its requirements for the requests that it verifies.

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

/// The requirements of a service for the requests that it verifies.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The name of this service. The service is the receiver in `pairwise` signatures and in `message` key
    /// ids. The name is empty if the service accepts only client keys.
    pub service: Text<MAX_SERVICE_NAME_BYTES>,
    /// The accepted schemes in order of preference. Only the first scheme that a request uses is checked. A
    /// request that fails a strong scheme is therefore never accepted because of a weaker scheme.
    pub schemes: AcceptedSchemes,
    /// The time window for `message`.
    pub message_window: Window,
    /// The time window for `pairwise`.
    pub pairwise_window: Window,
    /// The time window for `client`.
    pub client_window: Window,
    /// The mode of the service, and the modes of individual senders. A mode determines the effect of a
    /// rejection.
    pub modes: Modes,
    /// The maximum size of a body in bytes.
    pub max_body_bytes: u64,
    /// Whether the verified identity for `pairwise` requests includes the user id from the `X-User-ID`
    /// header, which the `pairwise` scheme does not sign.
    pub trust_unsigned_user_id: bool,
    /// Whether the signature of a `pairwise` request is used as its nonce. The default is `false`, because a
    /// service may send the same request twice in one second, and both then have the same signature.
    pub claim_pairwise: bool,
    /// Whether `message` signatures must cover `@authority`. Disable this requirement behind proxies that
    /// rewrite the authority.
    pub require_authority: bool,
    /// The authorities of this service. The signed authority of a `message` request must be one of them.
    pub authorities: Authorities,
    /// The URL scheme that senders use, `https` or `http`. Set this field if a proxy terminates TLS. If the
    /// field is empty, the scheme that the server reports is used.
    pub scheme: Text<SCHEME_BYTES>,
    /// The lower-case names of header fields that a `message` signature must cover if the request contains
    /// them.
    pub require_fields: List<Text<MAX_POLICY_TEXT_BYTES>>,
    /// Whether requests from senders without an entry in `senders` are rejected.
    pub listed_senders_only: bool,
    /// The rules for individual senders.
    pub senders: List<SenderPolicy>,
    /// The fraction of the replay table that one sender may use, in millionths. The limit applies only if two
    /// or more senders have keys.
    pub max_sender_share_ppm: u32,
    /// The paths that require no signature. An entry that ends with `*` matches all paths with this prefix.
    pub exempt_paths: List<Text<MAX_POLICY_TEXT_BYTES>>,
    /// The path under which the application is mounted, or empty if it is mounted at the root.
    pub root_path: Text<MAX_POLICY_TEXT_BYTES>,
}

/// The default value of [`Policy::max_sender_share_ppm`], half of the table.
const DEFAULT_SENDER_SHARE_PPM: u32 = WHOLE_PPM / 2;
/// The value of [`Policy::max_sender_share_ppm`] that stands for the complete table, which disables the
/// limit.
pub const WHOLE_PPM: u32 = 1_000_000;

/// The accepted schemes in order of preference.
pub type AcceptedSchemes = [Option<Scheme>; 3];

/// The rules for one sender.
#[derive(Clone, Debug)]
pub struct SenderPolicy {
    /// The name of the sender, with or without the suffix `_service`.
    pub name: Text<MAX_ID_BYTES>,
    /// The allowed methods, in upper case. If the list is empty, all methods are allowed.
    pub methods: List<Text<32>>,
    /// The allowed path prefixes. A prefix includes all paths below it. If the list is empty, all paths are
    /// allowed.
    pub path_prefixes: List<Text<MAX_POLICY_TEXT_BYTES>>,
}

impl Policy {
    /// Returns the default policy of a service. It accepts only `message` requests with bodies of at most
    /// 1 MiB, and its mode is `enforce`.
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
        let longest_ms = windows.map(|window| window.past_ms.saturating_add(window.future_ms)).max();
        longest_ms.unwrap_or_default().div_ceil(1000)
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

    /// Returns the mode for requests that claim to be from this sender. `sender` is empty if the request
    /// contains no sender.
    #[must_use]
    pub fn mode_for(&self, sender: &str) -> Mode {
        self.modes.of(sender)
    }

    /// Returns `true` if a `message` request is intended for this service. A pair key identifies the
    /// receiver, but a client key does not. For client keys, the policy must therefore contain authorities.
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

    /// Returns `true` if a request requires no signature. The route must be exempt, and no header may
    /// override the method or path.
    #[must_use]
    pub fn exempts_request(&self, request: &Request<'_>, route: Route<'_>) -> bool {
        self.exempts(route) && request.overrides().next().is_none()
    }

    /// Returns the route to compare with exempt paths and path rules. `path` is the path that the application
    /// uses for routing. `reported_root` is the root path that the server reports (`root_path` or
    /// `SCRIPT_NAME`), or empty. If the reported root differs from [`Policy::root_path`], the result is
    /// [`Route::UnknownRoot`].
    #[must_use]
    pub fn route<'p>(&self, path: &'p [u8], reported_root: &[u8]) -> Route<'p> {
        Route::below(path, reported_root, self.root_path.as_str().as_bytes())
    }

    /// Returns `true` if a path requires no signature. Ambiguous paths always require a signature.
    #[must_use]
    pub fn is_exempt(&self, path: &[u8]) -> bool {
        self.exempts(Route::Path(path))
    }

    /// Like [`Policy::is_exempt`], but for a route returned by [`Policy::route`].
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

/// Returns `true` if a path equals `prefix` or is below it. For example, the prefix `/api` includes
/// `/api/users`, but not `/apis`.
fn is_under(path: &[u8], prefix: &[u8]) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

//! The requirements of a service for the requests it verifies.

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
    /// This service's own name: the receiver that `pairwise` signs and `message` key ids name. Empty where only
    /// client keys are used.
    pub service: Text<MAX_SERVICE_NAME_BYTES>,
    /// The accepted schemes. The first listed scheme that is present on a request is checked, and no other, so
    /// a request is never accepted by a weaker scheme because a stronger one failed.
    pub schemes: AcceptedSchemes,
    /// The window of `message`.
    pub message_window: Window,
    /// The window of `pairwise`.
    pub pairwise_window: Window,
    /// The window of `client`.
    pub client_window: Window,
    /// The effect of a rejection.
    pub modes: Modes,
    /// The most body bytes read.
    pub max_body_bytes: u64,
    /// Whether `X-User-ID` is believed under `pairwise`, which does not sign it.
    pub trust_unsigned_user_id: bool,
    /// Whether `pairwise` signatures are claimed as nonces. Off by default: two equal requests in one second are
    /// legitimate there.
    pub claim_pairwise: bool,
    /// Whether `message` signatures must cover `@authority`; off behind proxies that rewrite it.
    pub require_authority: bool,
    /// The authorities that this service serves, compared with the covered authority under `message`.
    pub authorities: Authorities,
    /// The scheme that senders use, where a proxy ends TLS: `https` or `http`. If empty, the one that the server reports.
    pub scheme: Text<SCHEME_BYTES>,
    /// Header fields that `message` signatures must cover when they are sent, in lower case.
    pub require_fields: List<Text<MAX_POLICY_TEXT_BYTES>>,
    /// Whether senders without an entry in `senders` are refused.
    pub listed_senders_only: bool,
    /// Senders with rules of their own.
    pub senders: List<SenderPolicy>,
    /// The part of the replay table that one sender may use, in millionths, where two senders or more are known.
    pub max_sender_share_ppm: u32,
    /// Paths that need no signature: exact, or a prefix when they end in `*`.
    pub exempt_paths: List<Text<MAX_POLICY_TEXT_BYTES>>,
    /// The path that the application is mounted at; empty when it is not mounted.
    pub root_path: Text<MAX_POLICY_TEXT_BYTES>,
}

/// Half of the table.
const DEFAULT_SENDER_SHARE_PPM: u32 = WHOLE_PPM / 2;
/// All of the table: no limit.
pub const WHOLE_PPM: u32 = 1_000_000;

/// Schemes in order of preference.
pub type AcceptedSchemes = [Option<Scheme>; 3];

/// Rules for one sender.
#[derive(Clone, Debug)]
pub struct SenderPolicy {
    /// The sender, in either form of its name.
    pub name: Text<MAX_ID_BYTES>,
    /// The methods it may use, upper-case; empty for all.
    pub methods: List<Text<32>>,
    /// The paths it may call, each with all below it; empty for all.
    pub path_prefixes: List<Text<MAX_POLICY_TEXT_BYTES>>,
}

impl Policy {
    /// The safe defaults for a service of this name: `message` only, enforced, bodies up to 1 MiB.
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

    /// How long a nonce may live at most, in seconds, in any scheme accepted.
    #[must_use]
    pub fn longest_window_s(&self) -> u64 {
        let windows = self.schemes.into_iter().flatten().map(|scheme| self.window(scheme));
        windows
            .map(|window| window.past_ms.saturating_add(window.future_ms).div_ceil(1000))
            .max()
            .unwrap_or_default()
    }

    /// The window of a scheme.
    #[must_use]
    pub const fn window(&self, scheme: Scheme) -> Window {
        match scheme {
            Scheme::Message => self.message_window,
            Scheme::Pairwise => self.pairwise_window,
            Scheme::Client => self.client_window,
        }
    }

    /// The mode for requests that claim this sender; empty when none is claimed.
    #[must_use]
    pub fn mode_for(&self, sender: &str) -> Mode {
        self.modes.of(sender)
    }

    /// Whether a `message` request is for this service. The key of a pair names the receiver; the key of a client does not, so
    /// such a request is served only where authorities are set.
    pub(crate) fn serves(&self, request: &Request<'_>, names_receiver: bool) -> bool {
        match &self.authorities {
            Authorities::Unset => names_receiver,
            Authorities::Any => true,
            Authorities::Listed(listed) => listed.iter().any(|authority| authority.is_of(request)),
        }
    }

    /// The request with the scheme that its sender used.
    pub(crate) fn as_sent<'r>(&'r self, request: &Request<'r>) -> Request<'r> {
        let scheme = self.scheme.as_str().as_bytes();
        if scheme.is_empty() { *request } else { Request { scheme, ..*request } }
    }

    /// Whether the methods or paths of this sender are restricted.
    pub(crate) fn restricts(&self, sender: &str) -> bool {
        self.sender(sender)
            .is_some_and(|policy| !policy.methods.is_empty() || !policy.path_prefixes.is_empty())
    }

    /// Whether a request needs no signature: its route is exempt, and no header replaces method or path.
    #[must_use]
    pub fn exempts_request(&self, request: &Request<'_>, route: Route<'_>) -> bool {
        self.exempts(route) && request.overrides().next().is_none()
    }

    /// The path to judge a request by: `path` is the path as routed, `reported_root` the root path that the server reports
    /// (`root_path`, `SCRIPT_NAME`; empty if none). A root path counts only if it is [`Policy::root_path`].
    #[must_use]
    pub fn route<'p>(&self, path: &'p [u8], reported_root: &[u8]) -> Route<'p> {
        Route::below(path, reported_root, self.root_path.as_str().as_bytes())
    }

    /// Whether a path needs no signature. An ambiguous path always needs one.
    #[must_use]
    pub fn is_exempt(&self, path: &[u8]) -> bool {
        self.exempts(Route::Path(path))
    }

    /// As [`Policy::is_exempt`], for the result of [`Policy::route`].
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

    /// Whether this sender may call this method and route.
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

/// Whether a path is `prefix` or below it: `/api` covers `/api/users`, not `/apis`.
fn is_under(path: &[u8], prefix: &[u8]) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

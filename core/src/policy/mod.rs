//! The requirements of a service for the requests it verifies.

pub(crate) mod mode;
pub(crate) mod window;

use crate::bytes::text::Text;
use crate::wire::grammar::{MAX_ID_BYTES, MAX_SERVICE_NAME_BYTES, canonical_name, is_plain_path};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;
use mode::{List, Mode, Modes};
use window::Window;

/// The longest path or header name in a policy.
pub const MAX_POLICY_TEXT_BYTES: usize = 256;

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
            require_fields: List::default(),
            listed_senders_only: false,
            senders: List::default(),
            max_sender_share_ppm: DEFAULT_SENDER_SHARE_PPM,
            exempt_paths: List::default(),
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

    /// Whether a path, as on the wire, needs no signature. A prefix exempts only paths that every server reads alike:
    /// none with dot segments, doubled or encoded slashes.
    #[must_use]
    pub fn is_exempt(&self, path: &[u8]) -> bool {
        self.exempt_paths.iter().any(|exempt| match exempt.as_str().strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix.as_bytes()) && is_plain_path(path),
            None => path == exempt.as_str().as_bytes(),
        })
    }

    /// Whether this sender may use this method and path.
    pub(crate) fn allows(&self, sender: &str, request: &Request<'_>) -> bool {
        let policy = self.sender(sender);
        policy.map_or(!self.listed_senders_only, |policy| policy.allows(request.method, request.path()))
    }

    fn sender(&self, name: &str) -> Option<&SenderPolicy> {
        let name = canonical_name(name);
        self.senders.iter().find(|policy| canonical_name(policy.name.as_str()) == name)
    }
}

impl SenderPolicy {
    fn allows(&self, method: &[u8], path: &[u8]) -> bool {
        let listed = |method: &[u8]| self.methods.iter().any(|allowed| allowed.as_str().as_bytes() == method);
        let under = |prefix: &str| is_under(path, prefix.trim_end_matches('/').as_bytes());
        (self.methods.is_empty() || listed(method))
            && (self.path_prefixes.is_empty()
                || (is_plain_path(path) && self.path_prefixes.iter().any(|prefix| under(prefix.as_str()))))
    }
}

/// Whether a path is `prefix` or below it: `/api` covers `/api/users`, not `/apis`.
fn is_under(path: &[u8], prefix: &[u8]) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

//! The modes of a service, which determine the effect of a rejection.

use super::list::List;
use crate::bytes::text::Text;
use crate::wire::grammar::{MAX_ID_BYTES, canonical_name};

/// The effect of a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// Requests that fail verification are accepted. They are not counted or logged.
    Off,
    /// Requests that fail verification are accepted without an identity, and they are counted and logged.
    Observe,
    /// Requests that fail verification receive an error response.
    #[default]
    Enforce,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Off, Self::Observe, Self::Enforce];

    /// Returns the name that settings and logs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Observe => "observe",
            Self::Enforce => "enforce",
        }
    }

    /// Returns the mode with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// The mode of a service, with exceptions for individual senders.
///
/// The mode is selected by the sender name in the request, which is not authenticated. Any client can
/// therefore use the name of a sender whose mode is `observe`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// The mode of the service.
    pub service: Mode,
    /// The modes of individual senders. Names can have the suffix `_service`.
    pub senders: List<(Text<MAX_ID_BYTES>, Mode)>,
}

impl Modes {
    /// Returns the mode for requests that claim to be from this sender. `sender` is empty if the request
    /// contains no sender.
    #[must_use]
    pub fn of(&self, sender: &str) -> Mode {
        let sender = canonical_name(sender);
        let own = self.senders.iter().find(|(name, _)| canonical_name(name.as_str()) == sender);
        own.map_or(self.service, |(_, mode)| *mode)
    }

    /// Changes each `enforce` to `observe`. Operators do this to roll back the enforcement.
    pub fn observe_only(&mut self) {
        let own = self.senders.iter_mut().map(|(_, mode)| mode);
        for mode in own.chain(core::iter::once(&mut self.service)) {
            if *mode == Mode::Enforce {
                *mode = Mode::Observe;
            }
        }
    }
}

//! Modes: what happens to a rejected request.

use super::list::List;
use crate::bytes::text::Text;
use crate::wire::grammar::{MAX_ID_BYTES, canonical_name};

/// The effect of a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// It passes, unseen.
    Off,
    /// It passes, is counted and logged, and carries no identity.
    Observe,
    /// The request is refused.
    #[default]
    Enforce,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Off, Self::Observe, Self::Enforce];

    /// The name used in configurations and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Observe => "observe",
            Self::Enforce => "enforce",
        }
    }

    /// The mode of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// The mode of a service, and the modes of single senders that replace it.
///
/// The mode of a sender applies to the claimed name, so anyone can use the name of an observed sender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// The service's.
    pub service: Mode,
    /// Those of single senders, in either form of their names.
    pub senders: List<(Text<MAX_ID_BYTES>, Mode)>,
}

impl Modes {
    /// The mode for requests that claim this sender; empty when none is claimed.
    #[must_use]
    pub fn of(&self, sender: &str) -> Mode {
        let sender = canonical_name(sender);
        let own = self.senders.iter().find(|(name, _)| canonical_name(name.as_str()) == sender);
        own.map_or(self.service, |(_, mode)| *mode)
    }

    /// Turns every `enforce` into `observe`: the rollback.
    pub fn observe_only(&mut self) {
        let own = self.senders.iter_mut().map(|(_, mode)| mode);
        for mode in own.chain(core::iter::once(&mut self.service)) {
            if *mode == Mode::Enforce {
                *mode = Mode::Observe;
            }
        }
    }
}

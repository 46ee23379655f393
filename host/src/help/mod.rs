//! The cause and the fix for each rejection reason and each start-up error. The pages in `docs/reasons` and
//! `docs/errors` are generated from these texts.
//!
//! The error messages of the bindings contain links to these pages.

mod reasons;
mod startup;

pub use reasons::help_for;
pub use startup::{STARTUP_ERRORS, StartupError, startup_error};

use sealwire_core::Reason;

/// The URL of the documentation directory in the repository.
const DOCUMENTS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// The cause and the fix of a problem, in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// The cause, as a clause without a full stop.
    pub cause: &'static str,
    /// The usual fix, in a few words.
    pub remedy: &'static str,
    /// The steps to fix the problem.
    pub fix: &'static [&'static str],
}

/// Returns the URL of the page that explains a reason.
#[must_use]
pub fn reason_url(reason: Reason) -> String {
    format!("{DOCUMENTS}reasons/{reason}.md")
}

/// Returns the URL of the page that explains the start-up error with this message.
#[must_use]
pub fn startup_url(message: &str) -> String {
    format!("{DOCUMENTS}errors/{}.md", startup_error(message).name)
}

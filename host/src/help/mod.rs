//! Cause and fix of each rejection and each start-up error, from which their pages are generated.
//!
//! Bindings link error messages to the pages. This module needs no operating system.

mod reasons;
mod startup;

pub use reasons::help_for;
pub use startup::{STARTUP_ERRORS, StartupError, startup_error};

use sealwire_core::Reason;

/// The folder of the pages in the repository.
const DOCUMENTS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// The cause and the fix of a problem, in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// The cause, as a clause without a full stop.
    pub cause: &'static str,
    /// The usual remedy, in a few words.
    pub remedy: &'static str,
    /// How to fix the problem, step by step.
    pub fix: &'static [&'static str],
}

/// Returns the address of the page of a reason.
#[must_use]
pub fn reason_url(reason: Reason) -> String {
    format!("{DOCUMENTS}reasons/{reason}.md")
}

/// Returns the address of the page of a start-up error, found by its message.
#[must_use]
pub fn startup_url(message: &str) -> String {
    format!("{DOCUMENTS}errors/{}.md", startup_error(message).name)
}

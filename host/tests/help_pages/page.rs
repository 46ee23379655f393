//! Generates the help pages in Markdown.

use std::collections::BTreeMap;

use sealwire_core::Reason;
use sealwire_host::help::{Help, STARTUP_ERRORS, help_for};

const GENERATED: &str = "<!-- Generated from host/src/help. -->";

/// Returns the page for each reason, by the name of the reason.
pub(crate) fn reasons() -> BTreeMap<String, String> {
    Reason::ALL.into_iter().map(|reason| (reason.name().to_owned(), reason_page(reason))).collect()
}

fn reason_page(reason: Reason) -> String {
    let help = help_for(reason);
    let temporary =
        if reason.http_status() == 503 { "yes, after a moment, with a new signature" } else { "no" };
    format!(
        "{GENERATED}\n\n# `{reason}`\n\n| number | HTTP status | try again |\n|---:|---:|---|\n| {} | {} | {temporary} |\n\n{}\
         [`sealwire explain`](../operations.md#explain-a-rejection) finds the cause from a captured request. \
         All reasons: [rejection reasons](../reasons.md).\n",
        reason.number(),
        reason.http_status(),
        cause_and_fix(help),
    )
}

/// Returns the page for each start-up error, by the name of the error.
pub(crate) fn errors() -> BTreeMap<String, String> {
    let page = |error: &sealwire_host::help::StartupError| {
        let parts: Vec<_> = error.messages.iter().filter(|part| !part.is_empty()).collect();
        let shown: String = parts.iter().map(|part| format!("- `{part}`\n")).collect();
        let messages = if parts.is_empty() {
            String::new()
        } else {
            format!("The error message contains one of:\n\n{shown}\n")
        };
        format!(
            "{GENERATED}\n\n# Start-up error `{}`\n\n{messages}{}All start-up errors: [list](../errors.md).\n",
            error.name,
            cause_and_fix(error.help),
        )
    };
    STARTUP_ERRORS.iter().map(|error| (error.name.to_owned(), page(error))).collect()
}

fn cause_and_fix(help: Help) -> String {
    let fix: String = help.fix.iter().map(|step| format!("- {step}\n")).collect();
    format!("**Cause:** {}.\n\n**Fix:** {}.\n\n{fix}\n", help.cause, help.remedy)
}

/// Returns the text of docs/reasons.md. The table is generated. The text around it is taken from the
/// committed page.
pub(crate) fn all_reasons(committed: &str) -> String {
    let (before, after) = committed.split_once("| number |").unwrap();
    let after = after.split_once("\n\n").unwrap().1;
    let rows: String = Reason::ALL
        .into_iter()
        .map(|reason| {
            let help = help_for(reason);
            let remedy = help.remedy.replace("(../", "(");
            let (number, status) = (reason.number(), reason.http_status());
            format!(
                "| {number} | [`{reason}`](reasons/{reason}.md) | {status} | {} | {remedy} |\n",
                help.cause
            )
        })
        .collect();
    format!(
        "{before}| number | name | HTTP | cause | usual remedy |\n|---:|---|---:|---|---|\n{rows}\n{after}"
    )
}

/// Returns the text of docs/errors.md.
pub(crate) fn all_errors() -> String {
    let rows: String = STARTUP_ERRORS
        .iter()
        .map(|error| {
            format!(
                "| [`{0}`](errors/{0}.md) | {1} | {2} |\n",
                error.name, error.help.cause, error.help.remedy
            )
        })
        .collect();
    format!(
        "{GENERATED}\n\n# Start-up errors\n\nA service with a wrong configuration does not start. The error message contains the setting or the entry. In Python, a note on the `ConfigError` contains the address of the page below. \
         `sealwire check` reports the same errors without starting a service.\n\n| error | cause | fix |\n|---|---|---|\n{rows}"
    )
}

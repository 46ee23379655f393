//! The result of `explain`, with its output as JSON and as text.

use sealwire_core::Reason;
use serde_json::{Value, json};

/// The result of `explain`.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    pub(super) outcome: Outcome,
    pub(super) changes: Vec<Change>,
    /// The message to display if `changes` is empty.
    pub(super) sentence: String,
    pub(super) scheme: Option<&'static str>,
    pub(super) sender: Option<String>,
    pub(super) key_version: Option<u32>,
    pub(super) signed_at_ms: Option<u64>,
    pub(super) arrived: Option<(u64, String)>,
    pub(super) reason: Option<Reason>,
    pub(super) logged: Option<Reason>,
    pub(super) checks: Vec<Check>,
    pub(super) components: Vec<Component>,
    pub(super) tried: Vec<(&'static str, usize)>,
    pub(super) untested: Vec<String>,
}

/// The outcome of `explain`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// The cause of the rejection is proven.
    Proven,
    /// The captured request is valid.
    Valid,
    /// The cause was not found.
    #[default]
    Unexplained,
}

impl Outcome {
    /// Returns the name of the outcome, as used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Valid => "valid",
            Self::Unexplained => "unexplained",
        }
    }
}

/// A proven cause of a rejection, such as a change to the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) culprit: &'static str,
    pub(super) sentence: String,
}

/// A check performed by the verifier, and its result.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) result: &'static str,
    pub(super) detail: String,
}

/// A part of the signing input, with secrets replaced.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) arrived: Option<String>,
    pub(super) signed: Option<String>,
    /// Whether the arrived value and the signed value are equal, or `None` if the signed value is unknown.
    pub(super) same: Option<bool>,
}

/// The exit code of the command `explain` for invalid input.
pub const EXIT_REFUSED: i32 = 2;

impl Explanation {
    /// Returns the outcome.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Returns the exit code of the command `explain`: 0 if the cause is proven, and 1 otherwise.
    #[must_use]
    pub const fn exit_code(&self) -> i32 {
        match self.outcome {
            Outcome::Proven => 0,
            Outcome::Valid | Outcome::Unexplained => 1,
        }
    }

    /// Returns the names of the proven causes, such as `path`, joined with `and`.
    #[must_use]
    pub fn culprit(&self) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for change in &self.changes {
            if !names.contains(&change.culprit) {
                names.push(change.culprit);
            }
        }
        (self.outcome == Outcome::Proven).then(|| names.join(" and "))
    }

    /// Returns the explanation as a single line.
    #[must_use]
    pub fn explanation(&self) -> String {
        printable(&self.raw_explanation())
    }

    fn raw_explanation(&self) -> String {
        let sentences: Vec<&str> = self.changes.iter().map(|change| change.sentence.as_str()).collect();
        if sentences.is_empty() { self.sentence.clone() } else { sentences.join("; ") }
    }

    /// Returns the result as JSON. It contains no secrets, MACs or bodies.
    #[must_use]
    pub fn to_json(&self) -> String {
        let changes = self.changes.iter();
        let changes = changes.map(|each| json!({ "culprit": each.culprit, "explanation": each.sentence }));
        let checks = self.checks.iter();
        let checks =
            checks.map(|each| json!({ "check": each.name, "result": each.result, "detail": each.detail }));
        let components = self.components.iter().map(|each| {
            json!({ "component": each.name, "arrived": each.arrived, "signed": each.signed, "same": each.same })
        });
        let tried = self.tried.iter().map(|(name, count)| json!({ "hypothesis": name, "variants": count }));
        let mut value = json!({
            "outcome": self.outcome.name(),
            "culprit": self.culprit(),
            "exitCode": self.exit_code(),
            "explanation": self.raw_explanation(),
            "changes": changes.collect::<Value>(),
            "scheme": self.scheme,
            "sender": self.sender,
            "keyVersion": self.key_version,
            "reason": self.reason.map(Reason::name),
            "logged": self.logged.map(Reason::name),
            "signedAtMs": self.signed_at_ms,
            "arrivedAtMs": self.arrived.as_ref().map(|(at, _)| at),
            "arrivedAtSource": self.arrived.as_ref().map(|(_, source)| source),
            "checks": checks.collect::<Value>(),
            "components": components.collect::<Value>(),
            "tried": tried.collect::<Value>(),
            "untested": self.untested,
        });
        make_printable(&mut value);
        format!("{value:#}")
    }

    /// Returns the result as text, with a line break at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(logged) = self.logged {
            lines.push(format!("logged: {logged}"));
        }
        lines.push(match (self.outcome, self.culprit()) {
            (Outcome::Proven, Some(culprit)) => format!("culprit: {culprit}"),
            (Outcome::Valid, _) => "no culprit found: the captured request is valid".to_owned(),
            _ => "no culprit found".to_owned(),
        });
        lines.push(self.raw_explanation());
        let checks =
            self.checks.iter().map(|each| (each.name, format!("{:11}  {}", each.result, each.detail)));
        table(&mut lines, "check", checks);
        let components = self.components.iter().flat_map(|each| {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
            let arrived = (each.name.as_str(), shown(&each.arrived));
            if each.same == Some(false) {
                let signed = ("", format!("signed:  {}", shown(&each.signed)));
                vec![(arrived.0, format!("arrived: {}", arrived.1)), signed]
            } else {
                vec![arrived]
            }
        });
        table(&mut lines, "component", components);
        if !self.tried.is_empty() {
            let tried: Vec<_> = self.tried.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            lines.extend([String::new(), format!("tried: {}", tried.join(", "))]);
        }
        if !self.untested.is_empty() {
            lines.extend([String::new(), "not tested:".to_owned()]);
            lines.extend(self.untested.iter().map(|each| format!("- {each}")));
        }
        lines.push(String::new());
        let lines: Vec<String> = lines.iter().map(|line| printable(line)).collect();
        lines.join("\n")
    }
}

/// Escapes control characters, invisible characters and characters that change the text direction.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(letter, '\u{e0000}'..='\u{e007f}')
}

fn make_printable(value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(text),
        Value::Array(items) => items.iter_mut().for_each(make_printable),
        Value::Object(members) => members.values_mut().for_each(make_printable),
        _ => {}
    }
}

/// Appends an empty line and a table with two aligned columns, unless the table has no rows.
fn table<'r>(lines: &mut Vec<String>, head: &'r str, rows: impl Iterator<Item = (&'r str, String)>) {
    let rows: Vec<_> = core::iter::once((head, String::new())).chain(rows).collect();
    if rows.len() == 1 {
        return;
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    lines.push(String::new());
    lines.extend(rows.iter().map(|(name, value)| format!("{name:width$}  {value}").trim_end().to_owned()));
}

#[cfg(test)]
mod tests {
    use super::{Change, Component, Explanation, Outcome};

    #[test]
    fn no_control_character_is_shown() {
        let hostile = "/\u{1b}]0;x\u{7}\u{c}\u{9b}\u{202e}\u{200b}\r\n\u{e0041}é";
        let found = Explanation {
            outcome: Outcome::Proven,
            changes: vec![Change { culprit: "path", sentence: format!("the prefix {hostile} was removed") }],
            sender: Some(hostile.to_owned()),
            components: vec![Component {
                name: hostile.to_owned(),
                arrived: Some(hostile.to_owned()),
                signed: Some("/".to_owned()),
                same: Some(false),
            }],
            untested: vec![hostile.to_owned()],
            ..Explanation::default()
        };
        let is_hostile = |letter: char| letter != '\n' && super::is_hidden(letter);
        for shown in [found.to_text(), found.explanation(), found.to_json()] {
            assert!(!shown.contains(is_hostile), "{shown:?}");
            assert!(shown.contains("u{1b}") && shown.contains('é'), "{shown}");
        }
        let value: serde_json::Value = serde_json::from_str(&found.to_json()).unwrap_or_default();
        let sender = value.get("sender").and_then(serde_json::Value::as_str).unwrap_or_default();
        assert!(!sender.is_empty() && !sender.contains(super::is_hidden), "{sender:?}");
        assert!(!found.explanation().contains('\n'));
    }
}

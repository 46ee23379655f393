//! The parser for `.env` files. It preserves all lines, so that individual lines can be changed.
//!
//! No suitable library exists: some expand `$NAME`, which changes secrets that contain a dollar sign, and
//! others discard comments and blank lines.

use zeroize::Zeroizing;

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::text::without_bom;

const EXPORT: &str = "export ";

/// The lines of a `.env` file.
#[derive(Clone)]
pub(crate) struct Dotenv {
    lines: Vec<Line>,
}

/// An assignment, a comment or a blank line. An assignment extends over several lines if its quoted value
/// contains line breaks. `variable` is `None` for comments and blank lines.
#[derive(Clone)]
struct Line {
    source: Zeroizing<String>,
    variable: Option<(String, Option<Zeroizing<String>>)>,
}

impl Dotenv {
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        let (mut rest, mut number, mut lines) = (without_bom(text), 1, Vec::new());
        while !rest.is_empty() {
            let (line, length) = line(rest)
                .ok_or_else(|| error(file, &format!("line {number}: the quoted value does not end")))?;
            number += rest.get(..length).unwrap_or_default().matches('\n').count();
            rest = rest.get(length..).unwrap_or_default();
            lines.push(line);
        }
        Ok(Self { lines })
    }

    /// Returns all variables that have a value. A variable that is assigned more than once occurs more than
    /// once, and the last value applies, as in a shell.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| {
            let (name, value) = line.variable.as_ref()?;
            Some((name.as_str(), value.as_ref()?.as_str()))
        })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.variables().filter(|(held, _)| *held == name).last().map(|(_, value)| value)
    }

    /// Sets a variable. If the variable is assigned more than once, the last assignment is changed. A new
    /// variable is inserted after the variable `after`, or at the end of the file. It is exported if `after` is
    /// exported.
    pub(crate) fn set(&mut self, name: &str, value: &str, after: Option<&str>) {
        if let Some(last) = self.lines.last_mut() {
            last.end();
        }
        if let Some(line) = self.place(name).and_then(|place| self.lines.get_mut(place)) {
            *line = Line::new(name, value, line.is_exported());
            return;
        }
        let before = after.and_then(|after| self.place(after));
        let is_exported = before.and_then(|place| self.lines.get(place)).is_some_and(Line::is_exported);
        let place = before.map_or(self.lines.len(), |place| place + 1);
        self.lines.insert(place, Line::new(name, value, is_exported));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.lines.retain(|line| line.name() != Some(name));
    }

    pub(crate) fn text(&self) -> Zeroizing<String> {
        let length = self.lines.iter().map(|line| line.source.len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(length));
        self.lines.iter().for_each(|line| text.push_str(&line.source));
        text
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.lines.iter().rposition(|line| line.name() == Some(name))
    }
}

impl Line {
    fn new(name: &str, value: &str, is_exported: bool) -> Self {
        let export = if is_exported { EXPORT } else { "" };
        let source = Zeroizing::new(format!("{export}{name}={value}\n"));
        Self { source, variable: Some((name.into(), Some(Zeroizing::new(value.into())))) }
    }

    fn is_exported(&self) -> bool {
        self.variable.is_some() && self.source.trim_start().starts_with(EXPORT)
    }

    fn name(&self) -> Option<&str> {
        self.variable.as_ref().map(|(name, _)| name.as_str())
    }

    /// Appends a line break if the line does not end with one.
    fn end(&mut self) {
        if !self.source.ends_with('\n') {
            self.source.push('\n');
        }
    }
}

/// Returns the next line and its length in bytes, or `None` if a quoted value is not closed.
fn line(text: &str) -> Option<(Line, usize)> {
    let plain = text.find('\n').map_or(text.len(), |end| end + 1);
    let head = text.get(..plain)?;
    let (variable, length) = match assignment(head) {
        None => (None, plain),
        Some((name, None)) => (Some((name.to_owned(), None)), plain),
        Some((name, Some(start))) => {
            let (value, used) = value(text.get(start..)?)?;
            let end = start + used;
            let rest = text.get(end..)?.find('\n').map_or(text.len(), |more| end + more + 1);
            (Some((name.to_owned(), Some(value))), rest)
        }
    };
    Some((Line { source: Zeroizing::new(text.get(..length)?.to_owned()), variable }, length))
}

/// Returns the name of the variable assigned in a line, and the position of its value.
fn assignment(line: &str) -> Option<(&str, Option<usize>)> {
    let trimmed = line.trim_start();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return None;
    }
    let (left, start) = match line.find('=') {
        Some(equals) => (line.get(..equals)?, Some(equals + 1)),
        None => (line, None),
    };
    let left = left.trim();
    let name = left.strip_prefix(EXPORT).map_or(left, str::trim);
    Some((name, start))
}

/// Parses a value. Returns the value, and the number of bytes that it occupies in the file, including quotes.
fn value(text: &str) -> Option<(Zeroizing<String>, usize)> {
    let start = text.len() - text.trim_start_matches([' ', '\t']).len();
    let body = text.get(start..)?;
    match body.chars().next() {
        Some(quote @ ('\'' | '"' | '`')) => quoted(body, quote).map(|(value, used)| (value, start + used)),
        _ => {
            let end = body.find(['\n', '\r']).unwrap_or(body.len());
            let line = body.get(..end)?;
            let plain =
                line.find(" #").or_else(|| line.find("\t#")).or_else(|| line.starts_with('#').then_some(0));
            let value = line.get(..plain.unwrap_or(end))?.trim_end();
            Some((Zeroizing::new(value.to_owned()), start + end))
        }
    }
}

/// Parses a quoted value. Only double-quoted values can contain escape sequences.
fn quoted(body: &str, quote: char) -> Option<(Zeroizing<String>, usize)> {
    let mut value = Zeroizing::new(String::with_capacity(body.len()));
    let mut escaped = false;
    for (at, char) in body.char_indices().skip(1) {
        if escaped {
            escaped = false;
            match char {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                '"' | '\\' => value.push(char),
                other => value.extend(['\\', other]),
            }
        } else if char == '\\' && quote == '"' {
            escaped = true;
        } else if char == quote {
            return Some((value, at + 1));
        } else {
            value.push(char);
        }
    }
    None
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::Dotenv;

    fn values(text: &str) -> Vec<(String, String)> {
        let file = Dotenv::parse(".env", text).expect("the file is valid");
        assert_eq!(*file.text(), text.trim_start_matches('\u{feff}'));
        file.variables().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn values_are_parsed_as_in_a_shell() {
        let text = "\u{feff}A=1\r\n# c\n\nexport B = 'x # y' # c\nC=\"a\\n\\\"b\" # c\nD\nE=\nF=a#b #c\nG='two\nlines'\nH=$A";
        let expected = [
            ("A", "1"),
            ("B", "x # y"),
            ("C", "a\n\"b"),
            ("E", ""),
            ("F", "a#b"),
            ("G", "two\nlines"),
            ("H", "$A"),
        ];
        assert_eq!(values(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn the_error_for_an_open_quote_contains_the_line() {
        let error = Dotenv::parse("x.env", "A=1\nB='s3cret\n").err().expect("it does not end").to_string();
        assert_eq!(error, "x.env: line 2: the quoted value does not end");
    }

    #[test]
    fn a_change_does_not_affect_other_lines() {
        let mut file = Dotenv::parse(".env", "# ours\nexport A='1' # first\nOTHER=1").expect("valid");
        file.set("B", "2", Some("A"));
        file.set("C", "3", None);
        file.set("B", "4", None);
        assert_eq!(*file.text(), "# ours\nexport A='1' # first\nexport B=4\nOTHER=1\nC=3\n");
        file.remove("A");
        assert_eq!(*file.text(), "# ours\nexport B=4\nOTHER=1\nC=3\n");
    }
}

//! Reserialises a JSON document in the formats of common serialisers. Numbers are not reformatted.

use core::fmt::Write;

/// The maximum nesting depth of a document.
const MAX_DEPTH: usize = 64;
/// The maximum total size of the results in bytes. The most common formats are generated first.
const MOST_BYTES: usize = 16 << 20;

enum Node<'t> {
    /// A number or literal, exactly as in the input.
    Plain(&'t str),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

#[derive(Clone, Copy)]
struct Style {
    comma: &'static str,
    colon: &'static str,
    indent: Option<&'static str>,
    escape: Escape,
    sorts: bool,
    drops_zero: bool,
    /// The output length in bytes at which writing stops.
    most: usize,
}

/// The additional characters that a serialiser escapes, although JSON does not require it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    Minimal,
    /// Escapes all non-ASCII characters, as Python does by default.
    NonAscii,
    /// Escapes all non-ASCII characters and the slash, as PHP does by default.
    Slash,
    /// Escapes `<`, `>` and `&`, as Go does by default.
    Html,
}

/// Returns the JSON document as common serialisers would write it. The result is empty if `text` is not valid
/// JSON.
pub(super) fn spellings(text: &str) -> Vec<String> {
    let mut reader = Reader { text, at: 0 };
    let Some(node) = reader.document() else { return Vec::new() };
    let mut found = Vec::new();
    let most = 4096 + 8 * text.len();
    let mut remaining = MOST_BYTES;
    if let Node::Text(inner) = &node {
        found.push(inner.clone());
    }
    let styles = [
        (",", ":", None),
        (", ", ": ", None),
        (",", ": ", Some("  ")),
        (",", ": ", Some("    ")),
        (",", ": ", Some("\t")),
        (", ", ":", None),
        (",", ": ", None),
    ];
    for drops_zero in [false, true] {
        for (comma, colon, indent) in styles {
            for escape in [Escape::Minimal, Escape::NonAscii, Escape::Slash, Escape::Html] {
                for sorts in [false, true] {
                    let style = Style { comma, colon, indent, escape, sorts, drops_zero, most };
                    let mut written = String::with_capacity(text.len());
                    style.write(&node, 0, &mut written);
                    if written.len() <= most && !found.contains(&written) {
                        let Some(rest) = remaining.checked_sub(2 * written.len() + 1) else { return found };
                        remaining = rest;
                        let line = format!("{written}\n");
                        found.extend([written, line]);
                    }
                }
            }
        }
    }
    found
}

impl Style {
    fn write(self, node: &Node<'_>, depth: usize, out: &mut String) {
        if out.len() > self.most {
            return;
        }
        match node {
            Node::Plain(text) => {
                out.push_str(if self.drops_zero { text.strip_suffix(".0").unwrap_or(text) } else { text })
            }
            Node::Text(text) => self.write_text(text, out),
            Node::List(items) => self.write_all('[', ']', items.len(), depth, out, |at, out| {
                items.get(at).into_iter().for_each(|item| self.write(item, depth + 1, out));
            }),
            Node::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if self.sorts {
                    members.sort_by(|one, other| one.0.cmp(&other.0));
                }
                self.write_all('{', '}', members.len(), depth, out, |at, out| {
                    if let Some((name, value)) = members.get(at) {
                        self.write_text(name, out);
                        out.push_str(self.colon);
                        self.write(value, depth + 1, out);
                    }
                });
            }
        }
    }

    fn write_all(
        self,
        open: char,
        close: char,
        count: usize,
        depth: usize,
        out: &mut String,
        mut item: impl FnMut(usize, &mut String),
    ) {
        let break_line = |depth: usize, out: &mut String| {
            if let Some(indent) = self.indent.filter(|_| count > 0) {
                out.push('\n');
                (0..depth).for_each(|_| out.push_str(indent));
            }
        };
        out.push(open);
        for at in 0..count {
            if out.len() > self.most {
                return;
            }
            if at > 0 {
                out.push_str(self.comma);
            }
            break_line(depth + 1, out);
            item(at, out);
        }
        break_line(depth, out);
        out.push(close);
    }

    fn write_text(self, text: &str, out: &mut String) {
        out.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => out.extend(['\\', letter]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '/' if self.escape == Escape::Slash => out.push_str("\\/"),
                '<' | '>' | '&' if self.escape == Escape::Html => escape(letter, out),
                control if control.is_control() && control.is_ascii() && control != '\u{7f}' => {
                    escape(control, out)
                }
                wide if !wide.is_ascii() && matches!(self.escape, Escape::NonAscii | Escape::Slash) => {
                    escape(wide, out)
                }
                other => out.push(other),
            }
        }
        out.push('"');
    }
}

fn escape(letter: char, out: &mut String) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        // Writing to a string cannot fail.
        _ = write!(out, "\\u{unit:04x}");
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Option<Node<'t>> {
        // The parser below is lenient, so serde_json first checks that the text is valid JSON.
        serde_json::from_str::<serde::de::IgnoredAny>(self.text).ok()?;
        self.node(0)
    }

    fn node(&mut self, depth: usize) -> Option<Node<'t>> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'"' => self.string().map(Node::Text),
            b'[' => {
                let mut items = Vec::new();
                while self.enters(b']')? {
                    items.push(self.node(depth + 1)?);
                }
                Some(Node::List(items))
            }
            b'{' => {
                let mut members = Vec::new();
                while self.enters(b'}')? {
                    self.peek()?;
                    let name = self.string()?;
                    self.peek()?; // the colon
                    self.at += 1;
                    members.push((name, self.node(depth + 1)?));
                }
                Some(Node::Object(members))
            }
            _ => {
                let rest = self.text.get(self.at..)?;
                let end = rest.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
                self.at += end;
                rest.get(..end).map(Node::Plain)
            }
        }
    }

    /// Skips the opening bracket or the comma before the next item and returns `true`. If there is no further
    /// item, skips the closing bracket and returns `false`.
    fn enters(&mut self, close: u8) -> Option<bool> {
        if self.peek()? == close {
            self.at += 1;
            return Some(false);
        }
        self.at += 1; // the opening bracket or a comma
        if self.peek()? == close {
            self.at += 1;
            return Some(false);
        }
        Some(true)
    }

    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn string(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let mut is_escaped = false;
        let end = rest.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        })?;
        self.at += end + 2;
        serde_json::from_str(rest.get(..end + 2)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn all_common_serialisers_are_found() {
        let text = r#"{ "b" : [1.50, {}, [], "\u00e9/<\n", null],"a":{"x":-2e3} }"#;
        let found = spellings(text);
        for expected in [
            r#"{"b":[1.50,{},[],"é/<\n",null],"a":{"x":-2e3}}"#,
            r#"{"b": [1.50, {}, [], "\u00e9/<\n", null], "a": {"x": -2e3}}"#,
            r#"{"a":{"x":-2e3},"b":[1.50,{},[],"é/<\n",null]}"#,
            "{\n  \"b\": [\n    1.50,\n    {},\n    [],\n    \"é/<\\n\",\n    null\n  ],\n  \"a\": {\n    \"x\": -2e3\n  }\n}",
            r#"{"b":[1.50,{},[],"\u00e9\/<\n",null],"a":{"x":-2e3}}"#,
            r#"{"b":[1.50,{},[],"é/\u003c\n",null],"a":{"x":-2e3}}"#,
        ] {
            assert!(found.iter().any(|each| each == expected), "{expected}\n{found:#?}");
        }
        assert_eq!(spellings(r#""{\"a\": 1}""#).first().map(String::as_str), Some(r#"{"a": 1}"#));
        for broken in ["", "{", "a=b", "{\"a\":}", "[1,]", &"[".repeat(5000)] {
            assert!(spellings(broken).is_empty(), "{broken}");
        }
    }
}

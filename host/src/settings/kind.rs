//! The kinds of settings. The kind of a setting determines its valid values.

use super::{DefaultValue, Language, Value};
use crate::redact::shown;
use sealwire_core::is_unambiguous_path;

/// A setting with its names, kind, default and documentation.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name in Python, if the setting exists there.
    pub python: Option<&'static str>,
    /// The name in Node.js, if the setting exists there.
    pub node: Option<&'static str>,
    /// The kind of the value.
    pub kind: Kind,
    /// The default value.
    pub default: DefaultValue,
    /// The documentation of the setting, usually in one sentence.
    pub doc: &'static str,
}

impl Setting {
    /// Returns the name of the setting in a language, or `None` if it does not exist in that language.
    #[must_use]
    pub const fn name_in(&self, language: Language) -> Option<&'static str> {
        match language {
            Language::Python => self.python,
            Language::Node => self.node,
        }
    }
}

/// A kind of setting.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A Boolean. Other types are rejected. Otherwise the string `"false"`, for example, would be treated as
    /// true.
    Flag,
    /// A non-empty string.
    Text,
    /// A string. An empty string means that no value is set.
    AnyText,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of these words, without duplicates.
    Choices(&'static [&'static str]),
    /// A list of non-empty strings.
    Texts,
    /// A list of non-empty strings, or this word.
    TextsOr(&'static str),
    /// A list of HTTP header field names.
    Fields,
    /// A list of paths that start with `/`. With `true`, a path may end with `*`.
    Paths(bool),
    /// A duration in whole seconds (Python) or in milliseconds (Node.js). The bounds are in seconds.
    Duration(i64, i64),
    /// A positive timeout in seconds (Python) or in milliseconds (Node.js).
    Timeout,
    /// An integer. The values are the unit, the minimum and the maximum.
    Count(&'static str, i64, i64),
    /// A number greater than 0 and at most 1.
    Share,
    /// A nested group of settings. The value is the name of the group.
    Group(&'static str),
    /// A mapping from names to nested groups. The value is the name of the group.
    GroupByName(&'static str),
    /// An instance of one of the classes, an object with all of the methods, or one of the words.
    Object {
        /// The description of valid values for error messages.
        what: &'static str,
        /// The names of the accepted classes.
        classes: &'static [&'static str],
        /// The methods that an instance of another class must have. If the list is empty, only the accepted
        /// classes are valid.
        methods: &'static [&'static str],
        /// The words that are accepted instead of an object.
        words: &'static [&'static str],
    },
    /// A secret, a function or another value that only the binding can interpret. The values are a
    /// description for error messages and the accepted outer types.
    Opaque(&'static str, &'static [Shape]),
    /// A list of this kind with at least one entry. An empty list is rejected because it would mean that
    /// there is no restriction.
    NonEmpty(&'static Kind),
    /// A list of HTTP methods.
    Methods,
    /// A path that starts with `/`, or an empty string.
    RootPath,
    /// A mapping from names to one of these words.
    ChoiceByName(&'static [&'static str]),
}

const EMPTY: &str = "the list is empty; add an entry, or omit the setting";

/// The outer type of an opaque value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A list.
    List,
    /// A mapping or a plain object.
    Map,
    /// A function.
    Function,
    /// Any other object.
    Instance,
}

impl Shape {
    fn matches(self, value: &Value) -> bool {
        match value {
            Value::Text(_) => self == Self::Text,
            Value::Integer(_) => self == Self::Integer,
            Value::List(_) => self == Self::List,
            Value::Map(_) => self == Self::Map,
            Value::Object { class, .. } if class == Value::FUNCTION => self == Self::Function,
            Value::Object { .. } => self == Self::Instance,
            Value::Missing | Value::Flag(_) | Value::Number(_) | Value::Class(_) => false,
        }
    }
}

impl Kind {
    /// Validates a value. The error message describes the fix, but does not contain the name of the setting.
    pub(super) fn check(&self, language: Language, value: &Value) -> Result<(), String> {
        let wrong = || Err(format!("pass {}, not {}", self.expected(language), value.describe()));
        match (self, value) {
            (Self::Flag, Value::Flag(_)) => Ok(()),
            (Self::Opaque(_, shapes), _) if shapes.iter().any(|shape| shape.matches(value)) => Ok(()),
            (Self::NonEmpty(_), Value::List(list)) if list.is_empty() => Err(EMPTY.into()),
            (Self::NonEmpty(kind), _) => kind.check(language, value),
            (Self::Methods, Value::List(list)) => each_text(list, method),
            (Self::RootPath, Value::Text(path)) if path.is_empty() => Ok(()),
            (Self::RootPath, Value::Text(path)) if path.starts_with('/') => root(path),
            (Self::RootPath, Value::Text(_)) => Err(format!("pass {}", self.expected(language))),
            (Self::AnyText, Value::Text(text)) if text.chars().any(char::is_control) => {
                Err("pass a string without control characters".into())
            }
            (Self::Text, Value::Text(text)) if text.is_empty() => Err("pass a non-empty string".into()),
            (Self::Text | Self::AnyText, Value::Text(_)) => Ok(()),
            (Self::Choice(words), Value::Text(text)) => one_of(text, words),
            (Self::Choices(_), Value::List(list)) if list.is_empty() => Err(EMPTY.into()),
            (Self::Choices(words), Value::List(list)) => each_text(list, |text| one_of(text, words)),
            (Self::Choices(words), Value::Text(text)) if words.contains(&text.as_str()) => {
                Err(format!("pass a list: [\"{text}\"]"))
            }
            (Self::Texts | Self::TextsOr(_), Value::List(list)) => each_text(list, not_empty),
            (Self::TextsOr(word), Value::Text(text)) if text == word => Ok(()),
            (Self::Fields, Value::List(list)) => each_text(list, field),
            (Self::Paths(prefixes), Value::List(list)) => each_text(list, |text| path(text, *prefixes)),
            (Self::Duration(least, most), _) if is_duration(language, *least, *most, value) => Ok(()),
            (Self::Timeout, Value::Integer(number)) if *number > 0 => Ok(()),
            (Self::Timeout, Value::Number(number)) if *number > 0.0 && number.is_finite() => Ok(()),
            (Self::Count(_, least, most), Value::Integer(number)) if (least..=most).contains(&number) => {
                Ok(())
            }
            (Self::Share, Value::Number(share)) if *share > 0.0 && *share <= 1.0 => Ok(()),
            (Self::Share, Value::Integer(1)) => Ok(()),
            (Self::Object { words, .. }, Value::Text(text)) if words.contains(&text.as_str()) => Ok(()),
            (Self::Object { classes, methods, .. }, Value::Object { class, methods: has }) => {
                let by_class = classes.contains(&class.as_str());
                let by_methods =
                    !methods.is_empty() && methods.iter().all(|method| has.iter().any(|own| own == method));
                if by_class || by_methods { Ok(()) } else { wrong() }
            }
            _ => wrong(),
        }
    }

    /// Returns a description of the valid values for error messages and documentation.
    #[must_use]
    pub fn expected(&self, language: Language) -> String {
        let per =
            |least: i64, most: i64, unit: &str| format!("a whole number of {unit} from {least} to {most}");
        match self {
            Self::Flag => "true or false".into(),
            Self::Text | Self::AnyText => "a string".into(),
            Self::Choice(words) => format!("one of {}", quoted(words)),
            Self::Choices(words) => format!("a list of {}", quoted(words)),
            Self::Texts => "a list of strings".into(),
            Self::TextsOr(word) => format!("a list of strings, or \"{word}\""),
            Self::Fields => "a list of header field names".into(),
            Self::Paths(true) => "a list of paths that start with /, each exact or ending in *".into(),
            Self::Paths(false) => "a list of paths that start with /".into(),
            Self::Duration(least, most) => match language {
                Language::Python => per(*least, *most, "seconds"),
                Language::Node => per(least * 1000, most * 1000, "milliseconds"),
            },
            Self::Timeout => match language {
                Language::Python => "a number of seconds above 0".into(),
                Language::Node => "a number of milliseconds above 0".into(),
            },
            Self::Count(unit, least, most) => per(*least, *most, unit),
            Self::Share => "a number above 0 and at most 1".into(),
            Self::Group(_) => "a mapping of settings".into(),
            Self::GroupByName(_) => "a mapping of names to settings".into(),
            Self::Methods => "a list of HTTP methods".into(),
            Self::RootPath => "a path that starts with /, or an empty string".into(),
            Self::ChoiceByName(words) => format!("a mapping of names to one of {}", quoted(words)),
            Self::NonEmpty(kind) => kind.expected(language),
            Self::Object { what, .. } | Self::Opaque(what, _) => (*what).into(),
        }
    }
}

fn is_duration(language: Language, least: i64, most: i64, value: &Value) -> bool {
    let factor = if language == Language::Node { 1000 } else { 1 };
    matches!(value, Value::Integer(number) if (least * factor..=most * factor).contains(number))
}

fn each_text(list: &[Value], check: impl Fn(&str) -> Result<(), String>) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for value in list {
        let Value::Text(text) = value else {
            return Err(format!("each entry must be a string, not {}", value.describe()));
        };
        check(text)?;
        if seen.contains(&text.as_str()) {
            return Err(format!("{text:?} is given twice"));
        }
        seen.push(text);
    }
    Ok(())
}

fn one_of(text: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&text) {
        return Ok(());
    }
    let near = super::nearest::nearest(text, words);
    let hint = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
    Err(format!("{:?} is not one of {}{hint}", shown(text), quoted(words)))
}

fn not_empty(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("an entry is empty".into()) } else { Ok(()) }
}

/// Validates an HTTP method (RFC 9110 section 9.1).
fn method(name: &str) -> Result<(), String> {
    not_empty(name)?;
    field(name).map_err(|_| format!("{name:?} is not an HTTP method"))
}

/// Validates a header field name (RFC 9110 section 5.1). Derived components such as `@path` are rejected,
/// because they are not fields.
pub(crate) fn field(name: &str) -> Result<(), String> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    match name {
        "" => Err("an entry is empty; pass a header field name".into()),
        _ if name.bytes().all(token) => Ok(()),
        _ if name.starts_with('@') => Err(format!(
            "{name:?} is not a header field name; @method, @authority, @path and @query are signed without being listed, and other derived components are not supported"
        )),
        _ => Err(format!("{name:?} is not a header field name; use the name alone, without colon or spaces")),
    }
}

/// Validates a path that is compared with the paths of requests. With `prefixes`, the path may end in `*`.
pub(crate) fn path(path: &str, prefixes: bool) -> Result<(), String> {
    let inner = if prefixes { path.strip_suffix('*').unwrap_or(path) } else { path };
    if inner.contains('*') {
        return Err(format!("path {path:?} has a * inside; only exempt_paths may end in *, for a prefix"));
    }
    if inner.is_empty() {
        return Err(format!("path {path:?} must start with /"));
    }
    root(inner)?;
    if inner.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let encoded: String = path.bytes().map(encoded).collect();
    Err(format!("path {path:?} matches no request: write it percent-encoded, such as {encoded:?}"))
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_graphic() { char::from(byte).into() } else { format!("%{byte:02X}") }
}

/// Validates a path that servers report. Servers decode the path, so it may contain any character.
pub(crate) fn root(path: &str) -> Result<(), String> {
    if !path.starts_with('/') {
        return Err(format!("path {path:?} must start with /"));
    }
    if path.contains(['?', '#']) {
        return Err(format!("path {path:?} must not have a query or fragment"));
    }
    if !is_unambiguous_path(path.as_bytes()) {
        return Err(format!(
            "path {path:?} matches no request: write it without dot segments, //, \\ and encoded separators"
        ));
    }
    Ok(())
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

//! Decodes settings that the JavaScript code encodes (`lib/values.mjs`). A value consists of a tag byte and its
//! contents. Lengths and counts have four bytes, in little-endian order. A string consists of its length and
//! its UTF-8 bytes.
//!
//! | tag | value | contents |
//! |---|---|---|
//! | `u` | a missing value | none |
//! | `t`, `f` | true, false | none |
//! | `n` | a number | eight bytes, in little-endian order |
//! | `s` | a string | a text |
//! | `l` | a list | the number of values, and the values |
//! | `m` | a plain object | the number of properties, and for each property its name as a text and its value |
//! | `o` | any other object | the name of its class as a text, the number of its methods, and their names as texts |

use sealwire_host::settings::Value;

use crate::error::{Code, Error, Result};
use crate::memory::utf8;

/// The maximum nesting depth of values, which limits the recursion.
const MAX_DEPTH: usize = 32;

/// Parses one value, which must be the complete input.
pub(crate) fn parse(input: &[u8]) -> Result<Value> {
    let mut reader = Reader(input);
    let value = reader.value(MAX_DEPTH)?;
    if reader.0.is_empty() { Ok(value) } else { Err(broken()) }
}

/// The properties of a JavaScript object. Each property can be read once. Most properties have already been
/// validated against the settings catalogue. If a value has the wrong type, the error message contains the name
/// of the setting.
pub(crate) struct Properties(Vec<(String, Value)>);

impl Properties {
    pub(crate) fn parse(input: &[u8]) -> Result<Self> {
        match parse(input)? {
            Value::Map(properties) => Ok(Self(properties)),
            _ => Err(broken()),
        }
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            Value::Missing => Ok(None),
            value => text(name, value).map(Some),
        }
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<bool> {
        match self.take(name) {
            Value::Missing => Ok(false),
            Value::Flag(flag) => Ok(flag),
            _ => Err(wrong(name, "true or false")),
        }
    }

    pub(crate) fn whole(&mut self, name: &str) -> Result<Option<i64>> {
        match self.take(name) {
            Value::Missing => Ok(None),
            Value::Integer(number) => Ok(Some(number)),
            _ => Err(wrong(name, "a whole number")),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "an integer in JavaScript has at most 53 bits")]
    pub(crate) fn float(&mut self, name: &str) -> Result<Option<f64>> {
        match self.take(name) {
            Value::Missing => Ok(None),
            Value::Integer(number) => Ok(Some(number as f64)),
            Value::Number(number) => Ok(Some(number)),
            _ => Err(wrong(name, "a number")),
        }
    }

    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>> {
        self.list(name)?.into_iter().map(|value| text(name, value)).collect()
    }

    /// Returns the pairs in a list of alternating names and values.
    pub(crate) fn pairs(&mut self, name: &str) -> Result<Vec<(String, String)>> {
        let mut texts = self.texts(name)?.into_iter();
        let mut pairs = Vec::with_capacity(texts.len() / 2);
        while let Some((key, value)) = texts.next().zip(texts.next()) {
            pairs.push((key, value));
        }
        Ok(pairs)
    }

    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Self>> {
        let object = |value| match value {
            Value::Map(properties) => Ok(Self(properties)),
            _ => Err(wrong(name, "a list of objects")),
        };
        self.list(name)?.into_iter().map(object).collect()
    }

    fn list(&mut self, name: &str) -> Result<Vec<Value>> {
        match self.take(name) {
            Value::Missing => Ok(Vec::new()),
            Value::List(list) => Ok(list),
            _ => Err(wrong(name, "a list")),
        }
    }

    fn take(&mut self, name: &str) -> Value {
        let found = self.0.iter_mut().find(|(property, _)| property == name);
        found.map_or(Value::Missing, |(_, value)| core::mem::replace(value, Value::Missing))
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value> {
        let below = depth.checked_sub(1).ok_or_else(broken)?;
        let [tag] = self.bytes()?;
        Ok(match tag {
            b'u' => Value::Missing,
            b't' => Value::Flag(true),
            b'f' => Value::Flag(false),
            b'n' => numeric(f64::from_le_bytes(self.bytes()?)),
            b's' => Value::Text(self.text()?),
            b'l' => Value::List(self.many(|reader| reader.value(below))?),
            b'm' => Value::Map(self.many(|reader| Ok((reader.text()?, reader.value(below)?)))?),
            b'o' => Value::Object { class: self.text()?, methods: self.many(Self::text)? },
            _ => return Err(broken()),
        })
    }

    fn text(&mut self) -> Result<String> {
        let length = self.length()?;
        let (text, rest) = self.0.split_at_checked(length).ok_or_else(broken)?;
        self.0 = rest;
        utf8(text).map(ToOwned::to_owned)
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut list = Vec::new();
        for _ in 0..self.length()? {
            list.push(one(self)?);
        }
        Ok(list)
    }

    fn length(&mut self) -> Result<usize> {
        usize::try_from(u32::from_le_bytes(self.bytes()?)).map_err(|_| broken())
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (first, rest): (&'a [u8; N], _) = self.0.split_first_chunk().ok_or_else(broken)?;
        self.0 = rest;
        Ok(*first)
    }
}

/// `Number.MAX_SAFE_INTEGER`, which is 2^53 - 1.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

#[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 53 bits")]
fn numeric(number: f64) -> Value {
    let whole = number.fract() == 0.0 && number.abs() <= MAX_SAFE;
    if whole { Value::Integer(number as i64) } else { Value::Number(number) }
}

fn text(name: &str, value: Value) -> Result<String> {
    if let Value::Text(text) = value { Ok(text) } else { Err(wrong(name, "a string")) }
}

fn wrong(name: &str, expected: &str) -> Error {
    Code::Config.error(format_args!("{name}: pass {expected}"))
}

fn broken() -> Error {
    Code::Config.error("the settings cannot be read, or are nested too deeply")
}

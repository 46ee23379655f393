//! Converts parsed fields to the JSON format of the test suite.

use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{BareItem, Dictionary, InnerList, Item, List, Member, Parameters};
use serde_json::{Value, json};

/// The buffer size in bytes, which is sufficient for all fields in the suite.
const BUFFER_BYTES: usize = 64 * 1024;
/// The maximum number of keys in a field in the suite.
const KEYS: usize = 1024;

/// A parsed field, whose type is specified by the test case.
pub(crate) enum Field<'a> {
    Item(Item<'a>),
    List(List<Raw<'a>>),
    Dictionary(Dictionary<Raw<'a>>),
}

pub(crate) type Raw<'a> = std::vec::IntoIter<&'a [u8]>;

impl<'a> Field<'a> {
    pub(crate) fn parse(header_type: &str, lines: Raw<'a>) -> Option<Self> {
        match header_type {
            "item" => Item::parse(lines).ok().map(Self::Item),
            "list" => List::parse(lines).ok().map(Self::List),
            "dictionary" => Dictionary::parse(lines).ok().map(Self::Dictionary),
            other => panic!("unknown header type {other}"),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Item(item) => from_item(item),
            Self::List(list) => list.members().map(|member| from_member(&member)).collect(),
            Self::Dictionary(dictionary) => {
                distinct(dictionary.sent().map(|(key, member)| (to_text(key), from_member(&member))))
            }
        }
    }

    pub(crate) fn serialize(&self) -> String {
        written(|sink| {
            match self {
                Self::Item(item) => item.serialize::<KEYS>(sink),
                Self::List(list) => list.serialize::<KEYS>(sink),
                Self::Dictionary(dictionary) => dictionary.serialize::<KEYS>(sink),
            }
            .unwrap();
        })
    }
}

fn written(write: impl FnOnce(&mut SliceWriter<'_>)) -> String {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut writer = SliceWriter::new(&mut buffer);
    write(&mut writer);
    String::from_utf8(writer.finish().unwrap().to_vec()).unwrap()
}

fn from_member(member: &Member<'_>) -> Value {
    match member {
        Member::Item(item) => from_item(item),
        Member::InnerList(list) => from_inner_list(list),
    }
}

fn from_inner_list(list: &InnerList<'_>) -> Value {
    let items: Value = list.items().map(|item| from_item(&item)).collect();
    json!([items, from_parameters(&list.parameters)])
}

fn from_item(item: &Item<'_>) -> Value {
    json!([from_bare_item(&item.value), from_parameters(&item.parameters)])
}

fn from_parameters(parameters: &Parameters<'_>) -> Value {
    distinct(parameters.sent().map(|(key, value)| (to_text(key), from_bare_item(&value))))
}

/// Removes repeated keys. Each key keeps the position of its first occurrence and gets the value of its last
/// occurrence.
fn distinct<'a>(sent: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let mut distinct: Vec<(&str, Value)> = Vec::new();
    for (key, value) in sent {
        match distinct.iter_mut().find(|(earlier, _)| *earlier == key) {
            Some((_, held)) => *held = value,
            None => distinct.push((key, value)),
        }
    }
    distinct.into_iter().map(|(key, value)| json!([key, value])).collect()
}

fn from_bare_item(item: &BareItem<'_>) -> Value {
    match item {
        BareItem::Integer(number) => json!(number),
        BareItem::Decimal(number) => json!(number.thousandths as f64 / 1000.0),
        BareItem::String(string) => json!(String::from_utf8(string.bytes().collect()).unwrap()),
        BareItem::Token(token) => typed("token", json!(token)),
        BareItem::ByteSequence(bytes) => {
            let mut buffer = vec![0; BUFFER_BYTES];
            typed("binary", json!(base32(bytes.decode(&mut buffer).unwrap())))
        }
        BareItem::Boolean(value) => json!(value),
        BareItem::Date(seconds) => typed("date", json!(seconds)),
        BareItem::DisplayString(string) => typed("displaystring", json!(string.chars().collect::<String>())),
    }
}

fn typed(name: &str, value: Value) -> Value {
    json!({ "__type": name, "value": value })
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let digit =
        |group: &[u8]| BASE32[usize::from_str_radix(&format!("{:0<5}", to_text(group)), 2).unwrap()] as char;
    let digits: String = bits.as_bytes().chunks(5).map(digit).collect();
    let padded = digits.len().div_ceil(8) * 8;
    format!("{digits:=<padded$}")
}

fn to_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

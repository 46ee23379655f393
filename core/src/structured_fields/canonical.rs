//! Canonical serialisation of parsed values (RFC 9651 section 4.1). It cannot fail, because the values are
//! validated by the parser.

use super::bare_item::BareItem;
use super::dictionary::Dictionary;
use super::display_string::DisplayString;
use super::inner_list::{InnerList, Member};
use super::item::Item;
use super::lines::Lines;
use super::list::List;
use super::parameters::Parameters;
use super::write::{boolean, put_decimal, put_display_byte, put_integer};
use crate::bytes::sink::Sink;

impl BareItem<'_> {
    /// Writes the value in canonical form.
    pub fn serialize(&self, sink: &mut impl Sink) {
        match self {
            Self::Integer(number) => put_integer(sink, *number),
            Self::Decimal(number) => put_decimal(sink, *number),
            Self::String(string) => put_between(sink, b"\"", string.escaped(), b"\""),
            Self::Token(token) => sink.put(token.as_bytes()),
            Self::ByteSequence(bytes) => put_between(sink, b":", bytes.base64().as_bytes(), b":"),
            Self::Boolean(value) => boolean(sink, *value),
            Self::Date(seconds) => {
                sink.put(b"@");
                put_integer(sink, *seconds);
            }
            Self::DisplayString(string) => put_display_string(sink, *string),
        }
    }
}

impl Parameters<'_> {
    /// Writes the parameters, each with a leading `;`. The time is quadratic in their number, as for
    /// [`Self::iter`].
    pub fn serialize(&self, sink: &mut impl Sink) {
        self.iter().for_each(|(key, value)| put_parameter(sink, key.as_bytes(), &value));
    }

    /// Writes the parameters in a single pass. No key may be repeated.
    fn serialize_distinct(&self, sink: &mut impl Sink) {
        self.sent_bytes().for_each(|(key, value)| put_parameter(sink, key, &value));
    }
}

impl Item<'_> {
    /// Writes the value and its parameters.
    pub fn serialize(&self, sink: &mut impl Sink) {
        self.value.serialize(sink);
        self.parameters.serialize(sink);
    }

    /// Writes the item in a single pass. No parameter may be repeated.
    pub(crate) fn serialize_distinct(&self, sink: &mut impl Sink) {
        self.value.serialize(sink);
        self.parameters.serialize_distinct(sink);
    }
}

impl InnerList<'_> {
    /// Writes the items in parentheses and the parameters of the list.
    pub fn serialize(&self, sink: &mut impl Sink) {
        self.put_items(sink, |item, sink| item.serialize(sink));
        self.parameters.serialize(sink);
    }

    /// Writes the list in a single pass. No parameter of an item or of the list may be repeated.
    pub(crate) fn serialize_distinct(&self, sink: &mut impl Sink) {
        self.put_items(sink, |item, sink| item.serialize_distinct(sink));
        self.parameters.serialize_distinct(sink);
    }

    fn put_items<S: Sink>(&self, sink: &mut S, put: impl Fn(&Item<'_>, &mut S)) {
        sink.put(b"(");
        for (index, item) in self.items().enumerate() {
            separate(sink, index, b" ");
            put(&item, sink);
        }
        sink.put(b")");
    }
}

impl Member<'_> {
    /// Writes the item or inner list.
    pub fn serialize(&self, sink: &mut impl Sink) {
        match self {
            Self::Item(item) => item.serialize(sink),
            Self::InnerList(list) => list.serialize(sink),
        }
    }
}

impl<'a, L: Lines<'a>> List<L> {
    /// Writes the list as a single line. An empty list writes nothing; its field must be omitted.
    pub fn serialize(&self, sink: &mut impl Sink) {
        for (index, member) in self.members().enumerate() {
            separate(sink, index, b", ");
            member.serialize(sink);
        }
    }
}

impl<'a, L: Lines<'a>> Dictionary<L> {
    /// Writes the dictionary as a single line. An empty dictionary writes nothing; its field must be omitted.
    /// The time is quadratic in the number of members, as for [`Self::members`].
    pub fn serialize(&self, sink: &mut impl Sink) {
        for (index, (key, member)) in self.members().enumerate() {
            separate(sink, index, b", ");
            sink.put(key.as_bytes());
            put_value(sink, &member);
        }
    }
}

fn put_parameter(sink: &mut impl Sink, key: &[u8], value: &BareItem<'_>) {
    sink.put(b";");
    sink.put(key);
    if *value != BareItem::Boolean(true) {
        sink.put(b"=");
        value.serialize(sink);
    }
}

/// Writes the value of a dictionary member. `key=?1` is written as `key`, followed by its parameters.
fn put_value(sink: &mut impl Sink, member: &Member<'_>) {
    match member {
        Member::Item(Item { value: BareItem::Boolean(true), parameters }) => parameters.serialize(sink),
        _ => {
            sink.put(b"=");
            member.serialize(sink);
        }
    }
}

fn separate(sink: &mut impl Sink, index: usize, separator: &[u8]) {
    if index > 0 {
        sink.put(separator);
    }
}

fn put_between(sink: &mut impl Sink, open: &[u8], text: &[u8], close: &[u8]) {
    sink.put(open);
    sink.put(text);
    sink.put(close);
}

fn put_display_string(sink: &mut impl Sink, string: DisplayString<'_>) {
    sink.put(b"%\"");
    for character in string.chars() {
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            put_display_byte(sink, byte);
        }
    }
    sink.put(b"\"");
}

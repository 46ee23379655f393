//! Canonical serialisation of parsed values (RFC 9651 section 4.1). The parser has validated the values, so
//! serialisation fails only if there are too many keys.

use super::Lines;
use super::bare_item::BareItem;
use super::dictionary::Dictionary;
use super::display_string::DisplayString;
use super::distinct::{Distinct, TooManyKeys};
use super::inner_list::{InnerList, Member};
use super::item::Item;
use super::list::List;
use super::parameters::Parameters;
use super::write::{put_decimal, put_display_byte, put_integer};
use crate::bytes::sink::{Sink, separate};

impl BareItem<'_> {
    /// Writes the value in canonical form.
    pub fn serialize(&self, sink: &mut dyn Sink) {
        match self {
            Self::Integer(number) => put_integer(sink, *number),
            Self::Decimal(number) => put_decimal(sink, *number),
            Self::String(string) => put_all(sink, [b"\"", string.escaped(), b"\""]),
            Self::Token(token) => sink.put(token.as_bytes()),
            Self::ByteSequence(bytes) => put_all(sink, [b":", bytes.base64().as_bytes(), b":"]),
            Self::Boolean(value) => sink.put(if *value { b"?1" } else { b"?0" }),
            Self::Date(seconds) => {
                sink.put(b"@");
                put_integer(sink, *seconds);
            }
            Self::DisplayString(string) => put_display_string(sink, *string),
        }
    }
}

impl Parameters<'_> {
    /// Writes the parameters, each with a leading `;`. All `serialize` methods in this module use `KEYS`
    /// slots on the stack to find repeated keys.
    ///
    /// # Errors
    /// An error is returned if there are more than `KEYS` parameters.
    pub fn serialize<const KEYS: usize>(&self, sink: &mut dyn Sink) -> Result<(), TooManyKeys> {
        if self.sent_length() == 0 {
            return Ok(());
        }
        for (key, value) in Distinct::<_, KEYS>::collect(self.sent())?.iter() {
            sink.put(b";");
            sink.put(key);
            if value != BareItem::Boolean(true) {
                sink.put(b"=");
                value.serialize(sink);
            }
        }
        Ok(())
    }
}

impl Item<'_> {
    /// Writes the value and its parameters.
    ///
    /// # Errors
    /// The same errors as for [`Parameters::serialize`].
    pub fn serialize<const KEYS: usize>(&self, sink: &mut dyn Sink) -> Result<(), TooManyKeys> {
        self.value.serialize(sink);
        self.parameters.serialize::<KEYS>(sink)
    }
}

impl InnerList<'_> {
    /// Writes the items in parentheses, and then the parameters of the list.
    ///
    /// # Errors
    /// The same errors as for [`Parameters::serialize`], for each item and for the list.
    pub fn serialize<const KEYS: usize>(&self, sink: &mut dyn Sink) -> Result<(), TooManyKeys> {
        sink.put(b"(");
        for (index, item) in self.items().enumerate() {
            separate(sink, index, b" ");
            item.serialize::<KEYS>(sink)?;
        }
        sink.put(b")");
        self.parameters.serialize::<KEYS>(sink)
    }
}

impl Member<'_> {
    /// Writes the item or inner list.
    ///
    /// # Errors
    /// The same errors as for [`InnerList::serialize`].
    pub fn serialize<const KEYS: usize>(&self, sink: &mut dyn Sink) -> Result<(), TooManyKeys> {
        match self {
            Self::Item(item) => item.serialize::<KEYS>(sink),
            Self::InnerList(list) => list.serialize::<KEYS>(sink),
        }
    }
}

impl<'a, L: Lines<'a>> List<L> {
    /// Writes the list as one line. The output for an empty list is empty, and the caller must then omit the
    /// field.
    ///
    /// # Errors
    /// The same errors as for [`Member::serialize`].
    pub fn serialize<const KEYS: usize>(&self, sink: &mut dyn Sink) -> Result<(), TooManyKeys> {
        for (index, member) in self.members().enumerate() {
            separate(sink, index, b", ");
            member.serialize::<KEYS>(sink)?;
        }
        Ok(())
    }
}

impl<'a, L: Lines<'a>> Dictionary<L> {
    /// Writes the dictionary as one line. The output for an empty dictionary is empty, and the caller must
    /// then omit the field.
    ///
    /// # Errors
    /// An error is returned if there are more than `KEYS` members, or if [`Member::serialize`] fails for a
    /// member.
    pub fn serialize<const KEYS: usize>(&self, sink: &mut dyn Sink) -> Result<(), TooManyKeys> {
        for (index, (key, member)) in Distinct::<_, KEYS>::collect(self.sent())?.iter().enumerate() {
            separate(sink, index, b", ");
            sink.put(key);
            // `key=?1` is written as `key`, followed by its parameters.
            if let Member::Item(Item { value: BareItem::Boolean(true), parameters }) = member {
                parameters.serialize::<KEYS>(sink)?;
            } else {
                sink.put(b"=");
                member.serialize::<KEYS>(sink)?;
            }
        }
        Ok(())
    }
}

fn put_all(sink: &mut dyn Sink, parts: [&[u8]; 3]) {
    parts.into_iter().for_each(|part| sink.put(part));
}

fn put_display_string(sink: &mut dyn Sink, string: DisplayString<'_>) {
    sink.put(b"%\"");
    for character in string.chars() {
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            put_display_byte(sink, byte);
        }
    }
    sink.put(b"\"");
}

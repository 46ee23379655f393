//! Lists and inner lists (RFC 9651 sections 3.1, 3.1.1).

use super::cursor::{Cursor, Parsed};
use super::item::parse_item;
use super::parameters::visit_parameters;
use super::visit::Visitor;
use super::{Item, Lines, Parameters, SyntaxError};

/// A field whose type is List.
#[derive(Clone, Debug)]
pub struct List<L> {
    lines: L,
}

/// One member of a list, or the value of one in a dictionary.
#[derive(Clone, Copy, Debug)]
pub enum Member<'a> {
    /// A single value.
    Item(Item<'a>),
    /// Several values in parentheses.
    InnerList(InnerList<'a>),
}

/// Items in parentheses, with parameters of their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct InnerList<'a> {
    items: &'a [u8],
    /// What was said about the list as a whole.
    pub parameters: Parameters<'a>,
    /// The whole list as sent, where it was sent in its canonical form.
    canonical: Option<&'a [u8]>,
}

impl<'a, L: Lines<'a>> List<L> {
    /// Checks the whole field; no line at all is the empty list.
    ///
    /// # Errors
    /// Some line is not a list, or one of several is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        let mut members = Members::new(lines.clone());
        while members.next_with(|cursor| parse_member(cursor, &mut ()))?.is_some() {}
        Ok(Self { lines })
    }

    /// The members in order.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> {
        let mut members = Members::new(self.lines.clone());
        core::iter::from_fn(move || members.next_with(|cursor| parse_member(cursor, &mut ())).ok().flatten())
    }
}

impl<'a> InnerList<'a> {
    /// The items in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'a>> + Clone + use<'a> {
        self.sent_items().map(|(_, item)| item)
    }

    /// The items in order, each with its spelling.
    pub(crate) fn sent_items(&self) -> impl Iterator<Item = (&'a [u8], Item<'a>)> + Clone + use<'a> {
        Items { cursor: Cursor::new(self.items, 0) }
    }

    /// The whole list as sent, where it was sent in its canonical form; `None` tells nothing.
    pub(crate) fn canonical(&self) -> Option<&'a [u8]> {
        self.canonical
    }

    /// Its length as sent, in bytes, parentheses and parameters included.
    #[must_use]
    pub fn sent_length(&self) -> usize {
        self.items.len() + "()".len() + self.parameters.sent_length()
    }
}

#[derive(Clone)]
struct Items<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = (&'a [u8], Item<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.cursor.skip_spaces();
        if self.cursor.is_at_end() {
            return None;
        }
        let start = self.cursor;
        let item = parse_item(&mut self.cursor).ok()?;
        Some((self.cursor.since(&start), item))
    }
}

pub(super) fn parse_member<'a>(
    cursor: &mut Cursor<'a>,
    visitor: &mut impl Visitor<'a>,
) -> Parsed<Member<'a>> {
    if cursor.peek() == Some(b'(') {
        parse_inner_list(cursor, visitor).map(Member::InnerList)
    } else {
        parse_item(cursor).map(Member::Item)
    }
}

fn parse_inner_list<'a>(cursor: &mut Cursor<'a>, visitor: &mut impl Visitor<'a>) -> Parsed<InnerList<'a>> {
    cursor.is_canonical = true;
    let open = *cursor;
    cursor.expect(b'(', "'('")?;
    let start = *cursor;
    let known = visitor.known_items(cursor.rest());
    cursor.take(known);
    let mut is_first = known == 0;
    let items = loop {
        let spaces = cursor.skip_spaces();
        let items = cursor.since(&start);
        let is_last = cursor.eat(b')');
        cursor.is_canonical &= spaces == usize::from(!is_first && !is_last);
        if is_last {
            break items;
        }
        is_first = false;
        let before = *cursor;
        let item = parse_item(cursor)?;
        visitor.item(cursor.since(&before), &item);
        if !matches!(cursor.peek(), Some(b' ' | b')')) {
            return Err(cursor.error("a space or ')'"));
        }
    };
    let parameters = visit_parameters(cursor, visitor)?;
    let canonical = cursor.is_canonical.then(|| cursor.since(&open));
    Ok(InnerList { items, parameters, canonical })
}

/// Walks comma-separated members over the lines of a field, the end of a line standing for a comma.
#[derive(Clone, Debug)]
pub(super) struct Members<'a, L> {
    cursor: Cursor<'a>,
    lines: L,
    line: usize,
    is_first: bool,
}

impl<'a, L: Lines<'a>> Members<'a, L> {
    pub(super) fn new(mut lines: L) -> Self {
        let mut cursor = Cursor::new(lines.next().unwrap_or_default(), 0);
        cursor.skip_spaces();
        Self { cursor, lines, line: 0, is_first: true }
    }

    pub(super) fn next_with<T>(
        &mut self,
        parse: impl FnOnce(&mut Cursor<'a>) -> Parsed<T>,
    ) -> Parsed<Option<T>> {
        if !self.advance()? {
            return Ok(None);
        }
        self.is_first = false;
        parse(&mut self.cursor).map(Some)
    }

    /// Moves over the separator; false at the end of the field.
    fn advance(&mut self) -> Parsed<bool> {
        if self.is_first && !self.cursor.is_at_end() {
            return Ok(true);
        }
        self.cursor.skip_white_space();
        if self.cursor.is_at_end() {
            return self.next_line();
        }
        self.cursor.expect(b',', "','")?;
        self.cursor.skip_white_space();
        if self.cursor.is_at_end() { Err(self.cursor.error("a member after ','")) } else { Ok(true) }
    }

    fn next_line(&mut self) -> Parsed<bool> {
        let Some(line) = self.lines.next() else { return Ok(false) };
        self.line += 1;
        let was_first = core::mem::take(&mut self.is_first);
        self.cursor = Cursor::new(line, self.line);
        self.cursor.skip_white_space();
        // Joined by commas, an empty line would leave a comma without a member.
        if was_first || self.cursor.is_at_end() {
            Err(self.cursor.error("no empty line among several"))
        } else {
            Ok(true)
        }
    }
}

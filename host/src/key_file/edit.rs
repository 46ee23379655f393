//! Edits TOML and JSON files. Comments and all unrelated parts of a file are preserved.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};
use zeroize::Zeroizing;

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::format::{Contents, Format, parse};
use crate::key_file::text::without_bom;
use crate::key_file::tree::Tree;

/// A parsed file that can be edited.
#[derive(Clone)]
pub(crate) enum Editable {
    Toml(DocumentMut),
    Json(Tree),
}

/// The names of nested tables, starting with the outermost one.
type Path<'p> = &'p [&'p str];

impl Editable {
    /// Parses a TOML or JSON file.
    pub(crate) fn open(file: &str, text: &str, format: Format) -> Result<(Self, Tree), ConfigError> {
        let Contents::Table(tree) = parse(file, text, format)? else {
            return Err(error(file, "must be a TOML or JSON file"));
        };
        let editable = match format {
            Format::Toml => {
                let document = without_bom(text).parse();
                Self::Toml(document.map_err(|_| error(file, "cannot be read as toml"))?)
            }
            _ => Self::Json(tree.clone()),
        };
        Ok((editable, tree))
    }

    pub(crate) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Toml(document) => document.to_string(),
            Self::Json(tree) => serde_json::to_string_pretty(tree).unwrap_or_default() + "\n",
        })
    }

    /// Sets a value in a table, and creates the table if it does not exist.
    pub(crate) fn set(&mut self, path: Path<'_>, key: &str, value: &Tree) {
        match self {
            Self::Toml(document) => {
                let top = if path.is_empty() { top_comment(document, key) } else { None };
                if let Some(table) = toml_table(document.as_table_mut(), path) {
                    set_toml(table, key, value);
                    if let (Some(comment), Some(mut key)) = (top, table.key_mut(key)) {
                        key.leaf_decor_mut().set_prefix(comment);
                    }
                }
            }
            Self::Json(tree) => {
                if let Some(table) = json_table(tree, path) {
                    set_json(table, key, value.clone());
                }
            }
        }
    }

    pub(crate) fn remove(&mut self, path: Path<'_>, key: &str) {
        match self {
            Self::Toml(document) => {
                if path.is_empty() {
                    keep_comment(document, key);
                }
                if let Some(table) = toml_table(document.as_table_mut(), path) {
                    table.remove(key);
                }
            }
            Self::Json(tree) => {
                if let Some(table) = json_table(tree, path) {
                    table.retain(|(name, _)| name != key);
                }
            }
        }
    }

    /// Appends a table to the list `key`.
    pub(crate) fn push(&mut self, path: Path<'_>, key: &str, item: &[(&str, Tree)]) {
        match self {
            Self::Toml(document) => {
                let list = toml_table(document.as_table_mut(), path).and_then(|table| table.get_mut(key));
                match list {
                    Some(Item::ArrayOfTables(tables)) => push_table(tables, item),
                    Some(Item::Value(Value::Array(array))) => push_inline(array, item),
                    _ => {}
                }
            }
            Self::Json(tree) => {
                if let Some(list) = json_list(tree, path, key) {
                    let item = item.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
                    list.push(Tree::Table(item.collect()));
                }
            }
        }
    }

    /// Removes the item at index `place` from the list `key`.
    pub(crate) fn remove_item(&mut self, path: Path<'_>, key: &str, place: usize) {
        match self {
            Self::Toml(document) => {
                let list = toml_table(document.as_table_mut(), path).and_then(|table| table.get_mut(key));
                match list {
                    Some(Item::ArrayOfTables(tables)) if place < tables.len() => {
                        tables.remove(place);
                    }
                    Some(Item::Value(Value::Array(array))) if place < array.len() => {
                        array.remove(place);
                    }
                    _ => {}
                }
            }
            Self::Json(tree) => {
                if let Some(list) = json_list(tree, path, key).filter(|list| place < list.len()) {
                    list.remove(place);
                }
            }
        }
    }

    /// Sets or removes a field of an item in the list `key`.
    pub(crate) fn set_in_item(
        &mut self,
        path: Path<'_>,
        key: &str,
        place: usize,
        field: &str,
        value: Option<&Tree>,
    ) {
        match self {
            Self::Toml(document) => {
                let list = toml_table(document.as_table_mut(), path).and_then(|table| table.get_mut(key));
                let Some(list) = list else { return };
                match (item_of(list, place), value) {
                    (Some(item), Some(value)) => set_toml(item, field, value),
                    (Some(item), None) => drop(item.remove(field)),
                    (None, _) => {}
                }
                tidy(list, place);
            }
            Self::Json(tree) => {
                let item = json_list(tree, path, key).and_then(|list| list.get_mut(place));
                if let Some(Tree::Table(item)) = item {
                    match value {
                        Some(value) => set_json(item, field, value.clone()),
                        None => item.retain(|(name, _)| name != field),
                    }
                }
            }
        }
    }
}

/// Detaches the comment at the top of the file from the first table and returns it, so that the caller can
/// attach it to a key that is inserted before that table. A comment that follows a blank line describes the
/// table and stays there.
fn top_comment(document: &mut DocumentMut, key: &str) -> Option<String> {
    let root = document.as_table_mut();
    if root.contains_key(key) || root.iter().any(|(_, item)| item.is_value()) {
        return None;
    }
    let decor = first_table(root)?.decor_mut();
    let prefix = decor.prefix()?.as_str()?.to_owned();
    let (top, rest) = match prefix.rfind("\n\n") {
        Some(blank) => prefix.split_at(blank + 1),
        None => (prefix.as_str(), ""),
    };
    if !top.contains('#') {
        return None;
    }
    let top = top.to_owned();
    decor.set_prefix(if rest.is_empty() { "\n".to_owned() } else { rest.to_owned() });
    Some(top)
}

/// Moves the comment above a removed key to the next key or table.
fn keep_comment(document: &mut DocumentMut, key: &str) {
    let root = document.as_table_mut();
    let Some(comment) = root.key(key).and_then(|key| key.leaf_decor().prefix()).and_then(|raw| raw.as_str())
    else {
        return;
    };
    let comment = comment.to_owned();
    if !comment.contains('#') {
        return;
    }
    let keys: Vec<_> =
        root.iter().filter(|(_, item)| item.is_value()).map(|(name, _)| name.to_owned()).collect();
    let next = keys.iter().skip_while(|name| *name != key).nth(1);
    if let Some(mut next) = next.and_then(|next| root.key_mut(next)) {
        let own = next.leaf_decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned();
        next.leaf_decor_mut().set_prefix(comment + &own);
    } else if let Some(table) = first_table(root) {
        let own = table.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned();
        // A prefix that is a single line break is the blank line that `top_comment` inserted before the
        // table.
        table.decor_mut().set_prefix(comment + if own == "\n" { "" } else { &own });
    }
}

/// Returns the table whose header comes first in the file.
fn first_table(table: &mut Table) -> Option<&mut Table> {
    let first = |item: &Item| match item {
        Item::Table(table) => header(table),
        Item::ArrayOfTables(tables) => tables.iter().filter_map(header).min(),
        _ => None,
    };
    let (_, item) = table.iter_mut().min_by_key(|(_, item)| first(item).unwrap_or(isize::MAX))?;
    match item {
        Item::Table(table) => {
            let has_header = !table.is_implicit() && table.position().is_some();
            if has_header { Some(table) } else { first_table(table) }
        }
        Item::ArrayOfTables(tables) => tables.get_mut(0),
        _ => None,
    }
}

/// Returns the position of the first header among those of the table and its subtables.
fn header(table: &Table) -> Option<isize> {
    let within = table.iter().filter_map(|(_, item)| match item {
        Item::Table(table) => header(table),
        Item::ArrayOfTables(tables) => tables.iter().filter_map(header).min(),
        _ => None,
    });
    let own = table.position().filter(|_| !table.is_implicit());
    own.into_iter().chain(within).min()
}

fn item_of(list: &mut Item, place: usize) -> Option<&mut dyn TableLike> {
    match list {
        Item::ArrayOfTables(tables) => tables.get_mut(place).map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(array)) => match array.get_mut(place)? {
            Value::InlineTable(table) => Some(table),
            _ => None,
        },
        _ => None,
    }
}

/// Removes the whitespace after each value of an inline table, except for a space before the closing brace.
fn tidy(list: &mut Item, place: usize) {
    let Some(Value::InlineTable(table)) = list.as_array_mut().and_then(|array| array.get_mut(place)) else {
        return;
    };
    let last = table.len().saturating_sub(1);
    for (at, (_, value)) in table.iter_mut().enumerate() {
        if value
            .decor()
            .suffix()
            .is_none_or(|suffix| suffix.as_str().is_none_or(|text| text.trim().is_empty()))
        {
            value.decor_mut().set_suffix(if at == last { " " } else { "" });
        }
    }
}

fn toml_table<'t>(root: &'t mut dyn TableLike, path: Path<'_>) -> Option<&'t mut dyn TableLike> {
    let Some((first, rest)) = path.split_first() else { return Some(root) };
    let item = root.entry(first).or_insert_with(|| Item::Value(InlineTable::new().into()));
    toml_table(item.as_table_like_mut()?, rest)
}

fn set_toml(table: &mut dyn TableLike, key: &str, value: &Tree) {
    let mut fresh = toml_value(value);
    match table.get_mut(key) {
        // The decor consists of the whitespace and comments around the value.
        Some(Item::Value(old)) => {
            *fresh.decor_mut() = old.decor().clone();
            *old = fresh;
        }
        _ => drop(table.insert(key, Item::Value(fresh))),
    }
}

fn push_table(tables: &mut ArrayOfTables, item: &[(&str, Tree)]) {
    let mut table = Table::new();
    for (key, value) in item {
        table.insert(key, Item::Value(toml_value(value)));
    }
    tables.push(table);
}

/// Appends an item to an array, on a new line if the previous item is on a separate line.
fn push_inline(array: &mut Array, item: &[(&str, Tree)]) {
    let raw = |raw: &toml_edit::RawString| raw.as_str().unwrap_or_default().to_owned();
    let before = array.iter().last().and_then(|last| last.decor().prefix()).map(raw);
    let after = raw(array.trailing());
    let table: InlineTable = item.iter().map(|(key, value)| (*key, toml_value(value))).collect();
    let mut value = Value::from(table);
    let indent =
        before.as_deref().and_then(|before| before.rsplit_once('\n')).map(|(_, indent)| indent.to_owned());
    match indent {
        // Keep a comment that follows the last item on the line of that item.
        Some(indent) if after.contains('#') => {
            value.decor_mut().set_prefix(format!("{}\n{indent}", after.trim_end()));
            array.set_trailing("\n");
        }
        Some(indent) => value.decor_mut().set_prefix(format!("\n{indent}")),
        None if !array.is_empty() => value.decor_mut().set_prefix(" "),
        None => {}
    }
    array.push_formatted(value);
}

fn toml_value(tree: &Tree) -> Value {
    match tree {
        Tree::Null => Value::from(""),
        Tree::Bool(value) => Value::from(*value),
        Tree::Integer(value) => Value::from(*value),
        Tree::Float(value) => Value::from(*value),
        Tree::Text(value) => Value::from(value.as_str()),
        Tree::Date(value) => {
            value.parse::<toml_edit::Datetime>().map_or_else(|_| Value::from(value), Value::from)
        }
        Tree::List(items) => Value::Array(items.iter().map(toml_value).collect()),
        Tree::Table(entries) => {
            let table: InlineTable =
                entries.iter().map(|(key, value)| (key.as_str(), toml_value(value))).collect();
            Value::InlineTable(table)
        }
    }
}

/// Formats a value as TOML.
pub(super) fn toml_text(tree: &Tree) -> String {
    toml_value(tree).to_string()
}

fn json_table<'t>(tree: &'t mut Tree, path: Path<'_>) -> Option<&'t mut Vec<(String, Tree)>> {
    let Tree::Table(entries) = tree else { return None };
    let Some((first, rest)) = path.split_first() else { return Some(entries) };
    if !entries.iter().any(|(name, _)| name == first) {
        entries.push(((*first).to_owned(), Tree::Table(Vec::new())));
    }
    let (_, table) = entries.iter_mut().find(|(name, _)| name == first)?;
    json_table(table, rest)
}

fn json_list<'t>(tree: &'t mut Tree, path: Path<'_>, key: &str) -> Option<&'t mut Vec<Tree>> {
    let (_, list) = json_table(tree, path)?.iter_mut().find(|(name, _)| name == key)?;
    if let Tree::List(items) = list { Some(items) } else { None }
}

fn set_json(table: &mut Vec<(String, Tree)>, key: &str, value: Tree) {
    match table.iter_mut().find(|(name, _)| name == key) {
        Some((_, old)) => *old = value,
        None => table.push((key.to_owned(), value)),
    }
}

//! Queries that were dropped, reordered or encoded again. The same hypotheses apply to bodies of forms.

use super::super::capture::Captured;
use super::encoding::{QUERY_STYLES, Style, code, decode, encode, with_hex};
use super::{Edit, What};

/// The number of fields up to which all orders are tried.
const ALL_ORDERS: usize = 4;
const DECODED: &str = " !$'()*,;:@/?[]|{}~\"";

/// Returns edits of the query.
pub(super) fn queries(request: &Captured) -> Vec<Edit> {
    let edit = |sentence: &str, query: Option<String>| {
        Edit::new("query", format!("{sentence} on the way"), What::Query(query))
    };
    let Some(query) = request.query() else {
        return vec![edit("an empty query was dropped", Some(String::new()))];
    };
    let mut edits = vec![edit("a query was added", None), edit("a query was added", Some(String::new()))];
    let fields: Vec<&str> = query.split('&').collect();
    if fields.len() > 1 {
        for at in 0..fields.len().min(64) {
            let others = fields.iter().enumerate().filter(|(place, _)| *place != at);
            let others: Vec<&str> = others.map(|(_, field)| *field).collect();
            let name = fields.get(at).and_then(|field| field.split('=').next()).unwrap_or_default();
            edits.push(edit(&format!("the query field {name} was added"), Some(others.join("&"))));
        }
    }
    edits.extend(
        spellings(query).into_iter().map(|(what, other)| edit(&format!("the query was {what}"), Some(other))),
    );
    edits.retain(|edit| !matches!(&edit.what, What::Query(Some(other)) if other == query));
    edits
}

/// Returns other spellings of a query or form.
pub(super) fn spellings(query: &str) -> Vec<(&'static str, String)> {
    const AGAIN: &str = "encoded again";
    let mut found = vec![
        (AGAIN, query.replace("%20", "+")),
        (AGAIN, query.replace('+', "%20")),
        (AGAIN, query.replace('+', "%2B")),
        (AGAIN, query.replace("%2B", "+")),
        (AGAIN, with_hex(query, true)),
        (AGAIN, with_hex(query, false)),
        ("freed of empty values", with_equals(query)),
        (
            "given empty values",
            query
                .split('&')
                .map(|field| field.strip_suffix('=').unwrap_or(field))
                .collect::<Vec<_>>()
                .join("&"),
        ),
    ];
    for letter in DECODED.chars() {
        for lower in [false, true] {
            let code = code(u8::try_from(letter).unwrap_or_default(), lower);
            found.push((AGAIN, query.replace(letter, &code)));
            found.push((AGAIN, query.replace(&code, &letter.to_string())));
        }
    }
    let fields: Vec<&str> = query.split('&').collect();
    let orders = orders(&fields);
    for order in &orders {
        found.push(("reordered", order.join("&")));
    }
    for (at, order) in orders.iter().enumerate() {
        let what = if at == 0 { AGAIN } else { "reordered and encoded again" };
        for style in QUERY_STYLES {
            found.push((what, encoded(order, style)));
        }
    }
    found.retain(|(_, other)| other != query && !other.contains(' '));
    found
}

fn with_equals(query: &str) -> String {
    let fields = query
        .split('&')
        .map(|field| if field.contains('=') { field.to_owned() } else { format!("{field}=") });
    fields.collect::<Vec<_>>().join("&")
}

fn encoded(fields: &[&str], style: Style) -> String {
    let again = |text: &str| encode(&decode(text, true), style);
    let fields = fields.iter().map(|field| match field.split_once('=') {
        Some((name, value)) => format!("{}={}", again(name), again(value)),
        None => again(field),
    });
    fields.collect::<Vec<_>>().join("&")
}

/// Returns orders of the fields: the given one, sorted, reversed, rotated, and all orders of a few fields.
fn orders<'q>(fields: &[&'q str]) -> Vec<Vec<&'q str>> {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let mut orders = vec![fields.to_vec(), sorted.clone(), fields.iter().rev().copied().collect()];
    orders.push(sorted.iter().rev().copied().collect());
    for at in 1..fields.len().min(32) {
        let mut rotated = fields.to_vec();
        rotated.rotate_left(at);
        orders.push(rotated);
        let mut swapped = fields.to_vec();
        swapped.swap(at - 1, at);
        orders.push(swapped);
    }
    if fields.len() <= ALL_ORDERS {
        permute(&mut fields.to_vec(), 0, &mut orders);
    }
    let mut distinct: Vec<Vec<&str>> = Vec::new();
    for order in orders {
        if !distinct.contains(&order) {
            distinct.push(order);
        }
    }
    distinct
}

fn permute<'q>(fields: &mut Vec<&'q str>, at: usize, orders: &mut Vec<Vec<&'q str>>) {
    if at == fields.len() {
        orders.push(fields.clone());
        return;
    }
    for other in at..fields.len() {
        fields.swap(at, other);
        permute(fields, at + 1, orders);
        fields.swap(at, other);
    }
}

//! Hypotheses about the query: it was dropped, reordered or re-encoded. The same changes are tried for form
//! bodies, which have the same syntax.

use super::super::capture::Captured;
use super::encoding::{QUERY_STYLES, Style, code, decode, encode, with_hex};
use super::{Edit, What};

/// The maximum number of fields in a query for which all permutations are tried.
const ALL_ORDERS: usize = 4;
/// The number of fields at the end of the query that are removed in all combinations.
const SUBSETS: usize = 5;
/// The number of fields at the start of the query that are removed in pairs.
const PAIRS: usize = 12;
/// The maximum total size of the generated queries in bytes.
const MOST_BYTES: usize = 16 << 20;
const DECODED: &str = " !$'()*,;:@/?[]|{}~\"";

/// Returns the hypotheses about the query.
pub(super) fn queries(request: &Captured) -> Vec<Edit> {
    let edit = |sentence: &str, query: Option<String>| {
        Edit::new("query", format!("{sentence} in transit"), What::Query(query))
    };
    let Some(query) = request.query() else {
        return vec![edit("an empty query was dropped", Some(String::new()))];
    };
    let mut edits = vec![edit("a query was added", None), edit("a query was added", Some(String::new()))];
    let fields: Vec<&str> = query.split('&').collect();
    edits.extend(without(&fields).into_iter().map(|(what, rest)| edit(&what, Some(rest))));
    edits.extend(
        spellings(query).into_iter().map(|(what, other)| edit(&format!("the query was {what}"), Some(other))),
    );
    edits.retain(|edit| !matches!(&edit.what, What::Query(Some(other)) if other == query));
    edits
}

/// Returns variants of the query with some fields removed, each with a message.
fn without(fields: &[&str]) -> Vec<(String, String)> {
    let count = fields.len();
    let mut removed: Vec<Vec<usize>> = (0..count.min(64)).map(|at| vec![at]).collect();
    removed.extend((1..count.saturating_sub(1).min(64)).rev().map(|at| (at..count).collect()));
    let last = count.min(SUBSETS);
    removed.extend((1..1_usize << last).map(|bits| {
        (0..last).filter(|place| bits >> place & 1 == 1).map(|place| count - last + place).collect()
    }));
    let paired = count.min(PAIRS);
    removed.extend((0..paired).flat_map(|one| (one + 1..paired).map(move |other| vec![one, other])));
    let mut distinct: Vec<Vec<usize>> = Vec::new();
    for places in removed {
        if places.len() < count && !distinct.contains(&places) {
            distinct.push(places);
        }
    }
    let result = distinct.into_iter().map(|places| {
        let kept = fields.iter().enumerate().filter(|(place, _)| places.binary_search(place).is_err());
        let kept: Vec<&str> = kept.map(|(_, field)| *field).collect();
        (named(fields, &places), kept.join("&"))
    });
    result.collect()
}

/// Returns a message that lists the names of the added fields. A field without a value is not listed because
/// it may be a secret.
fn named(fields: &[&str], places: &[usize]) -> String {
    const MOST_NAMED: usize = 4;
    let names = places.iter().map(|at| fields.get(*at).and_then(|field| field.split_once('=')));
    let names: Option<Vec<&str>> = names.map(|field| field.map(|(name, _)| name)).collect();
    match names.as_deref() {
        Some([name]) => format!("the query field {name} was added"),
        Some(names) if names.len() <= MOST_NAMED => {
            format!("the query fields {} were added", names.join(", "))
        }
        _ if places.len() == 1 => "a query field without a value was added".to_owned(),
        _ => format!("{} query fields were added", places.len()),
    }
}

/// Returns variants of a query or form body, each with a message.
pub(super) fn spellings(query: &str) -> Vec<(&'static str, String)> {
    const AGAIN: &str = "re-encoded";
    let mut found = vec![
        (AGAIN, query.replace("%20", "+")),
        (AGAIN, query.replace('+', "%20")),
        (AGAIN, query.replace('+', "%2B")),
        (AGAIN, query.replace("%2B", "+")),
        (AGAIN, with_hex(query, true)),
        (AGAIN, with_hex(query, false)),
        ("stripped of empty values", with_equals(query)),
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
    let mut bytes = query.len().saturating_mul(found.len());
    for (at, order) in orders.iter().enumerate() {
        let what = if at == 0 { AGAIN } else { "reordered and re-encoded" };
        for style in QUERY_STYLES {
            if bytes > MOST_BYTES {
                break;
            }
            let other = encoded(order, style);
            bytes += other.len();
            found.push((what, other));
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

/// Returns the field orders to try: the given order, the sorted, reversed and rotated orders, and orders with
/// two adjacent fields swapped. For a few fields, it returns all permutations.
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

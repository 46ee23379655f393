//! Hypotheses about headers: a value was replaced, or a header was added.

use sealwire_core::http_signature::content_digest::{ContentDigest, FORMATTED_LENGTH};
use sealwire_core::{OVERRIDES, Scheme, client, message, pairwise};

use super::{Case, Edit, MAX_SIGNED_BYTES, What, own_headers};

/// The maximum number of words tried as the original value of a header.
const MAX_WORDS: usize = 400;
/// The maximum length in bytes of a header value whose words are tried.
const MAX_VALUE_BYTES: usize = 4096;
/// The maximum total size in bytes of the header values whose words are tried.
const MAX_WORD_BYTES: usize = 64 << 10;
/// The maximum number of covered components examined.
const MOST_COVERED: usize = 64;
/// The maximum number of header names tried in place of a covered name.
const MOST_HEADERS: usize = 64;

/// Returns the hypotheses about headers.
pub(super) fn fields(case: &Case<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    match case.scheme {
        Scheme::Client => edits.extend(request_ids(case)),
        Scheme::Message => {
            edits.extend(added(case));
            edits.extend(digest(case));
            edits.extend(covered_names(case));
            for name in case.covered.iter().take(MOST_COVERED) {
                edits.extend(values(case, name));
            }
        }
        _ => {}
    }
    edits.extend(timestamps(case));
    edits
}

/// Returns hypotheses for a proxy that replaced the signed request id. The original id may be in another
/// header.
fn request_ids(case: &Case<'_>) -> Vec<Edit> {
    let name = client::REQUEST_ID;
    let sentence = format!("{name} was replaced in transit; configure the proxy to forward it unchanged");
    words(case, name).map(|word| Edit::new("request id", sentence.clone(), header(name, word))).collect()
}

/// Returns the hypotheses that a proxy added one of the headers that must be signed when present.
fn added(case: &Case<'_>) -> Vec<Edit> {
    let present = OVERRIDES.into_iter().chain([pairwise::USER_ID]);
    let present = present.filter(|name| case.request.header(name).is_some());
    present
        .map(|name| {
            let sentence = format!("{name} was added in transit; configure the proxy not to set it");
            Edit::new("added header", sentence, What::Header(name.to_owned(), None))
        })
        .collect()
}

/// The derived components that signatures usually cover.
const DERIVED: [&str; 5] = ["@method", "@authority", "@path", "@query", "@target-uri"];

/// Returns hypotheses for a component name in `Signature-Input` that was changed and no longer matches a
/// header.
fn covered_names(case: &Case<'_>) -> Vec<Edit> {
    let name = message::SIGNATURE_INPUT;
    let value = case.request.header(name).filter(|value| value.len() <= MAX_SIGNED_BYTES);
    let Some(value) = value else { return Vec::new() };
    let absent =
        case.covered.iter().take(MOST_COVERED).filter(|covered| case.request.header(covered).is_none());
    let sentence = format!("{name} was changed in transit");
    let mut edits = Vec::new();
    for covered in absent.take(4) {
        let headers =
            case.request.headers.iter().take(MOST_HEADERS).map(|(other, _)| other.to_ascii_lowercase());
        for other in DERIVED.into_iter().map(ToOwned::to_owned).chain(headers) {
            let changed = value.replace(&format!("\"{covered}\""), &format!("\"{other}\""));
            edits.push(Edit::new("header", sentence.clone(), header(name, changed)));
        }
    }
    edits
}

/// Returns the hypothesis that `Content-Digest` was changed or removed, but the body was not changed.
fn digest(case: &Case<'_>) -> Vec<Edit> {
    let Some(body) = case.request.body.as_deref() else { return Vec::new() };
    let mut buffer = [0; FORMATTED_LENGTH];
    let value = ContentDigest::of(body).format(&mut buffer).to_owned();
    let name = message::CONTENT_DIGEST;
    let (culprit, what) = match case.request.header(name) {
        Some(_) => ("header", "was changed in transit"),
        None => {
            ("missing header", "is missing, and the signature covers it; check whether a proxy removes it")
        }
    };
    vec![Edit::new(culprit, format!("{name} {what}"), header(name, value))]
}

/// Returns hypotheses for a changed value of a covered header.
fn values(case: &Case<'_>, name: &str) -> Vec<Edit> {
    let Some(value) = case.request.header(name) else { return Vec::new() };
    let mut others: Vec<String> = Vec::new();
    let mut add = |other: &str| others.push(other.trim().to_owned());
    let is_user = name.eq_ignore_ascii_case(pairwise::USER_ID);
    let (culprit, what) = if is_user { ("user id", "user id") } else { ("header", "covered header") };
    let originals = [format!("x-original-{name}"), format!("x-forwarded-{name}")];
    originals.iter().filter_map(|name| case.request.header(name)).for_each(&mut add);
    if let Some((first, rest)) = value.split_once([',', ';']) {
        add(first);
        add(rest);
        add(value.rsplit_once(',').map_or("", |(before, _)| before));
    }
    add(value.trim_matches('"'));
    add(&value.to_ascii_lowercase());
    if name == "content-type" {
        let kind = value.split(';').next().unwrap_or_default().trim();
        for charset in ["; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8", ""] {
            add(&format!("{kind}{charset}"));
        }
        ["application/json", "text/plain;charset=UTF-8", "application/octet-stream"]
            .iter()
            .for_each(|kind| add(kind));
    }
    if name == "content-length" {
        let length = case.request.body.as_ref().map(|body| body.len().to_string());
        length.iter().for_each(|length| add(length));
    }
    if is_user {
        words(case, name).for_each(|word| add(&word));
    }
    let sentence = format!("the {what} {name} was changed in transit");
    others.retain(|other| other != value);
    others.into_iter().map(|other| Edit::new(culprit, sentence.clone(), header(name, other))).collect()
}

/// Returns hypotheses for a timestamp that was signed in seconds and sent in milliseconds, or vice versa.
fn timestamps(case: &Case<'_>) -> Vec<Edit> {
    let [_, name] = own_headers(case.scheme);
    let number = case.request.header(name).and_then(|value| value.parse::<u64>().ok());
    let Some(number) = number.filter(|_| case.scheme != Scheme::Message) else { return Vec::new() };
    let others = [number.checked_mul(1000), Some(number / 1000)];
    let sentence = format!("{name} was signed in one unit and sent in another");
    others
        .into_iter()
        .flatten()
        .map(|other| Edit::new("timestamp", sentence.clone(), header(name, other.to_string())))
        .collect()
}

fn header(name: &str, value: impl Into<String>) -> What {
    What::Header(name.to_owned(), Some(value.into()))
}

/// Returns the words in all header values, except those of the header `except`.
fn words(case: &Case<'_>, except: &str) -> impl Iterator<Item = String> {
    let own = case.request.header(except).unwrap_or_default().to_owned();
    let mut words: Vec<String> = Vec::new();
    let mut bytes = 0;
    for (name, value) in &case.request.headers {
        bytes += value.len();
        if bytes > MAX_WORD_BYTES {
            break;
        }
        if name.eq_ignore_ascii_case(except) || value.len() > MAX_VALUE_BYTES {
            continue;
        }
        let is_id = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        let pieces = value
            .split(|letter: char| !is_id(letter))
            .chain(value.split_whitespace())
            .chain([value.as_str()]);
        for word in pieces.chain(value.split([',', ';', '=', ' ', '"'])) {
            let is_word = (1..=128).contains(&word.len()) && word != own;
            if is_word && words.len() < MAX_WORDS && !words.iter().any(|held| held == word) {
                words.push(word.to_owned());
            }
        }
    }
    words.into_iter()
}

//! Hypotheses about a rewritten path: changed prefixes, normalisation and percent-encoding.

use super::encoding::{PATH_STYLES, Style, code, decode, encode, with_hex};
use super::{Case, Edit, MAX_TARGET_BYTES, What};

/// The headers that proxies use to forward the original target or path. No scheme signs these headers.
const ORIGINAL_TARGETS: [&str; 8] = [
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
    "x-envoy-original-path",
    "x-forwarded-uri",
    "x-forwarded-path",
    "x-replaced-path",
    "x-request-uri",
];
/// The headers that proxies use to forward a prefix that they removed.
const PREFIXES: [&str; 3] = ["x-forwarded-prefix", "x-script-name", "x-forwarded-context"];
const USUAL_PREFIXES: [&str; 14] = [
    "/api",
    "/v1",
    "/api/v1",
    "/v2",
    "/api/v2",
    "/v3",
    "/internal",
    "/gateway",
    "/backend",
    "/service",
    "/services",
    "/app",
    "/rest",
    "/public",
];
/// Characters that a proxy may have percent-decoded. nginx decodes all of them if `proxy_pass` contains a
/// URI.
const DECODED: &str = "/ !$&'()*+,;=:@[]|^{}\"<>`~%\\";

const ADDED: &str = "was added to the path in transit";
const REMOVED: &str = "was removed from the path in transit";

/// The maximum number of leading path segments treated as a prefix.
const MOST_SEGMENTS: usize = 16;
/// The maximum length of a prefix in bytes.
const MOST_PREFIX_BYTES: usize = 256;

/// Returns the hypotheses about the path, starting with the most frequent changes. The order matters because
/// only a limited number from the start of the list is combined with other hypotheses.
pub(super) fn paths(case: &Case<'_>) -> Vec<Edit> {
    let path = case.request.path();
    let spelt = |found: Vec<(&'static str, String)>| {
        found.into_iter().map(|(sentence, path)| edit(sentence.to_owned(), path))
    };
    let told = told_prefixes(case);
    let all = prefixes(case);
    let mut edits: Vec<Edit> = original_targets(case);
    told.iter().for_each(|prefix| edits.extend(removed(path, prefix)));
    edits.extend(spelt(common_spellings(path)));
    all.iter().skip(told.len()).for_each(|prefix| edits.extend(removed(path, prefix)));
    edits.extend(spelt(slashes(path)));
    edits.extend(added(path));
    edits.extend(replaced(path, &all));
    edits.extend(spelt(spellings(path)));
    edits.retain(|edit| !matches!(&edit.what, What::Path(other) if other == path || !other.starts_with('/')));
    edits
}

/// Returns hypotheses for a prefix that was removed from the path.
fn removed(path: &str, prefix: &str) -> Vec<Edit> {
    let sentence = format!("the prefix {prefix} {REMOVED}");
    let mut edits = vec![edit(sentence.clone(), format!("{prefix}{path}"))];
    if path == "/" {
        edits.push(edit(sentence, prefix.to_owned()));
    }
    edits
}

/// Splits the path after each of its first `MOST_SEGMENTS` segments.
fn cuts(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).skip(1);
    ends.take(MOST_SEGMENTS).filter_map(|at| path.split_at_checked(at)).filter(|(gone, _)| !gone.is_empty())
}

/// Returns hypotheses for prefixes that were added to the path.
fn added(path: &str) -> impl Iterator<Item = Edit> {
    cuts(path).map(|(gone, rest)| {
        let rest = if rest.is_empty() { "/" } else { rest };
        edit(format!("the prefix {gone} {ADDED}"), rest.to_owned())
    })
}

/// Returns hypotheses for prefixes that were replaced with other prefixes.
fn replaced(path: &str, prefixes: &[String]) -> impl Iterator<Item = Edit> {
    let short = cuts(path).filter(|(gone, _)| gone.len() <= MOST_PREFIX_BYTES);
    short.flat_map(move |(gone, rest)| {
        prefixes.iter().filter(move |prefix| *prefix != gone).map(move |prefix| {
            let sentence = format!("the path prefix {prefix} was replaced with {gone} in transit");
            edit(sentence, format!("{prefix}{}", if rest == "/" { "" } else { rest }))
        })
    })
}

fn edit(sentence: String, path: String) -> Edit {
    Edit::new("path", sentence, What::Path(path))
}

/// Returns the hypotheses that the original target is one of those in the headers and in the log.
fn original_targets(case: &Case<'_>) -> Vec<Edit> {
    let request = case.request;
    let mut edits = Vec::new();
    for name in ORIGINAL_TARGETS {
        let Some(value) = request.header(name).filter(|value| value.len() <= MAX_TARGET_BYTES) else {
            continue;
        };
        let split = crate::Url::split(value.as_bytes(), &[]);
        let target = super::super::capture::text(split.target);
        let sentence = format!("the target was rewritten in transit: {name} contains the original target");
        if target.contains('?') || request.query().is_none() {
            edits.push(Edit::new("path", sentence.clone(), What::Target(target.clone())));
        }
        let path = target.split('?').next().unwrap_or_default();
        edits.push(edit(sentence, path.to_owned()));
    }
    if let Some(path) = case.logged_path.filter(|path| path.len() <= MAX_TARGET_BYTES) {
        let sentence =
            "the path was rewritten in transit: the path in the log differs from the path in the capture";
        edits.push(edit(sentence.to_owned(), path.to_owned()));
    }
    edits
}

/// Returns the prefixes given in the input and in headers.
fn told_prefixes(case: &Case<'_>) -> Vec<String> {
    let told = PREFIXES.iter().filter_map(|name| case.request.header(name));
    distinct(case.prefix.into_iter().chain(told).map(ToOwned::to_owned))
}

/// Returns the prefixes that a proxy may have removed, starting with those given in the input and in headers.
fn prefixes(case: &Case<'_>) -> Vec<String> {
    let service = case.service.trim_end_matches("_service");
    let own = [
        format!("/{service}"),
        format!("/{}", case.service),
        format!("/api/{service}"),
        format!("/services/{service}"),
    ];
    let usual = USUAL_PREFIXES.into_iter().map(ToOwned::to_owned);
    distinct(told_prefixes(case).into_iter().chain(usual).chain(own))
}

fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut prefixes: Vec<String> = Vec::new();
    for prefix in all.filter(|prefix| prefix.len() <= MOST_PREFIX_BYTES) {
        let prefix = format!("/{}", prefix.trim_matches('/'));
        if prefix.len() > 1 && !prefixes.contains(&prefix) {
            prefixes.push(prefix);
        }
    }
    prefixes
}

const ENCODED_AGAIN: &str = "the percent-encoding in the path was changed in transit";
/// The maximum number of slashes for which a change of that slash alone is tried.
const MOST_SLASHES: usize = 40;

/// Returns variants of the path for the most frequent changes by proxies, each with a message.
fn common_spellings(path: &str) -> Vec<(&'static str, String)> {
    let trimmed = path.trim_end_matches('/');
    let trimmed = if trimmed.is_empty() { "/" } else { trimmed };
    let mut found = vec![
        ("a slash was added to the end of the path in transit", trimmed.to_owned()),
        ("the slash at the end of the path was removed in transit", format!("{path}/")),
        (ENCODED_AGAIN, with_hex(path, true)),
        (ENCODED_AGAIN, with_hex(path, false)),
        ("the path's case was changed in transit", path.to_ascii_lowercase()),
    ];
    found.extend(slashes(path).into_iter().take(4 * 5));
    found
}

/// Returns variants of `path` in which a single slash differs, each with a message.
fn slashes(path: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (at, _) in path.match_indices('/').take(MOST_SLASHES) {
        let (before, after) = path.split_at_checked(at).unwrap_or((path, ""));
        found.push(("repeated slashes in the path were merged in transit", format!("{before}/{after}")));
        found.push(("a dot segment was removed from the path in transit", format!("{before}/.{after}")));
        let rest = after.get(1..).unwrap_or_default();
        if at > 0 {
            for hex in ["%2F", "%2f"] {
                found.push(("the path was percent-decoded in transit", format!("{before}{hex}{rest}")));
            }
        }
    }
    found
}

/// Returns less common variants of the path, each with a message.
fn spellings(path: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let decoded = decode(path, false);
    for plain in PATH_STYLES {
        for lower_hex in [false, true] {
            let style = Style { plain, plus_for_space: false, lower_hex };
            let encode_all = |bytes: &[u8]| {
                let segments = bytes.split(|byte| *byte == b'/').map(|part| encode(part, style));
                segments.collect::<Vec<_>>().join("/")
            };
            found.push((ENCODED_AGAIN, encode_all(&decoded)));
            found.push(("the path was percent-decoded in transit", encode_all(path.as_bytes())));
        }
    }
    for letter in DECODED.chars().filter(|letter| path.contains(*letter)) {
        for lower in [false, true] {
            let codes = code(u8::try_from(letter).unwrap_or_default(), lower);
            let (first, rest) = path.split_at_checked(1).unwrap_or((path, ""));
            let encoded = format!("{first}{}", rest.replace(letter, &codes));
            found.push(("the path was percent-decoded in transit", encoded));
        }
    }
    if let Ok(decoded) = String::from_utf8(decoded) {
        found.push(("the path was percent-encoded in transit", decoded));
    }
    found
}

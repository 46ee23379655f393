//! Paths that were rewritten: prefixes, normalisation, and encoding.

use super::encoding::{PATH_STYLES, Style, code, decode, encode, with_hex};
use super::{Case, Edit, What};

/// Headers in which proxies store the original target or path. None of them is part of a scheme.
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
/// Headers in which proxies store the removed prefix.
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
/// Characters that a component may have decoded. nginx decodes them all if `proxy_pass` has a URI.
const DECODED: &str = "/ !$&'()*+,;=:@[]|^{}\"<>`~%\\";

const ADDED: &str = "was added to the path on the way";
const REMOVED: &str = "was removed from the path on the way";

/// Returns edits of the path, the most frequent first.
pub(super) fn paths(case: &Case<'_>) -> Vec<Edit> {
    let request = case.request;
    let path = request.path();
    let mut edits: Vec<Edit> = original_targets(case);
    let prefixes = prefixes(case);
    for prefix in &prefixes {
        edits.push(edit(format!("the prefix {prefix} {REMOVED}"), format!("{prefix}{path}")));
        if path == "/" {
            edits.push(edit(format!("the prefix {prefix} {REMOVED}"), prefix.clone()));
        }
    }
    let parts: Vec<&str> = path.split('/').collect();
    for count in 2..=parts.len() {
        let (gone, rest) = parts.split_at_checked(count).unwrap_or_default();
        let (gone, rest) = (gone.join("/"), format!("/{}", rest.join("/")));
        edits.push(edit(format!("the prefix {gone} {ADDED}"), rest.clone()));
        for prefix in prefixes.iter().filter(|prefix| **prefix != gone) {
            let sentence = format!("the prefix {prefix} of the path was replaced by {gone} on the way");
            edits.push(edit(sentence, format!("{prefix}{}", if rest == "/" { "" } else { &rest })));
        }
    }
    edits.extend(spellings(path).into_iter().map(|(sentence, path)| edit(sentence.to_owned(), path)));
    edits.retain(|edit| !matches!(&edit.what, What::Path(other) if other == path || !other.starts_with('/')));
    edits
}

fn edit(sentence: String, path: String) -> Edit {
    Edit::new("path", sentence, What::Path(path))
}

/// Returns targets that are in a header or in the log.
fn original_targets(case: &Case<'_>) -> Vec<Edit> {
    let request = case.request;
    let mut edits = Vec::new();
    for name in ORIGINAL_TARGETS {
        let Some(value) = request.header(name) else { continue };
        let split = crate::Url::split(value.as_bytes(), &[]);
        let target = super::super::capture::text(split.target);
        let sentence = format!("the target was rewritten on the way: {name} contains the original");
        if target.contains('?') || request.query().is_none() {
            edits.push(Edit::new("path", sentence.clone(), What::Target(target.clone())));
        }
        let path = target.split('?').next().unwrap_or_default();
        edits.push(edit(sentence, path.to_owned()));
    }
    if let Some(path) = case.logged_path {
        let sentence = "the path was rewritten on the way: the log contains another path than the capture";
        edits.push(edit(sentence.to_owned(), path.to_owned()));
    }
    edits
}

/// Returns prefixes that a proxy may have removed.
fn prefixes(case: &Case<'_>) -> Vec<String> {
    let told = PREFIXES.iter().filter_map(|name| case.request.header(name));
    let service = case.service.trim_end_matches("_service");
    let own = [
        format!("/{service}"),
        format!("/{}", case.service),
        format!("/api/{service}"),
        format!("/services/{service}"),
    ];
    let all = case.prefix.into_iter().chain(told).chain(USUAL_PREFIXES).map(ToOwned::to_owned).chain(own);
    let mut prefixes: Vec<String> = Vec::new();
    for prefix in all {
        let prefix = format!("/{}", prefix.trim_matches('/'));
        if prefix.len() > 1 && !prefixes.contains(&prefix) {
            prefixes.push(prefix);
        }
    }
    prefixes
}

/// Returns other spellings of a path, each with a message.
fn spellings(path: &str) -> Vec<(&'static str, String)> {
    let trimmed = path.trim_end_matches('/');
    let mut found = vec![
        ("a slash was added to the end of the path on the way", trimmed.to_owned()),
        ("the slash at the end of the path was removed on the way", format!("{path}/")),
        ("the path's case was changed on the way", path.to_ascii_lowercase()),
    ];
    if trimmed.is_empty() {
        found.push(("a slash was added to the end of the path on the way", "/".to_owned()));
    }
    let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
    for at in slashes.iter().take(40) {
        let (before, after) = path.split_at_checked(*at).unwrap_or((path, ""));
        found.push(("repeated slashes in the path were merged on the way", format!("{before}/{after}")));
        found.push(("a dot segment was removed from the path on the way", format!("{before}/.{after}")));
        let rest = after.get(1..).unwrap_or_default();
        if *at > 0 {
            for hex in ["%2F", "%2f"] {
                found.push(("the path was percent-decoded on the way", format!("{before}{hex}{rest}")));
            }
        }
    }
    let decoded = decode(path, false);
    const ENCODED_AGAIN: &str = "the percent-encoding of the path was changed on the way";
    for plain in PATH_STYLES {
        for lower_hex in [false, true] {
            let style = Style { plain, plus_for_space: false, lower_hex };
            let encode_all = |bytes: &[u8]| {
                let segments = bytes.split(|byte| *byte == b'/').map(|part| encode(part, style));
                segments.collect::<Vec<_>>().join("/")
            };
            found.push((ENCODED_AGAIN, encode_all(&decoded)));
            found.push(("the path was percent-decoded on the way", encode_all(path.as_bytes())));
        }
    }
    for lower in [true, false] {
        found.push((ENCODED_AGAIN, with_hex(path, lower)));
    }
    for letter in DECODED.chars().filter(|letter| path.contains(*letter)) {
        for lower in [false, true] {
            let codes = code(u8::try_from(letter).unwrap_or_default(), lower);
            let (first, rest) = path.split_at_checked(1).unwrap_or((path, ""));
            let encoded = format!("{first}{}", rest.replace(letter, &codes));
            found.push(("the path was percent-decoded on the way", encoded));
        }
    }
    if let Ok(decoded) = String::from_utf8(decoded) {
        found.push(("the path was percent-encoded on the way", decoded));
    }
    found
}

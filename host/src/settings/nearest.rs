//! Finds suggestions for misspelt names.

/// Returns the name in `names` that is most similar to `name`. Returns `None` if no name is similar enough.
/// Case, underscores and hyphens are ignored, so `max_clock_skew` matches `maxClockSkew`.
pub(crate) fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    let distance = |other: &str| {
        let other = plain(other);
        // Shortened and extended names are common mistakes, such as `verify_response` for `verify_responses`.
        let extended = wanted.len() >= 4 && (other.starts_with(&wanted) || wanted.starts_with(&other));
        if extended && !other.is_empty() { 0 } else { strsim::damerau_levenshtein(&wanted, &other) }
    };
    names
        .iter()
        .map(|other| (distance(other), *other))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| *letter != '_' && *letter != '-')
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

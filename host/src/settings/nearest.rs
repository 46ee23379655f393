//! Suggestions for misspelt names.

/// Returns the most similar of `names`, if it is similar enough. Case and underscores are ignored, so
/// `max_clock_skew` matches `maxClockSkew`.
pub(crate) fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    let distance = |other: &str| {
        let other = plain(other);
        // A longer or shorter form is a common mistake: `verify_response` for `verify_responses`.
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

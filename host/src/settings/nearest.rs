//! The valid name that a misspelt one probably stands for.

/// The nearest of `names`, if one is near. Case and underscores do not count, so `max_clock_skew` finds `maxClockSkew`.
pub(super) fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    let distance = |other: &str| {
        let other = plain(other);
        // A plural or a longer word is a usual mistake: `verify_response` for `verify_responses`.
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
    name.chars().filter(|letter| *letter != '_' && *letter != '-').collect::<String>().to_lowercase()
}

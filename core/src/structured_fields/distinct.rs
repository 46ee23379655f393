//! Removes repeated keys from members and parameters (RFC 9651 sections 4.2.2 and 4.2.3.2).

/// The error returned for a field with more keys than the caller allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the structured field has too many keys")]
pub struct TooManyKeys;

/// A list of keys and values. A repeated key has its last value, at the position of its first occurrence. At
/// the positions of its later occurrences, the value is `None`.
pub(super) struct Distinct<'a, V, const KEYS: usize> {
    entries: [(&'a [u8], Option<V>); KEYS],
    used: usize,
}

impl<'a, V: Copy, const KEYS: usize> Distinct<'a, V, KEYS> {
    pub(super) fn collect(sent: impl Iterator<Item = (&'a [u8], V)>) -> Result<Self, TooManyKeys> {
        let mut distinct = Self { entries: [(b"", None); KEYS], used: 0 };
        for (key, value) in sent {
            *distinct.entries.get_mut(distinct.used).ok_or(TooManyKeys)? = (key, Some(value));
            distinct.used += 1;
        }
        distinct.remove_repeated();
        Ok(distinct)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a [u8], V)> {
        self.entries.iter().take(self.used).filter_map(|(key, value)| Some((*key, (*value)?)))
    }

    /// Removes repeated keys. The positions are sorted by key first, because comparing each key with all
    /// other keys would take too long for malicious input.
    fn remove_repeated(&mut self) {
        let entries = &mut self.entries;
        let mut order: [usize; KEYS] = core::array::from_fn(|at| at);
        let order = order.get_mut(..self.used).unwrap_or_default();
        order.sort_unstable_by_key(|at| (entries.get(*at).map(|(key, _)| *key), *at));
        for pair in order.windows(2).rev() {
            let [earlier, later] = pair else { continue };
            if let Ok([earlier, later]) = entries.get_disjoint_mut([*earlier, *later])
                && earlier.0 == later.0
            {
                earlier.1 = later.1.take();
            }
        }
    }
}

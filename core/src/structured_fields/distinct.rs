//! Members and parameters without repeated keys (RFC 9651 sections 4.2.2 and 4.2.3.2).

/// A field has more keys than the caller allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyKeys;

impl core::fmt::Display for TooManyKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the structured field has too many keys")
    }
}

impl core::error::Error for TooManyKeys {}

/// Keys and their values as sent. Each key is at its first position and has its last value.
pub(super) struct Distinct<'a, const KEYS: usize> {
    entries: [Entry<'a>; KEYS],
    used: usize,
}

#[derive(Clone, Copy)]
struct Entry<'a> {
    key: &'a [u8],
    /// The value as sent; `None` for a repeated key.
    value: Option<&'a [u8]>,
}

impl<'a, const KEYS: usize> Distinct<'a, KEYS> {
    pub(super) fn collect(sent: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Result<Self, TooManyKeys> {
        let mut distinct = Self { entries: [Entry { key: b"", value: None }; KEYS], used: 0 };
        for (key, value) in sent {
            *distinct.entries.get_mut(distinct.used).ok_or(TooManyKeys)? = Entry { key, value: Some(value) };
            distinct.used += 1;
        }
        distinct.remove_repeated();
        Ok(distinct)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.entries.iter().take(self.used).filter_map(|entry| Some((entry.key, entry.value?)))
    }

    /// Sorts the positions by key, because comparing each key with all others takes too long for hostile input.
    fn remove_repeated(&mut self) {
        let entries = &mut self.entries;
        let mut order = [0_u16; KEYS];
        for (slot, at) in order.iter_mut().zip(0..) {
            *slot = at;
        }
        let order = order.get_mut(..self.used).unwrap_or_default();
        let key = |at: u16| entries.get(usize::from(at)).map(|entry| entry.key);
        order.sort_unstable_by_key(|at| (key(*at), *at));
        for pair in order.windows(2).rev() {
            let [earlier, later] = pair else { continue };
            if let Ok([earlier, later]) =
                entries.get_disjoint_mut([usize::from(*earlier), usize::from(*later)])
                && earlier.key == later.key
            {
                earlier.value = later.value.take();
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Distinct, TooManyKeys};
    use std::vec::Vec;

    fn distinct(
        sent: &[(&'static str, &'static str)],
    ) -> Result<Vec<(&'static str, &'static str)>, TooManyKeys> {
        let bytes = sent.iter().map(|(key, value)| (key.as_bytes(), value.as_bytes()));
        let distinct = Distinct::<4>::collect(bytes)?;
        let text = |bytes| core::str::from_utf8(bytes).unwrap();
        Ok(distinct.iter().map(|(key, value)| (text(key), text(value))).collect())
    }

    #[test]
    fn a_repeated_key_has_its_first_position_and_its_last_value() {
        assert_eq!(distinct(&[]), Ok(Vec::new()));
        assert_eq!(distinct(&[("b", "1"), ("a", "2")]), Ok([("b", "1"), ("a", "2")].to_vec()));
        let repeated = [("b", "1"), ("a", "2"), ("b", "3"), ("b", "4")];
        assert_eq!(distinct(&repeated), Ok([("b", "4"), ("a", "2")].to_vec()));
        assert_eq!(distinct(&[("a", "1"); 5]), Err(TooManyKeys));
    }
}

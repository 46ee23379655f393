//! Implements [`ReplayStore`] for all backends that contain a table.

use super::nonce::{Entry, Nonce};
use super::store::{Fill, Outcome, ReplayStore, SenderShare};
use super::table::Table;

/// A backend that contains a [`Table`]. A type that implements this trait also implements [`ReplayStore`].
pub trait TableBackend: core::fmt::Debug + Send + Sync {
    /// Returns the table, or `None` if the memory is invalid. Without a table, all claims return
    /// [`Outcome::Unavailable`].
    fn table(&self) -> Option<Table<'_>>;

    /// Returns the Unix time in seconds at which the backend started to store nonces, or 0 if no earlier
    /// nonces are missing. See [`ReplayStore::refuses_before_s`].
    fn begins_s(&self) -> u64 {
        0
    }

    /// Returns `false` if no other process can use the table. See [`ReplayStore::is_shared`].
    fn is_shared(&self) -> bool {
        true
    }

    /// Returns `false` if the backend must not be used. All claims then return [`Outcome::Unavailable`].
    #[inline]
    fn is_open(&self, _now_s: u64) -> bool {
        true
    }
}

impl TableBackend for Table<'_> {
    #[inline]
    fn table(&self) -> Option<Table<'_>> {
        Some(*self)
    }
}

impl<H: TableBackend> ReplayStore for H {
    #[inline]
    fn locate(&self, nonce: Nonce<'_>) -> Entry {
        self.table().map_or(Entry::NOWHERE, |table| table.locate(nonce))
    }

    #[inline]
    fn seen(&self, entry: &Entry, now_s: u64) -> bool {
        self.table().is_some_and(|table| table.seen(entry, now_s))
    }

    #[inline]
    fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome {
        match self.table() {
            Some(table) if self.is_open(now_s) => table.claim(entry, expires_s, now_s),
            _ => Outcome::Unavailable,
        }
    }

    #[inline]
    fn claim_within(&self, entry: &Entry, share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        match self.table() {
            Some(table) if self.is_open(now_s) => table.claim_within(entry, share, expires_s, now_s),
            _ => Outcome::Unavailable,
        }
    }

    fn fill(&self, now_s: u64) -> Fill {
        self.table().map_or(Fill { live: 0, slots: 0 }, |table| table.fill(now_s))
    }

    fn refuses_before_s(&self) -> u64 {
        self.begins_s()
    }

    fn is_shared(&self) -> bool {
        TableBackend::is_shared(self)
    }

    fn clear(&self) -> bool {
        let is_own = !TableBackend::is_shared(self);
        if let Some(table) = self.table().filter(|_| is_own) {
            table.clear();
        }
        is_own
    }
}

//! Tests of `TableBackend`.

use super::{NOW, entry, heap};
use crate::replay::backend::TableBackend;
use crate::replay::heap::HeapTable;
use crate::replay::nonce::{Entry, Nonce};
use crate::replay::store::{Fill, Outcome, ReplayStore as _};
use crate::replay::table::Table;

#[derive(Debug)]
struct Backend {
    table: Option<HeapTable>,
    is_open: bool,
}

impl TableBackend for Backend {
    fn table(&self) -> Option<Table<'_>> {
        self.table.as_ref()?.table()
    }

    fn is_open(&self, _now_s: u64) -> bool {
        self.is_open
    }
}

#[test]
fn a_closed_backend_rejects_new_claims_and_still_finds_earlier_claims() {
    let mut home = Backend { table: Some(heap(64)), is_open: true };
    let [passed, new] = [1, 2].map(|number: u64| entry(&heap(64), number));
    assert_eq!(home.claim(&passed, NOW + 300, NOW), Outcome::First);
    home.is_open = false;
    assert_eq!(home.claim(&new, NOW + 300, NOW), Outcome::Unavailable);
    assert!(home.seen(&passed, NOW));
    assert!(!home.seen(&new, NOW));
    home.is_open = true;
    assert_eq!(home.claim(&new, NOW + 300, NOW), Outcome::First);
}

#[test]
fn a_backend_without_a_table_is_empty_and_rejects_claims() {
    let home = Backend { table: None, is_open: true };
    let entry = home.locate(Nonce { sender: "agent", nonce: b"1" });
    assert_eq!(entry, Entry::NOWHERE);
    assert_eq!(home.claim(&entry, NOW + 300, NOW), Outcome::Unavailable);
    assert!(!home.seen(&entry, NOW));
    assert_eq!(home.fill(NOW), Fill { live: 0, slots: 0 });
}

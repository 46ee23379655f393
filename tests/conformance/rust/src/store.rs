//! Creates the replay store of a test case.

use std::time::{SystemTime, UNIX_EPOCH};

use sealwire_core::replay::{Entry, Fill, HeapTable, Nonce, Outcome, ReplayStore};
use serde_json::Value;

use crate::Fallible;
use crate::case::{field, number};

/// The hash key of the table. In production it is random, so that peers cannot choose a bucket. This test can
/// use any key.
const KEY: [u8; 16] = *b"conformance runs";

pub(crate) fn store(case: &Value) -> Fallible<Option<Box<dyn ReplayStore>>> {
    let Some(replay) = field(case, "verifier")?.get("replay") else { return Ok(None) };
    if replay.get("store").is_some() {
        return Ok(Some(Box::new(Unreachable)));
    }
    let slots = usize::try_from(number(replay, "slots")?)?;
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let table = match replay.get("created_s").and_then(Value::as_u64) {
        Some(created_s) => HeapTable::new(slots, KEY, created_s),
        None if replay.get("created").is_some() => HeapTable::new(slots, KEY, now_s),
        None => HeapTable::new(slots, KEY, now_s).accept_older(),
    };
    Ok(Some(Box::new(table)))
}

/// A store that accepts every nonce, for test cases without a store.
#[derive(Debug)]
pub(crate) struct Forgetful;

impl ReplayStore for Forgetful {
    fn locate(&self, nonce: Nonce<'_>) -> Entry {
        Entry::locate(nonce, &KEY, 1)
    }

    fn seen(&self, _: &Entry, _: u64) -> bool {
        false
    }

    fn claim(&self, _: &Entry, _: u64, _: u64) -> Outcome {
        Outcome::First
    }

    fn fill(&self, _: u64) -> Fill {
        Fill { live: 0, slots: 0 }
    }
}

/// A store that is never available.
#[derive(Debug)]
struct Unreachable;

impl ReplayStore for Unreachable {
    fn locate(&self, nonce: Nonce<'_>) -> Entry {
        Entry::locate(nonce, &KEY, 1)
    }

    fn seen(&self, _: &Entry, _: u64) -> bool {
        false
    }

    fn claim(&self, _: &Entry, _: u64, _: u64) -> Outcome {
        Outcome::Unavailable
    }

    fn fill(&self, _: u64) -> Fill {
        Fill { live: 0, slots: 0 }
    }
}

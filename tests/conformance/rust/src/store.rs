//! Where the nonces of a case are claimed.

use std::time::{SystemTime, UNIX_EPOCH};

use sealwire_core::replay::{Entry, Fill, HeapTable, Nonce, Outcome, ReplayStore};
use serde_json::Value;

use crate::Answer;
use crate::case::{field, number};

/// Any key serves: it keeps strangers from aiming at a bucket, and here there are none.
const KEY: [u8; 16] = *b"conformance runs";

pub(crate) fn store(case: &Value) -> Answer<Option<Box<dyn ReplayStore>>> {
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

/// A store that nobody answers for: what a shared store is to its verifier while the network is down.
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

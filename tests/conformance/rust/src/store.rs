//! Where the nonces of a case are claimed.

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
    let created_s = replay.get("created_s").and_then(Value::as_u64);
    let table = HeapTable::new(slots, KEY, created_s.unwrap_or(0));
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

//! Replay tables in the module's memory. Each isolate has separate memory, so the tables are not shared.

use core::fmt;
use std::sync::{Arc, OnceLock};

use sealwire_core::replay::{HeapTable, Nonce, Outcome, ReplayStore as _, Table, TableBackend, memory_bytes};
use sealwire_host::table_slots;

use crate::error::Code;
use crate::memory::{call, cut, milliseconds, random};
use crate::objects::{self, Object, put};

/// The maximum size of a table in bytes. An isolate has 128 MiB of memory.
const MOST_BYTES: usize = 64 << 20;

/// Returns the number of slots needed for a request rate and a time window. An argument of 0 selects the
/// default.
#[unsafe(no_mangle)]
extern "C" fn sealwire_slots_needed(requests_per_second: u32, window_seconds: u32) -> i32 {
    call(|_, _| {
        let given = |number| (number > 0).then_some(number);
        let slots = table_slots(given(requests_per_second), given(window_seconds));
        Ok(u32::try_from(slots).unwrap_or(u32::MAX))
    })
}

/// A table that is allocated on first use, because it needs a random key and Workers do not provide random
/// bytes before the first request.
pub(crate) struct LazyTable {
    slots: usize,
    created_s: u64,
    table: OnceLock<HeapTable>,
}

// A derived implementation would add formatting code for all fields to the module.
impl fmt::Debug for LazyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LazyTable")
    }
}

impl TableBackend for LazyTable {
    fn table(&self) -> Option<Table<'_>> {
        self.table.get()?.table()
    }

    fn begins_s(&self) -> u64 {
        self.created_s
    }

    fn is_shared(&self) -> bool {
        false
    }
}

/// Creates a table with at least `slots` slots. The table cannot be used until it has a key (see [`sealwire_seed_table`]).
/// Requests that were signed before `created_s`, a Unix time in seconds, are rejected, because the table does
/// not contain their nonces. If `created_s` is 0, no requests are rejected for this reason.
#[unsafe(no_mangle)]
extern "C" fn sealwire_table(slots: u32, created_s: f64) -> i32 {
    call(|_, _| {
        let slots = usize::try_from(slots).unwrap_or(usize::MAX);
        let bytes = memory_bytes(slots);
        if bytes > MOST_BYTES {
            return Err(Code::Replay.error(format_args!(
                "a replay table of {slots} slots takes {bytes} bytes, and an isolate has little memory; size it for fewer requests per \
                 second or a shorter window, or use a store"
            )));
        }
        let table = LazyTable { slots, created_s: milliseconds(created_s), table: OnceLock::new() };
        put(Object::Table(Arc::new(table)))
    })
}

/// Sets a table's key to the 16 random bytes in the input. If the table already has a key, the key is not
/// changed.
#[unsafe(no_mangle)]
extern "C" fn sealwire_seed_table(table: u32) -> i32 {
    call(|input, _| {
        let (key, _) = random(input)?;
        let table = objects::table(table)?;
        table.table.get_or_init(|| HeapTable::new(table.slots, key, table.created_s));
        Ok(0)
    })
}

/// Claims a key until a Unix time in seconds. Returns 1 if the key is new, 0 if it was claimed before, and 2 if
/// the table cannot decide.
#[unsafe(no_mangle)]
extern "C" fn sealwire_claim(table: u32, key: usize, expires_s: f64, now_s: f64) -> i32 {
    call(|input, _| {
        let table = objects::table(table)?;
        let [key] = cut(input, [key])?;
        let outcome = table.claim(&table.locate(shared(key)), milliseconds(expires_s), milliseconds(now_s));
        Ok(match outcome {
            Outcome::First => 1,
            Outcome::Seen => 0,
            Outcome::Full | Outcome::ShareExceeded | Outcome::Expired | Outcome::Unavailable => 2,
        })
    })
}

/// Returns 1 if a key is already claimed, otherwise 0. Does not claim the key.
#[unsafe(no_mangle)]
extern "C" fn sealwire_seen(table: u32, key: usize, now_s: f64) -> i32 {
    call(|input, _| {
        let table = objects::table(table)?;
        let [key] = cut(input, [key])?;
        Ok(table.seen(&table.locate(shared(key)), milliseconds(now_s)).into())
    })
}

/// Removes all nonces from a table, for tests.
#[unsafe(no_mangle)]
extern "C" fn sealwire_clear_table(table: u32) -> i32 {
    call(|_, _| Ok(objects::table(table)?.clear().into()))
}

/// Writes the estimated number of entries that have not expired, a line break, and the number of slots.
#[unsafe(no_mangle)]
extern "C" fn sealwire_fill(table: u32, now_s: f64) -> i32 {
    call(|_, output| {
        let fill = objects::table(table)?.fill(milliseconds(now_s));
        output.extend_from_slice(format!("{}\n{}", fill.live, fill.slots).as_bytes());
        Ok(0)
    })
}

/// Converts a shared-store key to a nonce. The key already contains the sender, so the nonce's sender is empty.
/// This is not a valid name, so the nonce differs from all nonces that verifiers claim.
fn shared(key: &[u8]) -> Nonce<'_> {
    Nonce { sender: "", nonce: key }
}

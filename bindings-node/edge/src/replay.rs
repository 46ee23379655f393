//! Replay tables in the memory of the module, which one isolate uses alone.

use core::fmt;
use std::sync::{Arc, OnceLock};

use sealwire_core::replay::{HeapTable, Nonce, Outcome, ReplayStore as _, Table, TableBackend, memory_bytes};
use sealwire_host::table_slots;

use crate::error::Code;
use crate::memory::{call, cut, milliseconds, random};
use crate::objects::{self, Object, put};

/// The maximum memory of a table. Isolates have 128 MiB.
const MOST_BYTES: usize = 64 << 20;

/// Returns the number of slots for a load and a window. 0 stands for the default.
#[unsafe(no_mangle)]
extern "C" fn sealwire_slots_needed(requests_per_second: u32, window_seconds: u32) -> i32 {
    call(|_, _| {
        let given = |number| (number > 0).then_some(number);
        let slots = table_slots(given(requests_per_second), given(window_seconds));
        Ok(u32::try_from(slots).unwrap_or(u32::MAX))
    })
}

/// A table that is allocated at its first use, because Workers give no random bytes for its key before the first request.
pub(crate) struct LazyTable {
    slots: usize,
    created_s: u64,
    table: OnceLock<HeapTable>,
}

// A derived implementation would keep the formatting of all its parts in the module.
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

/// Makes a table with at least `slots` slots. It decides nothing before it has its key (see [`sealwire_seed_table`]).
/// `created_s` is the Unix second before which requests are rejected, because the table does not contain their nonces; 0
/// accepts them.
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

/// Gives a table its key: 16 random bytes. A table that has one keeps it.
#[unsafe(no_mangle)]
extern "C" fn sealwire_seed_table(table: u32) -> i32 {
    call(|input, _| {
        let (key, _) = random(input)?;
        let table = objects::table(table)?;
        table.table.get_or_init(|| HeapTable::new(table.slots, key, table.created_s));
        Ok(0)
    })
}

/// Claims a key until a Unix second: 1 if it is new, 0 if it was claimed before, 2 if the table cannot decide.
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

/// Returns 1 if a key is claimed. Does not claim it.
#[unsafe(no_mangle)]
extern "C" fn sealwire_seen(table: u32, key: usize, now_s: f64) -> i32 {
    call(|input, _| {
        let table = objects::table(table)?;
        let [key] = cut(input, [key])?;
        Ok(table.seen(&table.locate(shared(key)), milliseconds(now_s)).into())
    })
}

/// Removes all nonces of a table, for tests.
#[unsafe(no_mangle)]
extern "C" fn sealwire_clear_table(table: u32) -> i32 {
    call(|_, _| Ok(objects::table(table)?.clear().into()))
}

/// Writes the live entries, estimated, and the slots of a table.
#[unsafe(no_mangle)]
extern "C" fn sealwire_fill(table: u32, now_s: f64) -> i32 {
    call(|_, output| {
        let fill = objects::table(table)?.fill(milliseconds(now_s));
        output.extend_from_slice(format!("{}\n{}", fill.live, fill.slots).as_bytes());
        Ok(0)
    })
}

/// The key contains the sender. No sender has an empty name, so these entries never equal those of a verifier.
fn shared(key: &[u8]) -> Nonce<'_> {
    Nonce { sender: "", nonce: key }
}

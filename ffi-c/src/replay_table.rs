//! Replay tables: on the heap, in a mapped file, or in memory of the caller.

use core::ffi::c_void;
use core::sync::atomic::AtomicU64;
use std::sync::Arc;

use sealwire_core::replay::{Nonce, ReplayStore, Table, TableBackend, memory_bytes};
use sealwire_host::mapped::MappedTable;
use sealwire_host::{ProcessTable, random_bytes, table_slots};

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::{Out, slice};
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// Stores nonces, so that a request is accepted once. Any number of threads and verifiers may use it.
#[derive(Debug)]
pub struct sealwire_replay_table {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_replay_table {
    type Held = Arc<dyn ReplayStore>;
    const TAG: u64 = u64::from_be_bytes(*b"replaytb");
}

/// The size of the key of a replay table.
pub const SEALWIRE_REPLAY_KEY_SIZE: usize = 16;

/// Returns the number of slots for `requests_per_second`, with each nonce stored for `window_seconds`, the past
/// and the future window together. It is twice the number of live entries, so that a claim finds a free slot. 0
/// for either is the default of every language: 200 requests a second over the widest default windows.
/// Processes that map one file must use the same number. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_replay_slots(requests_per_second: u32, window_seconds: u32) -> usize {
    let chosen = |number: u32| Some(number).filter(|number| *number > 0);
    table_slots(chosen(requests_per_second), chosen(window_seconds))
}

/// Returns the size of a table of `slots` slots, in bytes. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_replay_memory_size(slots: usize) -> usize {
    memory_bytes(slots)
}

/// Creates a table on the heap, for one process. Requests signed before `refuses_before_s` are rejected,
/// because a new table has no record of them. Pass the current Unix time. 0 accepts them, and with
/// them any request that was accepted before a restart. Free it with `sealwire_replay_table_free`.
///
/// From 2 MiB on it uses huge pages on Linux. Returns `SEALWIRE_STATUS_SYSTEM` without random bytes or memory.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_replay_table_new(
    slots: usize,
    refuses_before_s: u64,
    table: *mut *mut sealwire_replay_table,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid outputs.
        let out = unsafe { Out::new(table) }?;
        if slots == 0 || isize::try_from(memory_bytes(slots)).is_err() {
            return Err(sealwire_status::InvalidArgument.into());
        }
        let key = random_bytes().map_err(|_| sealwire_status::System)?;
        let made = ProcessTable::new(slots, key, refuses_before_s).map_err(|_| sealwire_status::System)?;
        give::<sealwire_replay_table>(Arc::new(made), out);
        Ok(())
    })
}

/// Opens or creates a table in the file `path`, which all processes of a service map and which outlives them.
/// All must use the same number of slots. Requests signed before the creation of the file are rejected unless
/// `accept_older`. The file is accessible to this user only. Free the handle with `sealwire_replay_table_free`;
/// the file is kept.
///
/// Returns `SEALWIRE_STATUS_SYSTEM` with the reason in `error`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_replay_table_map(
    path: sealwire_text,
    slots: usize,
    accept_older: bool,
    table: *mut *mut sealwire_replay_table,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (path, out) = unsafe { (path.str()?, Out::new(table)?) };
        let mapped =
            MappedTable::open(path, slots).map_err(|cause| error.explain(sealwire_status::System, &cause))?;
        let mapped = if accept_older { mapped.accept_older() } else { mapped };
        give::<sealwire_replay_table>(Arc::new(mapped), out);
        Ok(())
    })
}

/// Creates a table in memory of the caller, static or shared between processes. The memory is zeroed, or
/// contains an earlier table with the same key. `memory_size` is a multiple of 64 and at least 128
/// (`sealwire_replay_memory_size` returns a valid size). The memory is aligned to 8 bytes, better to 64. `key`
/// has 16 random bytes, equal for all processes that share the memory.
///
/// The table uses the memory until the handle and all verifiers built with it are freed. Requests signed before
/// `refuses_before_s` are rejected; 0 accepts them. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_replay_table_in_memory(
    memory: *mut c_void,
    memory_size: usize,
    key: *const u8,
    refuses_before_s: u64,
    table: *mut *mut sealwire_replay_table,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid buffers, inputs and outputs.
        let (words, key, out) = unsafe { (words(memory, memory_size)?, replay_key(key)?, Out::new(table)?) };
        // This call checks the size. Each use creates the table again, which costs nothing.
        Table::new(words, key).map_err(|_| sealwire_status::InvalidArgument)?;
        give::<sealwire_replay_table>(Arc::new(LentTable { words, key, refuses_before_s }), out);
        Ok(())
    })
}

/// Claims a nonce for a sender until `expires_s`, both times in Unix seconds. Returns 0 for the first of any
/// number of equal claims, otherwise a `sealwire_reason`. Use it for your own protocols; verifiers claim
/// nonces themselves. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_replay_table_claim(
    table: *const sealwire_replay_table,
    sender: sealwire_text,
    nonce: sealwire_text,
    expires_s: u64,
    now_s: u64,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and text.
        let (store, sender, nonce) = unsafe { (borrow(table)?, sender.str()?, nonce.bytes()?) };
        let entry = store.locate(Nonce { sender, nonce });
        Ok(store.claim(&entry, expires_s, now_s).admit()?)
    })
}

/// Writes the number of slots with a live entry at `now_s`, estimated from a sample, and the number of all
/// slots. Keep at most half in use: at 75 %, one claim in a hundred finds no free slot. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_replay_table_fill(
    table: *const sealwire_replay_table,
    now_s: u64,
    live: *mut usize,
    slots: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (store, live, slots) = unsafe { (borrow(table)?, Out::new(live)?, Out::new(slots)?) };
        let fill = store.fill(now_s);
        live.write(fill.live);
        slots.write(fill.slots);
        Ok(())
    })
}

/// Frees a handle; NULL is allowed. Verifiers built with the table keep using it. No thread may use the handle
/// afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_replay_table_free(table: *mut sealwire_replay_table) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(table) });
}

/// A table in borrowed memory, which must stay valid while any handle or verifier uses it.
#[derive(Debug)]
pub(crate) struct LentTable<'a> {
    pub(crate) words: &'a [AtomicU64],
    pub(crate) key: [u8; SEALWIRE_REPLAY_KEY_SIZE],
    pub(crate) refuses_before_s: u64,
}

impl TableBackend for LentTable<'_> {
    fn table(&self) -> Option<Table<'_>> {
        Table::new(self.words, self.key).ok()
    }

    fn begins_s(&self) -> u64 {
        self.refuses_before_s
    }
}

/// # Safety
/// `memory` is NULL or points to `size` bytes that for `'a` only replay tables use.
pub(crate) unsafe fn words<'a>(memory: *mut c_void, size: usize) -> Result<&'a [AtomicU64], Failure> {
    if !size.is_multiple_of(size_of::<u64>()) {
        return Err(sealwire_status::InvalidArgument.into());
    }
    // SAFETY: guaranteed by the caller of this function; atomics may be shared while others write.
    unsafe { slice(memory.cast_const().cast(), size / size_of::<u64>()) }
}

/// # Safety
/// `key` is NULL or points to 16 readable bytes.
pub(crate) unsafe fn replay_key(key: *const u8) -> Result<[u8; SEALWIRE_REPLAY_KEY_SIZE], Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let key: &[u8] = unsafe { slice(key, SEALWIRE_REPLAY_KEY_SIZE) }?;
    key.try_into().map_err(|_| sealwire_status::InvalidArgument.into())
}

//! Replay tables on the heap, in a mapped file, or in the memory of the caller.

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

/// A table that stores the nonces of accepted requests. A verifier rejects a request whose nonce is in the
/// table. Any number of threads and verifiers may use a table.
#[derive(Debug)]
pub struct sealwire_replay_table {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_replay_table {
    type Held = Arc<dyn ReplayStore>;
    const TAG: u64 = u64::from_be_bytes(*b"replaytb");
}

/// The size of a replay-table key, in bytes.
pub const SEALWIRE_REPLAY_KEY_SIZE: usize = 16;

/// Returns the number of slots that a table needs for `requests_per_second`. A table stores each nonce for
/// `window_seconds`, which is the sum of the past and future windows. The result is twice the expected
/// number of live entries, because a claim needs a free slot. If an argument is 0, the default is used,
/// which is the same in every language. The defaults are 200 requests per second and the longest default
/// windows. Processes that map the same file must use the same number of slots. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_replay_slots(requests_per_second: u32, window_seconds: u32) -> usize {
    let chosen = |number: u32| Some(number).filter(|number| *number > 0);
    table_slots(chosen(requests_per_second), chosen(window_seconds))
}

/// Returns the size of a table with `slots` slots, in bytes. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_replay_memory_size(slots: usize) -> usize {
    memory_bytes(slots)
}

/// Creates a table on the heap, for one process. Requests that were signed before `refuses_before_s` are
/// rejected, because a new table has no record of them. Pass the current time in Unix seconds. If you pass
/// 0, a request that was accepted before a restart can be accepted again. Free the table with
/// `sealwire_replay_table_free`.
///
/// On Linux, a table of 2 MiB or more uses huge pages. Returns `SEALWIRE_STATUS_SYSTEM` if the operating system provides no
/// random bytes or no memory. Thread-safe.
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

/// Opens or creates a table in the file `path`. All processes of a service map this file, which still
/// exists after they exit. All processes must use the same number of slots. Requests that were signed
/// before the creation of the file are rejected, unless `accept_older` is true. Only the current user can
/// access the file. Free the handle with `sealwire_replay_table_free`. This does not remove the file.
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

/// Creates a table in the memory of the caller. The memory can be static, or shared between processes. The
/// memory must be zeroed or contain an earlier table with the same key. `memory_size` must be a multiple of
/// 64 and at least 128. `sealwire_replay_memory_size` returns a valid size. The memory must be 8-byte
/// aligned. 64-byte alignment is faster. `key` must point to 16 random bytes. All processes that share the
/// memory must use the same key.
///
/// The table uses the memory until the handle and all verifiers that were built with it are freed. Requests that were signed
/// before `refuses_before_s`, in Unix seconds, are rejected. If you pass 0, such requests are accepted. Thread-safe.
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
        // This call only checks the size. `LentTable` does not store this table, because each use of
        // `LentTable` recreates it.
        Table::new(words, key).map_err(|_| sealwire_status::InvalidArgument)?;
        give::<sealwire_replay_table>(Arc::new(LentTable { words, key, refuses_before_s }), out);
        Ok(())
    })
}

/// Claims a nonce for a sender until `expires_s`. Both times are in Unix seconds. Returns 0 for the first
/// claim of a nonce, and a `sealwire_reason` for every further claim. Use this function in your own
/// protocols. Verifiers claim nonces automatically. Thread-safe.
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

/// Writes the number of slots that have a live entry at `now_s`, and the total number of slots. The first
/// number is an estimate from a sample. Choose a size at which at most half of the slots are in use. If 75%
/// are in use, one claim in a hundred finds no free slot. Thread-safe.
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

/// Frees a handle. NULL is allowed. Verifiers that were built with the table keep using it. No thread may use the handle
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
/// `memory` is NULL or points to `size` bytes. During the lifetime `'a`, only replay tables use these
/// bytes.
pub(crate) unsafe fn words<'a>(memory: *mut c_void, size: usize) -> Result<&'a [AtomicU64], Failure> {
    if !size.is_multiple_of(size_of::<u64>()) {
        return Err(sealwire_status::InvalidArgument.into());
    }
    // SAFETY: guaranteed by the caller of this function. Atomics may be shared with other writers.
    unsafe { slice(memory.cast_const().cast(), size / size_of::<u64>()) }
}

/// # Safety
/// `key` is NULL or points to 16 readable bytes.
pub(crate) unsafe fn replay_key(key: *const u8) -> Result<[u8; SEALWIRE_REPLAY_KEY_SIZE], Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let key: &[u8] = unsafe { slice(key, SEALWIRE_REPLAY_KEY_SIZE) }?;
    key.try_into().map_err(|_| sealwire_status::InvalidArgument.into())
}

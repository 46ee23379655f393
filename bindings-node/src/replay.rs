//! Replay tables in the memory of this process or in a mapped file.

use std::collections::BTreeMap;
use std::sync::Arc;

use napi::bindgen_prelude::External;
use napi::{Env, JsString};
use napi_derive::napi;
use parking_lot::Mutex;
use sealwire_core::replay::{Nonce, Outcome, ReplayStore};
use sealwire_host::mapped::{MappedTable, default_name, default_path};
use sealwire_host::{ProcessTable, SharedRing, default_table_slots, now_s, random_bytes, table_slots};

use crate::call::{Arguments, Call, call};
use crate::error::{Code, Result};
use crate::head;

/// A replay store.
pub type Store = Arc<dyn ReplayStore>;

/// The tables that worker threads share, by name. A table exists until the process exits. If it were removed
/// when the last thread that uses it exits, earlier requests could be replayed to a new thread.
static SHARED: Mutex<BTreeMap<String, Arc<ProcessTable>>> = Mutex::new(BTreeMap::new());

/// The fill level of a table.
#[napi(object, object_from_js = false)]
pub struct TableFill {
    /// The estimated number of entries that have not expired.
    pub live: f64,
    /// The number of slots.
    pub slots: f64,
}

/// Returns the number of slots needed for a request rate and a time window. The defaults are the same in all
/// languages, because all processes that map a file must use the same number of slots.
#[napi(catch_unwind)]
pub fn slots_needed(requests_per_second: Option<u32>, window_seconds: Option<u32>) -> f64 {
    count(table_slots(requests_per_second, window_seconds))
}

/// Creates a table in this process. If `shared_as` is the name of an existing table, returns that table, even
/// if another thread created it. The first call for a name determines the size of the table.
#[napi(catch_unwind)]
pub fn heap_table(slots: u32, accept_older: bool, shared_as: Option<String>) -> Result<External<Store>> {
    let Some(name) = shared_as else { return Ok(External::new(Arc::new(heap(slots, accept_older)?))) };
    let mut shared = SHARED.lock();
    if let Some(table) = shared.get(&name).cloned() {
        return Ok(External::new(table));
    }
    let table = Arc::new(heap(slots, accept_older)?);
    shared.insert(name, table.clone());
    Ok(External::new(table))
}

/// Opens a table in a file. Creates the file if it does not exist.
#[napi(catch_unwind)]
pub fn mapped_table(path: String, slots: u32, accept_older: bool) -> Result<External<Store>> {
    let table = MappedTable::open(path, slots as usize).map_err(|cause| Code::Replay.error(cause))?;
    Ok(External::new(Arc::new(if accept_older { table.accept_older() } else { table })))
}

/// Opens the default table of a verifier. The file name contains the service name. Without a service name, it
/// contains a hash of the client names. Returns an error if the system does not support mapped files.
#[napi(catch_unwind)]
pub fn default_table(
    service: String,
    keys: &External<Arc<SharedRing>>,
    window_seconds: Option<u32>,
) -> Result<External<Store>> {
    let name = default_name(&service, keys.status().into_iter().map(|key| key.name));
    let table = MappedTable::open_default(&name, default_table_slots(window_seconds));
    table.map(|table| External::new(Arc::new(table) as _)).map_err(|cause| Code::Replay.error(cause))
}

/// Returns the default file path for a service.
#[napi(catch_unwind)]
pub fn mapped_table_path(service: String) -> Result<String> {
    let path = default_path(&service).map_err(|cause| Code::Replay.error(cause))?;
    Ok(path.to_string_lossy().into_owned())
}

/// Returns a function that claims a key until a Unix time in seconds, for stores that use a local table in
/// addition to a shared store. The function returns `true` for a new key, `false` for a claimed key, and `null`
/// if the table cannot decide.
#[napi(catch_unwind)]
pub fn claiming<'env>(env: &'env Env, table: &External<Store>) -> Result<Call<'env, Option<bool>>> {
    let table = Store::clone(table);
    call(env, "claim", move |arguments| claim(&*table, arguments))
}

fn claim(table: &dyn ReplayStore, arguments: &Arguments<'_>) -> Result<Option<bool>> {
    let key = arguments.latin1(0)?;
    let expires_s = u64::try_from(arguments.get::<i64>(1)?).unwrap_or_default();
    Ok(match table.claim(&table.locate(shared(key.as_slice())), expires_s, now_s()) {
        Outcome::First => Some(true),
        Outcome::Seen => Some(false),
        Outcome::Full | Outcome::ShareExceeded | Outcome::Expired | Outcome::Unavailable => None,
    })
}

/// Returns `true` if a key is claimed. Does not claim the key.
#[napi(catch_unwind)]
pub fn table_seen(table: &External<Store>, key: JsString<'_>) -> Result<bool> {
    let key = head::read(key)?;
    Ok(table.seen(&table.locate(shared(key.as_slice())), now_s()))
}

/// Converts a shared-store key to a nonce. The key already contains the sender, so the nonce's sender is empty.
/// This is not a valid name, so the nonce differs from all nonces that verifiers claim.
fn shared(key: &[u8]) -> Nonce<'_> {
    Nonce { sender: "", nonce: key }
}

/// Removes all nonces from a table, for tests.
#[napi(catch_unwind)]
pub fn clear_table(table: &External<Store>) -> Result<()> {
    if table.clear() {
        return Ok(());
    }
    Err(Code::Config.error("replay: only a table of this process can be cleared"))
}

/// Returns the fill level of a table.
#[napi(catch_unwind)]
pub fn table_fill(table: &External<Store>) -> TableFill {
    let fill = table.fill(now_s());
    TableFill { live: count(fill.live), slots: count(fill.slots) }
}

fn heap(slots: u32, accept_older: bool) -> Result<ProcessTable> {
    let key = random_bytes().map_err(|cause| Code::Replay.error(cause))?;
    let table = ProcessTable::new(slots as usize, key, now_s()).map_err(|cause| Code::Replay.error(cause))?;
    Ok(if accept_older { table.accept_older() } else { table })
}

#[expect(clippy::cast_precision_loss, reason = "JavaScript numbers are doubles, which are exact up to 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}

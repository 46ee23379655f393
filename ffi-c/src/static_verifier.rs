//! Verifies requests without a heap.

use core::ffi::c_void;

use sealwire_core::replay::{NoStore, ReplayStore};
use sealwire_core::{Policy, Text, Verifier, Window};

use crate::clock::check_now_ms;
use crate::guard::guard;
use crate::identity::sealwire_identity;
use crate::pointer::{reference, slice};
use crate::rejection::sealwire_rejection;
use crate::replay_table::{LentTable, SEALWIRE_REPLAY_KEY_SIZE, words};
use crate::request::{read_received, sealwire_request};
use crate::static_keys::{StaticEntries, sealwire_static_entry};
use crate::static_signer::read_schemes;
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;
use crate::verdict::Verdict;

/// The settings of a verifier, for programs without a heap. The caller owns all memory. Start with zeroed
/// memory, because a member that is 0 has its default value. Once all members are set, any number of
/// threads may use the structure. `message` requests that are signed with a client key are rejected.
/// Verifying them requires a list of authorities, because a client key does not identify the receiver. This
/// structure has no such list.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_static_verifier {
    /// The name of this service. It may be empty if only `client` is accepted.
    pub service: sealwire_text,
    /// An array of accepted `sealwire_scheme` numbers, in order of preference.
    pub schemes: *const i32,
    /// The number of schemes. If it is 0, only `message` is accepted.
    pub scheme_count: usize,
    /// An array of entries with the keys.
    pub entries: *const sealwire_static_entry,
    /// The number of elements in `entries`.
    pub entry_count: usize,
    /// The maximum age of a request in milliseconds. If it is 0, the default of each scheme applies.
    pub past_ms: u64,
    /// How far a sender's clock may be ahead, in milliseconds. This member is used only if `past_ms` is not
    /// 0.
    pub future_ms: u64,
    /// The maximum size of a body in bytes. If it is 0, the maximum is 1 MiB.
    pub max_body_bytes: u64,
    /// Memory for a replay table. `sealwire_replay_table_in_memory` documents the requirements. If this pointer is NULL, requests
    /// with a nonce are rejected unless `accept_replays` is true.
    pub replay_memory: *mut c_void,
    /// The size of the memory at `replay_memory` in bytes.
    pub replay_memory_size: usize,
    /// The key of the replay table, which consists of 16 random bytes.
    pub replay_key: [u8; SEALWIRE_REPLAY_KEY_SIZE],
    /// Requests that were signed before this time are rejected. The time is in Unix seconds. Set it to the
    /// time at which the replay memory was zeroed. If it is 0, a request that was accepted before a restart
    /// can be accepted again.
    pub refuses_before_s: u64,
    /// Whether requests with a nonce are accepted if there is no replay memory. Replayed requests are then
    /// accepted too.
    pub accept_replays: bool,
}

/// Verifies a complete request like `sealwire_verifier_verify`. The function does not use the heap and uses
/// at most 48 KiB of stack. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_static_verify(
    verifier: *const sealwire_static_verifier,
    request: *const sealwire_request,
    body: *const c_void,
    body_size: usize,
    now_ms: u64,
    identity: *mut sealwire_identity,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid inputs and outputs.
        let (held, body) = unsafe { (reference(verifier)?, slice(body.cast(), body_size)?) };
        // SAFETY: as above.
        let outputs = unsafe { Verdict::new(identity, rejected) }?;
        // SAFETY: as above.
        let (policy, table) = unsafe { (held.policy()?, held.table()?) };
        // SAFETY: as above.
        let keys = unsafe { StaticEntries::new(held.entries, held.entry_count) }?;
        let verifier = Verifier { policy: &policy, keys: &keys };
        let store = table.as_ref().map(|table| table as &dyn ReplayStore);
        let store = store.or((!held.accept_replays).then_some(&NoStore as &dyn ReplayStore));
        let verify = |request: &sealwire_core::Request<'_>| {
            outputs.write(verifier.verify(request, body, store, check_now_ms(now_ms)?))
        };
        // SAFETY: as above.
        unsafe { read_received(request, verify) }
    })
}

impl sealwire_static_verifier {
    /// # Safety
    /// Its pointers refer to memory that is not modified during the call.
    unsafe fn policy(&self) -> Result<Policy, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let (service, schemes) =
            unsafe { (self.service.str()?, read_schemes(self.schemes, self.scheme_count)?) };
        let service = Text::new(service).ok_or(sealwire_status::InvalidArgument)?;
        let mut policy = Policy { schemes, ..Policy::new(service) };
        if self.past_ms > 0 {
            let window = Window { past_ms: self.past_ms, future_ms: self.future_ms };
            (policy.message_window, policy.pairwise_window, policy.client_window) = (window, window, window);
        }
        if self.max_body_bytes > 0 {
            policy.max_body_bytes = self.max_body_bytes;
        }
        Ok(policy)
    }

    /// # Safety
    /// Only replay tables use its replay memory.
    unsafe fn table(&self) -> Result<Option<LentTable<'_>>, Failure> {
        if self.replay_memory.is_null() {
            return Ok(None);
        }
        // SAFETY: guaranteed by the caller of this function.
        let words = unsafe { words(self.replay_memory, self.replay_memory_size) }?;
        sealwire_core::replay::Table::new(words, self.replay_key)
            .map_err(|_| sealwire_status::InvalidArgument)?;
        Ok(Some(LentTable { words, key: self.replay_key, refuses_before_s: self.refuses_before_s }))
    }
}

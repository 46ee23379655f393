//! Keys for programs without a heap. The keys are an array of entries. Each entry refers to a key set in the
//! memory of the caller.

use sealwire_core::keys::{KeyName, KeySet, KeySource};
use sealwire_core::mac::HmacSha256;

use crate::key_set::{read_key_set, sealwire_key_set};
use crate::pointer::slice;
use crate::status::Failure;
use crate::text::sealwire_text;

/// A key set, and the services or the client that use it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_static_entry {
    /// A client id, or the name of one of the two services.
    pub name: sealwire_text,
    /// The name of the other service. It is empty for a client id.
    pub peer: sealwire_text,
    /// The key set.
    pub keys: *const sealwire_key_set,
}

/// The entries of a call, which were checked at the start of the call.
#[derive(Debug)]
pub(crate) struct StaticEntries<'a>(&'a [sealwire_static_entry]);

impl<'a> StaticEntries<'a> {
    /// # Safety
    /// `entries` is NULL or points to `count` entries. During the lifetime `'a`, only this library writes
    /// to the entries and to the data that they point to.
    pub(crate) unsafe fn new(entries: *const sealwire_static_entry, count: usize) -> Result<Self, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let entries: &[sealwire_static_entry] = unsafe { slice(entries, count) }?;
        for entry in entries {
            // SAFETY: as above.
            unsafe { read(entry) }?;
        }
        Ok(Self(entries))
    }
}

impl KeySource for StaticEntries<'_> {
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
        let wanted = name.canonical();
        // SAFETY: `new` checked the entries, and the caller of `new` guarantees the memory while `self` is
        // borrowed.
        let mut held = self.0.iter().filter_map(|entry| unsafe { read(entry) }.ok());
        held.find(|(held, _)| held.canonical() == wanted).map(|(_, set)| set)
    }
}

unsafe fn read<'a>(entry: &sealwire_static_entry) -> Result<(KeyName<'a>, KeySet<'a, HmacSha256>), Failure> {
    // SAFETY: guaranteed by the caller of `StaticEntries::new`.
    let (name, peer, set) =
        unsafe { (entry.name.str()?, entry.peer.optional_str()?, read_key_set(entry.keys)?) };
    Ok((peer.map_or(KeyName::Client(name), |peer| KeyName::Pair(name, peer)), set))
}

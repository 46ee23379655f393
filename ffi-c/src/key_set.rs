//! A key set in memory of the caller's own, for programs without a heap.

use core::mem::MaybeUninit;

use sealwire_core::keys::{Key, KeySet, MAX_TRIED};
use sealwire_core::mac::HmacSha256;
use zeroize::Zeroize as _;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_version::{sealwire_key_version, strength};
use crate::pointer::{Out, OutSlice, reference, slice};
use crate::status::{Failure, sealwire_status};

/// The size of `sealwire_key_set.words`.
pub const SEALWIRE_KEY_SET_WORDS: usize = 96;

/// Versions of one secret in memory of the caller's own, 8 at most: static, on a stack, anywhere. Made by
/// `sealwire_key_set_init` and ended by `sealwire_key_set_wipe`. The content is the library's: keep it where it
/// was made.
#[derive(Debug)]
#[repr(C)]
pub struct sealwire_key_set {
    /// Not for the caller.
    pub words: [u64; SEALWIRE_KEY_SET_WORDS],
}

/// What the words hold.
#[repr(C)]
struct Stored {
    tag: u64,
    primary: u32,
    count: u32,
    keys: [MaybeUninit<Key<HmacSha256>>; MAX_TRIED],
}

/// Tells a key set from zeroed memory, and from most other: "sealkeys" in ASCII.
const TAG: u64 = u64::from_be_bytes(*b"sealkeys");

const _: () = assert!(size_of::<Stored>() <= size_of::<sealwire_key_set>());
const _: () = assert!(align_of::<Stored>() <= align_of::<sealwire_key_set>());

/// Keys a set of versions, of which `primary` signs, in the caller's memory. Needs no heap. The secrets are not
/// kept: wipe them with `sealwire_memzero`.
///
/// `SEALWIRE_STATUS_INVALID_KEY` for no version or more than 8, one given twice, a primary that is not there,
/// and secrets that are empty, one byte repeated, or under 32 bytes unless `allow_weak`. Not thread-safe for
/// the same `set`; once made, any number of threads may use it.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_set_init(
    versions: *const sealwire_key_version,
    version_count: usize,
    primary: u32,
    allow_weak: bool,
    set: *mut sealwire_key_set,
    error: *mut sealwire_error,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promises for inputs and outputs.
        let (versions, error) = unsafe { (slice(versions, version_count)?, ErrorOut::new(error)?) };
        // SAFETY: as above.
        let out = unsafe { Out::new(set.cast::<Stored>()) }?;
        // SAFETY: as above.
        match unsafe { stored(versions, primary, allow_weak) } {
            Ok(stored) => out.write(stored),
            Err(Refused::Call(failure)) => return Err(failure),
            Err(Refused::Key(reason)) => return Err(error.explain(sealwire_status::InvalidKey, &reason)),
        }
        Ok(())
    })
}

/// Wipes a key set. NULL is fine, and so is one that never was made. No other thread may use it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_set_wipe(set: *mut sealwire_key_set) {
    guard_free(|| {
        // SAFETY: the caller's promise for memory that is written to.
        let memory = unsafe { OutSlice::new(set.cast::<u64>(), SEALWIRE_KEY_SET_WORDS) }?;
        memory.into_uninit().zeroize();
        Ok(())
    });
}

/// The key set at `set`.
///
/// # Safety
/// `set` is NULL or points to memory for a set that nobody but this library writes to for `'a`.
pub(crate) unsafe fn read_key_set<'a>(
    set: *const sealwire_key_set,
) -> Result<KeySet<'a, HmacSha256>, Failure> {
    // SAFETY: this function's own contract.
    let words = unsafe { reference(set) }?;
    if words.words.first() != Some(&TAG) {
        return Err(sealwire_status::WrongHandle.into());
    }
    // SAFETY: the tag says that `sealwire_key_set_init` wrote a whole set here.
    let stored = unsafe { reference(set.cast::<Stored>()) }?;
    let count = usize::try_from(stored.count).unwrap_or_default().min(MAX_TRIED);
    // SAFETY: as many keys as `count` says were written, one after the other.
    let keys = unsafe { slice(stored.keys.as_ptr().cast::<Key<HmacSha256>>(), count) }?;
    KeySet::new(keys, stored.primary).map_err(|_| sealwire_status::WrongHandle.into())
}

/// Why a set was not made.
enum Refused {
    Call(Failure),
    Key(Reason),
}

/// The sentences are core's; these only say which version they are about.
enum Reason {
    TooMany,
    Secret(u32, sealwire_core::keys::SecretError),
    Set(sealwire_core::keys::KeySetError),
}

impl core::fmt::Display for Reason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooMany => {
                write!(f, "a key set in static memory holds {MAX_TRIED} versions at most; retire the oldest")
            }
            Self::Secret(version, cause) => write!(f, "version {version}: {cause}"),
            Self::Set(cause) => cause.fmt(f),
        }
    }
}

unsafe fn stored(
    versions: &[sealwire_key_version],
    primary: u32,
    allow_weak: bool,
) -> Result<Stored, Refused> {
    let count = u32::try_from(versions.len()).unwrap_or(u32::MAX);
    let mut stored = Stored { tag: TAG, primary, count, keys: [const { MaybeUninit::uninit() }; MAX_TRIED] };
    let room = stored.keys.get_mut(..versions.len()).ok_or(Refused::Key(Reason::TooMany))?;
    for (place, version) in room.iter_mut().zip(versions) {
        // SAFETY: the contract of `sealwire_key_set_init`: the secret can be read.
        let version = unsafe { version.read() }.map_err(Refused::Call)?;
        let key = Key::new(version.number, version.secret, strength(allow_weak));
        place.write(key.map_err(|cause| Refused::Key(Reason::Secret(version.number, cause)))?);
    }
    // SAFETY: the loop wrote all of them.
    let keys =
        unsafe { slice(room.as_ptr().cast::<Key<HmacSha256>>(), versions.len()) }.map_err(Refused::Call)?;
    KeySet::new(keys, primary).map_err(|cause| Refused::Key(Reason::Set(cause)))?;
    Ok(stored)
}

//! Key sets in the memory of the caller, for programs without a heap.

use core::ffi::c_void;
use core::mem::MaybeUninit;

use sealwire_core::keys::{Key, KeySet, KeySetError, SecretError};
use sealwire_core::mac::HmacSha256;

use crate::error::{ErrorOut, sealwire_error};
use crate::key_version::{sealwire_key_version, strength};
use crate::pointer::{Out, OutSlice, reference, slice};
use crate::status::{Failure, sealwire_status};

/// All versions of one secret, in the memory of the caller. Any number of threads may use a key set.
#[derive(Debug)]
pub struct sealwire_key_set {
    _opaque: [u8; 0],
}

/// The size of one version in a key set, in bytes, including reserved space for later releases.
/// `SEALWIRE_KEY_SET_SIZE` uses this constant.
pub const SEALWIRE_KEY_SIZE: usize = 256;
/// The size of a key set without its versions, in bytes, including space for alignment.
pub const SEALWIRE_KEY_SET_BASE_SIZE: usize = 256;

/// The header of a key set. The keys follow the header in memory.
#[repr(C, align(64))]
struct Head {
    tag: u64,
    count: usize,
    primary: u32,
}

type Held = Key<HmacSha256>;

/// The value of `Head::tag`, which distinguishes a key set from other memory. It is "sealkeys" in ASCII.
const TAG: u64 = u64::from_be_bytes(*b"sealkeys");

const _: () = assert!(size_of::<Held>() <= SEALWIRE_KEY_SIZE && align_of::<Held>() <= align_of::<Head>());
const _: () = assert!(size_of::<Head>() + align_of::<Head>() <= SEALWIRE_KEY_SET_BASE_SIZE);

/// Creates a key set in `memory` and writes its address to `*set`. The function does not use the heap.
/// `primary` is the version that signs. `memory` must have `SEALWIRE_KEY_SET_SIZE(version_count)` bytes and
/// can have any alignment. It can be a static array. The key set does not contain the secrets, so wipe them
/// with `sealwire_memzero`. Also wipe `memory` when the key set is no longer used.
///
/// Returns `SEALWIRE_STATUS_INVALID_KEY` if there is no version, a version is repeated, or the primary
/// version is missing. It also returns this status if a secret is empty, repeats a single byte, or has
/// fewer than 32 bytes while `allow_weak` is false. No other thread may use `memory` during the call.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_set_init(
    memory: *mut c_void,
    memory_size: usize,
    versions: *const sealwire_key_version,
    version_count: usize,
    primary: u32,
    allow_weak: bool,
    set: *mut *const sealwire_key_set,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid inputs, buffers and outputs.
        let versions = unsafe { slice(versions, version_count) }?;
        // SAFETY: as above.
        let (memory, out) = unsafe { (OutSlice::new(memory.cast::<u8>(), memory_size)?, Out::new(set)?) };
        // SAFETY: as above.
        match unsafe { write(memory, versions, primary, allow_weak) } {
            Ok(head) => out.write(head.cast()),
            Err(Refused::Call(failure)) => return Err(failure),
            Err(Refused::Key(reason)) => return Err(error.explain(sealwire_status::InvalidKey, &reason)),
        }
        Ok(())
    })
}

/// Returns the key set at `set`.
///
/// # Safety
/// `set` is NULL or was written by `sealwire_key_set_init`, and only this library writes to its memory
/// during the lifetime `'a`.
pub(crate) unsafe fn read_key_set<'a>(
    set: *const sealwire_key_set,
) -> Result<KeySet<'a, HmacSha256>, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let head: &Head = unsafe { reference(set.cast()) }?;
    if head.tag != TAG {
        return Err(sealwire_status::WrongHandle.into());
    }
    // SAFETY: the tag shows that `write` stored `count` keys after the header.
    let keys: &[Held] = unsafe { slice(set.cast::<Head>().wrapping_add(1).cast(), head.count) }?;
    KeySet::new(keys, head.primary).map_err(|_| sealwire_status::WrongHandle.into())
}

/// The reason why a key set is invalid.
enum Refused {
    Call(Failure),
    Key(KeyProblem),
}

/// The reason why a key is invalid. For a secret, it also contains the version.
enum KeyProblem {
    Secret(u32, SecretError),
    Set(KeySetError),
}

impl core::fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Secret(version, cause) => write!(f, "version {version}: {cause}"),
            Self::Set(cause) => cause.fmt(f),
        }
    }
}

/// Writes the keys and then the header. If a key is invalid, there is no header, so the memory is not a valid
/// key set.
///
/// # Safety
/// The secrets of `versions` can be read.
unsafe fn write(
    memory: OutSlice<u8>,
    versions: &[sealwire_key_version],
    primary: u32,
    allow_weak: bool,
) -> Result<*const Head, Refused> {
    let (head, keys) = places(memory.into_uninit(), versions.len())?;
    for (place, version) in keys.iter_mut().zip(versions) {
        // SAFETY: guaranteed by the caller of this function.
        let version = unsafe { version.read() }.map_err(Refused::Call)?;
        let key = Key::new(version.number, version.secret, strength(allow_weak));
        place.write(key.map_err(|cause| Refused::Key(KeyProblem::Secret(version.number, cause)))?);
    }
    // SAFETY: the loop wrote all keys.
    let keys: &[Held] = unsafe { slice(keys.as_ptr().cast(), versions.len()) }.map_err(Refused::Call)?;
    KeySet::new(keys, primary).map_err(|cause| Refused::Key(KeyProblem::Set(cause)))?;
    Ok(head.write(Head { tag: TAG, count: versions.len(), primary }))
}

/// Returns aligned memory for a header and `count` keys.
fn places(
    memory: &mut [MaybeUninit<u8>],
    count: usize,
) -> Result<(&mut MaybeUninit<Head>, &mut [MaybeUninit<Held>]), Refused> {
    let too_small = || Refused::Call(sealwire_status::BufferTooSmall.into());
    // SAFETY: any bytes are a valid `MaybeUninit` of any type.
    let (_, heads, _) = unsafe { memory.align_to_mut::<MaybeUninit<Head>>() };
    let (head, rest) = heads.split_first_mut().ok_or_else(too_small)?;
    // SAFETY: as above. The memory is converted to bytes first, because a direct `align_to_mut` from
    // headers to keys could skip more bytes than the alignment requires.
    let (_, bytes, _) = unsafe { rest.align_to_mut::<MaybeUninit<u8>>() };
    // SAFETY: as above.
    let (_, keys, _) = unsafe { bytes.align_to_mut::<MaybeUninit<Held>>() };
    Ok((head, keys.get_mut(..count).ok_or_else(too_small)?))
}

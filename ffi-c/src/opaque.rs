//! Handles. A handle is a pointer in C to an object of the library.

use crate::guard::guard;
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};

/// A C type whose contents are hidden.
pub(crate) trait Opaque {
    /// The Rust type of the contents.
    type Held;
    /// A number that identifies the type of a handle, and distinguishes handles from other memory.
    const TAG: u64;
}

/// The memory of a handle. The tag is the first member, because it must be at the same position in all
/// handle types.
#[repr(C)]
struct Handle<T> {
    tag: u64,
    held: T,
}

/// The tag of a freed handle. It makes the use of a freed handle detectable until the memory is reused.
const FREED: u64 = 0;

/// Passes ownership of an object to the caller.
pub(crate) fn give<O: Opaque>(held: O::Held, out: Out<*mut O>) {
    let handle = Box::new(Handle { tag: O::TAG, held });
    out.write(Box::into_raw(handle).cast());
}

/// Borrows the contents of a handle.
///
/// # Safety
/// `handle` is NULL or a handle of this library that is not freed during `'a`.
pub(crate) unsafe fn borrow<'a, O: Opaque>(handle: *const O) -> Result<&'a O::Held, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let handle = unsafe { checked(handle.cast_mut()) }?;
    // SAFETY: `give` created this handle with this type, as checked. The caller guarantees shared access.
    Ok(unsafe { &(*handle).held })
}

/// Mutably borrows the contents of a handle.
///
/// # Safety
/// The same as for [`borrow`]. In addition, no other thread uses the handle during `'a`.
pub(crate) unsafe fn borrow_mut<'a, O: Opaque>(handle: *mut O) -> Result<&'a mut O::Held, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let handle = unsafe { checked(handle) }?;
    // SAFETY: `give` created this handle with this type, as checked. The caller guarantees exclusive access.
    Ok(unsafe { &mut (*handle).held })
}

/// Changes the contents of a builder. Returns an error if the builder has already built its object.
///
/// # Safety
/// The same as for [`borrow_mut`].
pub(crate) unsafe fn change<O: Opaque<Held = Option<T>>, T>(
    builder: *mut O,
    change: impl FnOnce(&mut T) -> Result<(), Failure>,
) -> i32 {
    guard(|| {
        // SAFETY: guaranteed by the caller of this function.
        let held = unsafe { borrow_mut(builder) }?;
        change(held.as_mut().ok_or(sealwire_status::WrongState)?)
    })
}

/// Frees a handle. NULL is allowed.
///
/// # Safety
/// `handle` is NULL or a handle of this library that is not used afterwards.
pub(crate) unsafe fn free<O: Opaque>(handle: *mut O) -> Result<(), Failure> {
    if handle.is_null() {
        return Ok(());
    }
    // SAFETY: guaranteed by the caller of this function.
    let handle = unsafe { checked(handle) }?;
    // SAFETY: the handle has this type, as checked. The write is volatile, because the compiler would remove
    // an ordinary write before a free.
    unsafe { (&raw mut (*handle).tag).write_volatile(FREED) };
    // SAFETY: `give` created this handle from a box of this type. The tag shows that the handle was not freed
    // before.
    drop(unsafe { Box::from_raw(handle) });
    Ok(())
}

unsafe fn checked<O: Opaque>(handle: *mut O) -> Result<*mut Handle<O::Held>, Failure> {
    let handle: *mut Handle<O::Held> = handle.cast();
    if handle.is_null() {
        return Err(sealwire_status::NullPointer.into());
    }
    if !handle.is_aligned() {
        return Err(sealwire_status::WrongHandle.into());
    }
    // SAFETY: every handle begins with a tag. The read creates no reference to the other members, which may have another type.
    let tag = unsafe { (&raw const (*handle).tag).read() };
    if tag == O::TAG { Ok(handle) } else { Err(sealwire_status::WrongHandle.into()) }
}

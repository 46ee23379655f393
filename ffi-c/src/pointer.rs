//! From C's pointers to Rust's references, with every check that can be made.
//!
//! What cannot be checked is the caller's to keep, and stands in README.md: that a pointer points to as much
//! memory as its size says, and that nobody writes to it during the call.

use core::mem::MaybeUninit;

use crate::status::{Failure, sealwire_status};

/// Borrows what `pointer` points to.
///
/// # Safety
/// `pointer` is NULL or points to a `T` that is not written to for `'a`.
pub(crate) unsafe fn reference<'a, T>(pointer: *const T) -> Result<&'a T, Failure> {
    check(pointer)?;
    // SAFETY: not NULL and aligned, as checked; readable for 'a by this function's contract.
    Ok(unsafe { &*pointer })
}

/// Borrows `length` elements. NULL is fine when there are none: `from_raw_parts` must never see it.
///
/// # Safety
/// `pointer` is NULL or points to `length` elements that are not written to for `'a`.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, length: usize) -> Result<&'a [T], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    check(pointer)?;
    check_length::<T>(length)?;
    // SAFETY: not NULL, aligned and not longer than memory can be, as checked; readable for 'a by contract.
    Ok(unsafe { core::slice::from_raw_parts(pointer, length) })
}

/// Where a result goes once there is one: written at the end of a call, so that a failed one leaves it as it
/// was.
#[derive(Debug)]
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// # Safety
    /// `pointer` is NULL or points to memory for a `T` that only this call uses.
    pub(crate) unsafe fn new(pointer: *mut T) -> Result<Self, Failure> {
        check(pointer)?;
        Ok(Self(pointer))
    }

    /// A result the caller may not want.
    ///
    /// # Safety
    /// As [`Out::new`].
    pub(crate) unsafe fn optional(pointer: *mut T) -> Result<Option<Self>, Failure> {
        // SAFETY: this function's own contract.
        if pointer.is_null() { Ok(None) } else { unsafe { Self::new(pointer) }.map(Some) }
    }

    pub(crate) fn write(self, value: T) {
        // SAFETY: checked and promised in `new`; what was there before is C's and needs no drop.
        unsafe { self.0.write(value) };
    }
}

/// A buffer of the caller's, with its size.
#[derive(Debug)]
pub(crate) struct OutSlice<T> {
    start: *mut T,
    room: usize,
}

impl<T: Copy> OutSlice<T> {
    /// # Safety
    /// `start` is NULL or points to memory for `room` elements that only this call uses.
    pub(crate) unsafe fn new(start: *mut T, room: usize) -> Result<Self, Failure> {
        if room > 0 {
            check(start)?;
            check_length::<T>(room)?;
        }
        Ok(Self { start, room })
    }

    pub(crate) const fn start(&self) -> *const T {
        self.start
    }

    /// The buffer's elements, to be written one by one.
    pub(crate) fn into_uninit<'a>(self) -> &'a mut [MaybeUninit<T>] {
        if self.room == 0 {
            return &mut [];
        }
        // SAFETY: checked and promised in `new`; uninitialised memory is what `MaybeUninit` may hold.
        unsafe { core::slice::from_raw_parts_mut(self.start.cast(), self.room) }
    }

    /// Refuses what [`OutSlice::write`] would have no room for.
    pub(crate) const fn check_room(&self, wanted: usize) -> Result<(), Failure> {
        if wanted <= self.room { Ok(()) } else { Err(Failure::Usage(sealwire_status::BufferTooSmall)) }
    }

    pub(crate) fn write(self, values: &[T]) -> Result<(), Failure> {
        self.check_room(values.len())?;
        if !values.is_empty() {
            // SAFETY: there is room, as checked; the caller's memory and ours do not overlap.
            unsafe { self.start.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
        }
        Ok(())
    }
}

fn check<T>(pointer: *const T) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(sealwire_status::NullPointer.into());
    }
    if pointer.is_aligned() { Ok(()) } else { Err(sealwire_status::InvalidArgument.into()) }
}

/// Holds a length below what one object of C, and one slice of Rust, can be.
fn check_length<T>(length: usize) -> Result<(), Failure> {
    let bytes = length.checked_mul(size_of::<T>()).and_then(|bytes| isize::try_from(bytes).ok());
    bytes.map(|_| ()).ok_or(Failure::Usage(sealwire_status::InvalidArgument))
}

//! Converts C pointers to Rust references. The functions check that pointers are aligned and not NULL.
//!
//! README.md documents the obligations of the C caller: a pointer refers to as much memory as its size
//! declares, and the memory is not modified during the call.

use core::mem::MaybeUninit;

use crate::status::{Failure, sealwire_status};

/// Borrows the target of `pointer`.
///
/// # Safety
/// `pointer` is NULL or points to a `T` that is not modified during the lifetime `'a`.
pub(crate) unsafe fn reference<'a, T>(pointer: *const T) -> Result<&'a T, Failure> {
    check(pointer)?;
    // SAFETY: the pointer is not NULL and is aligned, as checked. By the contract of this function, it is
    // readable for 'a.
    Ok(unsafe { &*pointer })
}

/// Borrows `length` elements. NULL is allowed for zero elements. The function handles this case itself,
/// because NULL must not be passed to `from_raw_parts`.
///
/// # Safety
/// `pointer` is NULL or points to `length` elements that are not modified during the lifetime `'a`.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, length: usize) -> Result<&'a [T], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    check(pointer)?;
    check_length::<T>(length)?;
    // SAFETY: the pointer is not NULL and is aligned, and the length is possible, as checked. By the
    // contract of this function, the elements are readable for 'a.
    Ok(unsafe { core::slice::from_raw_parts(pointer, length) })
}

/// An output argument, which is written at the end of a call, so that a failed call leaves the output
/// unchanged.
#[derive(Debug)]
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// # Safety
    /// `pointer` is NULL or points to memory for a `T` that only this call uses.
    pub(crate) unsafe fn new(pointer: *mut T) -> Result<Self, Failure> {
        check(pointer)?;
        Ok(Self(pointer))
    }

    /// Creates an output that the caller may omit. Returns `None` for NULL.
    ///
    /// # Safety
    /// The same as for [`Out::new`].
    pub(crate) unsafe fn optional(pointer: *mut T) -> Result<Option<Self>, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        if pointer.is_null() { Ok(None) } else { unsafe { Self::new(pointer) }.map(Some) }
    }

    pub(crate) fn write(self, value: T) {
        // SAFETY: `new` checked the pointer, and the caller of `new` guarantees that the memory is valid. The previous
        // contents are C data, which do not have to be dropped.
        unsafe { self.0.write(value) };
    }
}

/// A buffer that belongs to the caller, with its capacity.
#[derive(Debug)]
pub(crate) struct OutSlice<T> {
    start: *mut T,
    capacity: usize,
}

impl<T: Copy> OutSlice<T> {
    /// # Safety
    /// `start` is NULL or points to memory for `capacity` elements that only this call uses.
    pub(crate) unsafe fn new(start: *mut T, capacity: usize) -> Result<Self, Failure> {
        if capacity > 0 {
            check(start)?;
            check_length::<T>(capacity)?;
        }
        Ok(Self { start, capacity })
    }

    pub(crate) const fn start(&self) -> *const T {
        self.start
    }

    /// Returns the uninitialised elements of the buffer.
    pub(crate) fn into_uninit<'a>(self) -> &'a mut [MaybeUninit<T>] {
        if self.capacity == 0 {
            return &mut [];
        }
        // SAFETY: `new` checked the pointer, and the caller of `new` guarantees that the memory is valid. Uninitialised memory is a valid
        // `MaybeUninit`.
        unsafe { core::slice::from_raw_parts_mut(self.start.cast(), self.capacity) }
    }

    /// Returns an error if the buffer has fewer than `wanted` elements.
    pub(crate) const fn check_capacity(&self, wanted: usize) -> Result<(), Failure> {
        if wanted <= self.capacity { Ok(()) } else { Err(Failure::Usage(sealwire_status::BufferTooSmall)) }
    }

    pub(crate) fn write(self, values: &[T]) -> Result<(), Failure> {
        self.check_capacity(values.len())?;
        if !values.is_empty() {
            // SAFETY: the buffer is large enough, as checked. The memory of the caller and of this library do
            // not overlap.
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

/// Checks that a slice of this length does not exceed the address space.
fn check_length<T>(length: usize) -> Result<(), Failure> {
    let bytes = length.checked_mul(size_of::<T>()).and_then(|bytes| isize::try_from(bytes).ok());
    bytes.map(|_| ()).ok_or(Failure::Usage(sealwire_status::InvalidArgument))
}

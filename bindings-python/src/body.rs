//! Request and response bodies, which are Python objects that support the buffer protocol.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyString};

/// The minimum size, in bytes, of a body for which the interpreter is released during hashing. Releasing
/// and reacquiring the interpreter takes about a microsecond if other threads wait for it. Hashing a
/// smaller body takes less time than this. The limit is 2,047 bytes in the blake3 package and 2,048 bytes
/// in hashlib.
pub(crate) const DETACH_FROM_BYTES: usize = 2048;

/// The bytes of a body, which cannot change while Rust code reads them.
pub(crate) enum Body<'py> {
    Empty,
    Borrowed(Bound<'py, PyBytes>),
    Backed(PyBackedBytes),
    /// A copy of a writable buffer. The application could otherwise change the buffer after it is hashed.
    Copied(Vec<u8>),
}

impl<'py> Body<'py> {
    /// Borrows the data of `bytes` and copies the contiguous buffer of any other object. `None` is an empty
    /// body.
    ///
    /// # Errors
    /// Returns a `TypeError` for other objects, including `str`, because the encoding of the text is unknown.
    pub(crate) fn read(object: Option<&Bound<'py, PyAny>>) -> PyResult<Self> {
        let Some(object) = object else { return Ok(Self::Empty) };
        if let Ok(bytes) = object.cast_exact::<PyBytes>() {
            return Ok(Self::Borrowed(bytes.clone()));
        }
        if object.is_none() {
            return Ok(Self::Empty);
        }
        if object.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err(
                "the body is text; pass the bytes that are sent, as text.encode()",
            ));
        }
        if let Ok(bytes) = object.extract::<PyBackedBytes>() {
            return Ok(Self::Backed(bytes));
        }
        let buffer = PyBuffer::<u8>::get(object).map_err(|_| {
            PyTypeError::new_err("the body must be bytes or another object with a buffer of bytes")
        })?;
        Ok(Self::Copied(buffer.to_vec(object.py())?))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Empty => &[],
            Self::Borrowed(bytes) => bytes.as_bytes(),
            Self::Backed(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}

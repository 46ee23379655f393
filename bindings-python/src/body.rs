//! Bodies: objects that support the buffer protocol.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyString};

/// The minimum size for releasing the interpreter while hashing. Releasing and reacquiring it takes about a
/// microsecond if other threads wait, which is longer than hashing fewer bytes. BLAKE3 and hashlib use 2,047
/// and 2,048.
pub(crate) const DETACH_FROM_BYTES: usize = 2048;

/// The bytes of a body, which do not change while they are read.
pub(crate) enum Body<'py> {
    Empty,
    Borrowed(Bound<'py, PyBytes>),
    Backed(PyBackedBytes),
    /// A copy of a writable buffer, which could change between hashing and use.
    Copied(Vec<u8>),
}

impl<'py> Body<'py> {
    /// Reads `bytes` in place, and copies any other object with a contiguous buffer. `None` is an empty body.
    ///
    /// # Errors
    /// `TypeError` for any other object, including text, because its encoding is unknown.
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
